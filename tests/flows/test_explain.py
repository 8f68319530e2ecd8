"""``pdeval explain``: an estimate of a published build, in text and as JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from flows import nightly
from flows.explain import effects_text, explained, explanation_text, listed_effects
from flows.settings import StudySettings, load_settings
from tests.flows.pipeline import estimate_and_publish
from transforms.errors import UsageError
from transforms.simulate import DistrictPlan, simulate_district


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> StudySettings:
    folder = tmp_path_factory.mktemp("explained")
    simulate_district(DistrictPlan(n_students=900, n_years=4), folder)
    settings = load_settings(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nightly, "run_flow", estimate_and_publish)
        nightly.run_study(settings)
    return settings


def test_list_has_every_estimate_with_its_id(settings: StudySettings) -> None:
    effects = listed_effects(settings)
    text = effects_text(effects)
    assert len(text.splitlines()) == 1 + len(effects)
    assert all(row["effect_id"] in text for row in effects)


def test_explanation_names_model_sample_sql_and_versions(settings: StudySettings) -> None:
    row = next(
        row
        for row in listed_effects(settings)
        if row["design"] == "within_teacher" and row["estimate_sd"] is not None and row["subgroup"] == "all"
    )
    found = explained(settings, row["effect_id"])
    text = explanation_text(found)
    assert f"{row['estimate_sd']:+.4f} SD" in text
    assert "score_sd ~ prior + prior_2 + prior_3" in text
    assert "results left out" in text
    assert "sql/frames/growth_analysis.sql (as it was built)" in text
    assert "window_end - growth.window_start >= $minimum_design_days" in text
    assert "duckdb 2.0.0" in text
    assert found.build["build_id"] in text
    assert found.steps[0]["step"] == "results"


def test_unknown_estimate_is_one_line_and_exit_code_2(settings: StudySettings) -> None:
    with pytest.raises(UsageError, match="no estimate nothing in this build"):
        explained(settings, "nothing")
    command = [sys.executable, "-c", "from flows.cli import main; main()", "explain", str(settings.folder)]
    done = subprocess.run([*command, "nothing"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == (
        "pdeval: no estimate nothing in this build: pdeval explain STUDY without an id lists them\n"
    )
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert len(json.loads(done.stdout)["effects"]) == len(listed_effects(settings))


def test_study_without_a_build_is_said(tmp_path: Path) -> None:
    simulate_district(DistrictPlan(n_students=200, n_years=2), tmp_path)
    with pytest.raises(UsageError, match="no published build yet"):
        listed_effects(load_settings(tmp_path))
