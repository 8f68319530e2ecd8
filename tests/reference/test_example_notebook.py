"""examples/recompute_an_estimate.py, cell by cell: pyfixest finds in the frames what was published."""

from __future__ import annotations

import re
import sys
from dataclasses import asdict
from pathlib import Path

import pandas as pd
import pytest

from expectations.outputs import OUTPUTS
from tests.spec.evaluators_build import MODEL, create_build, fill
from tests.unit.designs.growth_frames import Plan, exposure, made_up_growth, regressed, study
from transforms.designs.settings import DesignSettings

NOTEBOOK = Path(__file__).parents[2] / "examples/recompute_an_estimate.py"
FRAMES = ("frames.growth_analysis", "frames.teacher_year_exposure")


def co_taught(growth: pd.DataFrame) -> pd.DataFrame:
    """Every seventh student has a second teacher of the same school, for a quarter of the instruction."""
    shared = growth.iloc[::7].assign(roster_weight=0.25)
    shared["staff_id"] = shared["staff_id"].str.replace(r"-\d+$", "-0", regex=True)
    shared = shared[shared["staff_id"] != growth.loc[shared.index, "staff_id"]]
    growth = growth.copy()
    growth.loc[shared.index, "roster_weight"] = 0.75
    return pd.concat([growth, shared])


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Frames of a made-up study and the estimates that the design within_teacher finds in them."""
    own = made_up_growth(Plan(schools=8, teachers=5, students=8, years=3))
    workshops = own.assign(workshop_series=own["coaching"].sample(frac=1, random_state=1).to_numpy())
    hours = workshops.groupby(["staff_id", "school_year"])["workshop_series"].transform("first")
    coaching = exposure(own).assign(other_hours=lambda rows: rows["aligned_hours"] % 4)
    frames = study(co_taught(own), coaching, exposure(own.assign(workshop_series=hours), "workshop_series"))
    settings = DesignSettings(covariates=tuple(MODEL["covariates"]))
    effects, _ = regressed(frames, settings, "within_teacher")
    path = tmp_path_factory.mktemp("notebook") / "pdeval.duckdb"
    connection = create_build(path)
    names = OUTPUTS["estimates.effect"].column_names
    rows = [{k: v for k, v in asdict(effect).items() if k in names} for effect in effects]
    fill(connection, "estimates.effect", *rows)
    for table in FRAMES:
        connection.register("given", frames.execute(f"from {table}").to_arrow_table())
        connection.execute(f"insert into {table} by name from given")
    connection.close()
    return path


def cells() -> list[str]:
    """The code of each cell; a cell of words is none."""
    parts = re.split(r"^# %%(.*)$", NOTEBOOK.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [code for kind, code in zip(parts[1::2], parts[2::2], strict=True) if "markdown" not in kind]


@pytest.mark.parametrize("contrast", ["per_10_hours", "participated"])
@pytest.mark.filterwarnings("ignore::UserWarning")  # pyfixest names the indicators that it drops
def test_every_cell_runs_and_the_published_estimates_come_out(
    database: Path, contrast: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [NOTEBOOK.name, str(database)])
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    assert len(cells()) >= 7
    for code in cells():
        exec(code.replace('"per_10_hours"  # or', f'"{contrast}"  # or'), names)
    own = names["own"]
    assert names["CONTRAST"] == contrast
    assert isinstance(own, pd.DataFrame)
    assert list(own["pd_type"]) == ["coaching", "workshop_series"]
    assert own["difference"].abs().max() < 1e-8
    assert own["estimate_sd"].abs().max() > 0.05
    assert (tmp_path / "recomputed.svg").read_text(encoding="utf-8").startswith("<svg")


def test_another_number_than_the_published_one_is_not_passed_over(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [NOTEBOOK.name, str(database)])
    monkeypatch.chdir(tmp_path)
    code = "".join(cells())
    assert code.count("sum(share * aligned_hours)") == 1
    with pytest.raises(AssertionError, match="not the published estimates"):
        exec(code.replace("sum(share * aligned_hours)", "max(aligned_hours)"), {})
