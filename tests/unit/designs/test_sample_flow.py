"""From results to the rows that an estimate stands on: nothing is lost between two steps without a count."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.unit.designs.growth_frames import Plan, exposure, made_up_growth, study
from transforms.designs.estimate import estimate_designs
from transforms.designs.settings import DesignSettings


@pytest.fixture(scope="module")
def records():
    growth = made_up_growth(Plan(schools=8, teachers=4, students=5, years=3, seed=2))
    connection = study(growth, exposure(growth))
    outcomes = growth.assign(has_growth_window=True)
    newcomers = outcomes.head(30).assign(
        student_id=[f"new{i}" for i in range(30)], has_growth_window=False, prior_score_sd=None
    )
    connection.register("outcomes", pd.concat([outcomes, newcomers]))
    connection.execute("create table frames.student_growth as from outcomes")
    connection.execute("create table frames.student_teacher_link as from outcomes where has_growth_window")
    return estimate_designs(connection, DesignSettings(), "b1"), growth


def steps_of(records, design):
    return [row for row in records[0]["estimates.effect_sample"] if row["design"] == design]


def test_steps_count_results_students_teachers_and_schools(records) -> None:
    steps = {row["step"]: row for row in steps_of(records, "adjusted")}
    n = 8 * 4 * 5 * 3
    assert steps["results"]["n_rows"] == n + 30
    assert steps["with a prior score"]["n_rows"] == n
    last = steps["growth over about a school year"]
    assert (last["n_rows"], last["n_students"], last["n_staff"], last["n_schools"]) == (n, n, 32, 8)
    took_part = records[1][records[1]["coaching"] > 0]
    assert steps["of teachers in years in which they took part"]["n_rows"] == len(took_part)
    assert steps["of teachers in years in which they took part"]["n_staff"] == took_part["staff_id"].nunique()


def test_within_teacher_keeps_those_who_changed(records) -> None:
    growth = records[1]
    shares = growth.groupby("staff_id")["coaching"].agg(lambda hours: (hours > 0).mean())
    changed = shares[(shares > 0) & (shares < 1)].index
    steps = {row["step"]: row for row in steps_of(records, "within_teacher")}
    kept = steps["of teachers who took part in some years and not in others"]
    assert kept["n_staff"] == len(changed)
    assert kept["n_rows"] == growth["staff_id"].isin(changed).sum()
    rows = [row["n_rows"] for row in steps_of(records, "within_teacher")]
    assert rows == sorted(rows, reverse=True)


def test_panel_has_a_row_for_each_teacher_and_year_that_keeps_the_planted_growth(records) -> None:
    panel = pd.DataFrame(records[0]["estimates.teacher_year_growth"])
    assert len(panel) == 8 * 4 * 3
    assert np.average(panel["growth_sd"], weights=panel["weight"]) == pytest.approx(0, abs=1e-9)
    assert (panel["n_students"] == 5).all()
    growth = records[1]
    plain = (
        (growth["score_sd"] - 0.7 * growth["prior_score_sd"])
        .groupby([growth["staff_id"], growth["school_year"]])
        .mean()
    )
    joined = panel.set_index(["staff_id", "school_year"])["growth_sd"]
    assert np.corrcoef(joined, plain.loc[joined.index])[0, 1] > 0.9


def test_formula_that_ran_is_kept(records) -> None:
    models = {(row["design"], row["contrast"]): row for row in records[0]["estimates.model"]}
    formula = models["within_teacher", "participated"]["formula"]
    assert formula.startswith("score_sd ~ prior + prior_2 + prior_3")
    assert "participated:coaching" in formula
    assert formula.endswith("| teacher in school")
    assert models["adjusted", "per_10_hours"]["formula"].endswith("(1 | school/teacher/teacher_year)")
    assert models["adjusted", "per_10_hours"]["n_rows"] == 8 * 4 * 5 * 3
