"""``pdeval power``: what next year needs, and what cannot be asked."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from tests.flows.commands import Run
from tests.flows.test_cli import STUDY
from tests.unit.designs.growth_frames import Plan as StudyPlan
from tests.unit.designs.growth_frames import made_up_growth
from tests.unit.designs.test_power import build_of


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with a published build: 96 teachers in its last year, 48 of whom were coached."""
    folder = tmp_path_factory.mktemp("study")
    (folder / "study.toml").write_text(STUDY)
    (folder / "warehouse").mkdir()
    connection = build_of(made_up_growth(StudyPlan(years=2, seed=5)))
    connection.execute(f"attach '{folder / 'warehouse' / 'pdeval.duckdb'}' as published")
    connection.execute("copy from database memory to published")
    connection.close()
    return folder


def test_a_type_has_its_figures_and_a_sentence(study: Path, pdeval: Run) -> None:
    ended = pdeval("power", study, "--effect", "0.4")
    assert ended.exit_code == 0
    headline, figures, sentence = ended.out.splitlines()
    assert headline.split() == ["PD", "TYPE", "SUBJECT", "NEEDED", "OF", "LAST", "YEAR", "HOURS"]
    pd_type, subject, needed, of, last_year, _ = figures.split()
    assert (pd_type, subject, of, last_year) == ("coaching", "mathematics", "96", "48")
    assert sentence.strip().startswith(f"{needed} of 96 teachers, ")
    assert "find an effect of 0.4 SD with a power of 80 %; the 48 of last year find " in sentence


def test_json_has_the_same(study: Path, pdeval: Run) -> None:
    facts = json.loads(pdeval("power", study, "--effect", "0.4", "--json").out)
    (plan,) = facts["plans"]
    assert facts["power"] == 0.8
    assert plan["effect_sd"] == 0.4
    assert plan["sentence"].startswith(f"{plan['teachers_needed']} of 96 teachers")


def test_what_cannot_be_planned_is_said_and_is_no_failure(study: Path, pdeval: Run) -> None:
    ended = pdeval("power", study, "--pd-type", "coaching", "--subject", "mathematics", "--effect", "0.001")
    assert ended.exit_code == 0
    assert "cannot be planned: even half of the 96 teachers find no less than " in ended.out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--pd-type", "couching"), "--pd-type couching: the published build has coaching"),
        (("--subject", "art"), "--subject art: the published build has mathematics"),
        (("--effect", "0"), "--effect 0: should be a number of standard deviations above 0"),
        (("--effect", "nan"), "--effect nan: should be a number of standard deviations above 0"),
    ],
)
def test_what_is_not_in_the_build_is_a_usage_error(
    study: Path, pdeval: Run, options: tuple[str, str], said: str
) -> None:
    ended = pdeval("power", study, *options)
    assert (ended.exit_code, ended.out) == (2, "")
    assert ended.err == f"pdeval: {said}\n"


def test_without_a_published_build_the_run_comes_first(tmp_path: Path, pdeval: Run) -> None:
    (tmp_path / "study.toml").write_text(STUDY)
    ended = pdeval("power", tmp_path)
    assert ended.exit_code == 2
    assert "Riverbend: nothing is published in" in ended.err
    assert "comes first" in ended.err


def test_a_build_of_an_earlier_version_is_to_be_run_again(tmp_path: Path, pdeval: Run) -> None:
    (tmp_path / "study.toml").write_text(STUDY)
    (tmp_path / "warehouse").mkdir()
    duckdb.connect(tmp_path / "warehouse" / "pdeval.duckdb").close()
    ended = pdeval("power", tmp_path)
    assert ended.exit_code == 2
    assert "the published build is of an earlier version" in ended.err
