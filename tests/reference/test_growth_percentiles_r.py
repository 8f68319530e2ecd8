"""Growth percentiles against R: the SGP rule written with quantreg, and the SGP package's own results."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.unit.growth.cohorts import growth_database
from transforms.growth.norm import fit_norm
from transforms.growth.splines import knots_of
from transforms.growth.student_percentiles import compute_growth_percentiles

REFERENCE = Path(__file__).parents[1] / "data" / "sgp_reference.csv"
# Third-party data that is not part of the project: results of the SGP package for its made-up state.
SGP_DATA = (
    Path(os.environ.get("PDEVAL_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data")) / "sgp_reading"
)


@pytest.mark.parametrize("n_priors", [1, 2])
def test_percentiles_equal_those_of_quantreg(n_priors):
    frame = pd.read_csv(REFERENCE).astype(float)
    priors = frame[["prior_1", "prior_2"]].to_numpy()[:, :n_priors]
    scores = frame.score.to_numpy()
    norm = fit_norm(priors, scores, np.ones(len(scores)), tuple(knots_of(column) for column in priors.T))
    difference = np.abs(norm.percentiles(priors, scores) - frame[f"sgp_{n_priors}"])
    # ties and ceilings leave quantiles that are not unique: R's vertex may be another
    assert (difference == 0).mean() >= 0.99
    assert difference.max() <= 1


@pytest.fixture(scope="module")
def sgp_state():
    """All students of the SGP package's reading data, with up to four priors of 2025."""
    if not SGP_DATA.exists():
        pytest.skip("the SGP package's data are not on this machine")
    wide = pd.read_csv(SGP_DATA / "sgpData.csv.gz")
    years = [
        pd.DataFrame(
            {
                "student_id": wide.ID.astype(str),
                "school_year": year,
                "grade_level": wide[f"GRADE_{year}"],
                "scale_score": wide[f"SS_{year}"],
                "score_sem": np.nan,
            }
        ).dropna(subset=["grade_level", "scale_score"])
        for year in range(2021, 2026)
    ]
    connection = growth_database(pd.concat(years), 4)
    connection.execute("delete from frames.growth_history where school_year < 2025")
    # the package's own default
    compute_growth_percentiles(connection, minimum_norm_group=1000, baseline_years=(), stored=None)
    return connection


def test_every_percentile_of_the_sgp_package_is_met(sgp_state):
    found = sgp_state.execute(
        "select student_id, grade_level, n_priors, sgp from estimates.growth_percentile"
    ).df()
    theirs = pd.read_csv(SGP_DATA / "sgpData_wide_READING_2025_sgp.csv.gz").dropna(subset=["SGP"])
    theirs["student_id"] = theirs.ID.astype(str)
    both = found.merge(theirs, on="student_id", how="outer", indicator=True)
    assert (both["_merge"] == "both").all()
    both["difference"] = (both.sgp - both.SGP).abs()
    for (grade, n_priors), cell in both.groupby(["grade_level", "n_priors"]):
        assert (cell.difference == 0).mean() >= 0.99, (grade, n_priors)
        assert cell.difference.max() <= 1, (grade, n_priors)


def test_knots_and_boundaries_of_the_sgp_package_are_met(sgp_state):
    theirs = pd.read_csv(SGP_DATA / "sgpData_wide_READING_2025_knots_boundaries.csv")
    wanted = {name: rows.sort_values("i").value.tolist() for name, rows in theirs.groupby("name")}
    found = sgp_state.execute("select * from estimates.percentile_knot").df()
    assert found.grade_level.tolist() == sorted(found.grade_level)
    for row in found.itertuples():
        grade = row.grade_level
        assert [row.knot_20, row.knot_40, row.knot_60, row.knot_80] == wanted[f"knots_{grade}"]
        assert [row.boundary_low, row.boundary_high] == wanted[f"boundaries_{grade}"]
        assert [row.lowest_score, row.highest_score] == wanted[f"loss.hoss_{grade}"]
