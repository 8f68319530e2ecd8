"""Growth around a change of principal: a planted change is found, none is not, and words are about"
" schools."""

from __future__ import annotations

import duckdb
import numpy as np
import pytest

from transforms.designs.event_study import event_study_estimate
from transforms.improvement.leader_change import in_schools, leader_changes, school_panel

YEARS = range(2021, 2026)


def schools(effect: float, seed: int) -> duckdb.DuckDBPyConnection:
    """40 schools, 15 of them with a new principal from 2023 or 2024 on; error of 0.05 SD a school and"
    " year."""
    rng = np.random.default_rng(seed)
    connection = duckdb.connect()
    connection.execute(
        "create table school_growth_year (academic_subject text, school_id text, school_year int, weight"
        " double,"
        " n_students int, growth_sd double, prior_mean_sd double, is_after_change boolean)"
    )
    rows = []
    for school in range(40):
        level = rng.normal(0, 0.2)
        change = 2023 + school % 2 if school < 15 else 9999
        for year in YEARS:
            growth = level + rng.normal(0, 0.05) + (effect if year >= change else 0.0)
            rows.append(("ela", f"S{school:02d}", year, 100.0, 100, growth, 0.0, year >= change))
    connection.executemany("insert into school_growth_year values (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    return connection


def average(rows: list[dict[str, object]]) -> dict[str, object]:
    return next(row for row in rows if row["period"] == "average")


def test_a_planted_change_is_found_and_leads_are_flat() -> None:
    connection = schools(0.3, 1)
    rows = leader_changes(connection)
    found = average(rows)
    assert 0.0 < float(found["ci_low"]) <= 0.3 <= float(found["ci_high"])  # type: ignore[arg-type]
    assert (found["n_schools"], found["n_compared"]) == (
        15,
        32,
    )  # 25 never, and 7 of 2024 when 8 change in 2023
    leads = next(row for row in rows if row["period"] == "leads")
    assert float(leads["p_value"]) > 0.05  # type: ignore[arg-type]
    # the same number as the design of the same name gives for these units
    theirs = event_study_estimate(school_panel(connection, "ela"), 0, 10)
    assert found["estimate_sd"] == pytest.approx(theirs.estimate_sd)
    assert found["std_error"] == pytest.approx(theirs.std_error)


def test_a_year_with_few_changed_schools_has_no_interval() -> None:
    connection = schools(0.0, 2)
    connection.execute(
        "delete from school_growth_year where school_year = 2025 and school_id between 'S00' and 'S11'"
    )
    rows = leader_changes(connection)
    few = [row for row in rows if row["period"] == "lag" and row["n_schools"] < 5]  # type: ignore[operator]
    assert few
    assert all("estimate_sd" not in row and row["note"] for row in few)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (
            "3 teachers start with a year before it, fewer than 10",
            "3 schools change with a year before it, fewer than 10",
        ),
        (
            "8 teachers have not started when others do, fewer than 10",
            "8 schools have not changed when others do, fewer than 10",
        ),
        (
            "2 teachers who took part in the first year seen left out",
            "2 schools whose principal changed in their first year seen left out",
        ),
        (
            "no year after a start has 10 teachers who have not started, seen in both",
            "no year after a change has 10 schools that have not changed, seen in both",
        ),
        (
            "one school year, so that nobody has a year before the start",
            "one school year, so that no school has a year before the change",
        ),
        (
            "4 teachers who start are seen in the year before and later, fewer than 10",
            "4 schools that change are seen in the year before and later, fewer than 10",
        ),
    ],
)
def test_what_the_event_study_says_of_teachers_is_said_of_schools(said: str, meant: str) -> None:
    assert in_schools(said) == meant
