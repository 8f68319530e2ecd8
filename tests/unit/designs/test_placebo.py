"""The placebo outcome: growth of the year before."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.unit.designs.growth_frames import Plan, exposure, made_up_growth, study
from transforms.designs.panel import DesignRefusedError, TeacherPanel
from transforms.designs.panel_sums import panel_sums
from transforms.designs.placebo import lagged_panel, placebo_estimates, year_before
from transforms.designs.sample import make_design_rows, read_sample
from transforms.designs.settings import DesignSettings
from transforms.designs.teacher_panel import teacher_panel


def panel_of(growth: pd.DataFrame) -> TeacherPanel:
    connection = study(growth, exposure(growth))
    make_design_rows(connection, "mathematics")
    return teacher_panel(read_sample(connection, "mathematics", DesignSettings()))


def small_panel() -> TeacherPanel:
    """Teacher 0 in schools 0 and 1 in 2024, in school 0 in 2025; teacher 1 in 2023 and 2025."""
    return TeacherPanel(
        academic_subject="mathematics",
        subgroup="all",
        types=("coaching",),
        staff_ids=np.array(["a", "b"], dtype=object),
        school_ids=np.array(["x", "y"], dtype=object),
        teacher=np.array([0, 0, 0, 1, 1]),
        school=np.array([0, 1, 0, 1, 1]),
        school_year=np.array([2024, 2024, 2025, 2023, 2025]),
        weight=np.array([10.0, 30.0, 20.0, 20.0, 20.0]),
        n_students=np.array([10, 30, 20, 20, 20]),
        growth_sd=np.array([0.1, 0.5, 0.9, 0.2, 0.3]),
        prior_mean_sd=np.zeros(5),
        hours=np.array([[4.0], [8.0], [6.0], [0.0], [5.0]]),
        years_experience=np.full(5, np.nan),
    )


def test_growth_of_the_year_before_is_the_weighted_mean_over_schools() -> None:
    before = year_before(small_panel())
    # only teacher 0 has a school year directly before 2025
    assert before.rows.tolist() == [False, False, True, False, False]
    assert before.growth_sd.tolist() == pytest.approx([0.4])  # (10 x .1 + 30 x .5) / 40
    assert before.hours.tolist() == [[7.0]]  # (10 x 4 + 30 x 8) / 40
    lagged = lagged_panel(small_panel())
    assert (lagged.growth_sd.tolist(), lagged.weight.tolist()) == (pytest.approx([0.4]), [40.0])
    assert lagged.hours.tolist() == [[6.0]]


def test_sums_of_a_panel_agree_with_themselves() -> None:
    panel = panel_of(made_up_growth(Plan(years=3, seed=1)))
    sums = panel_sums(panel, {"hours": panel.hours[:, 0]})
    sums.verify()
    assert sums.n_groups == (len(panel.weight), 96, 16)


def test_within_teacher_placebo_equals_weighted_least_squares_with_dummies() -> None:
    panel = panel_of(made_up_growth(Plan(schools=8, years=4, seed=2)))
    found = placebo_estimates(panel, "participated", "within_teacher")["coaching"]
    before, lagged = year_before(panel), lagged_panel(panel)
    x = np.column_stack(
        [
            lagged.hours[:, 0] > 0,
            before.hours[:, 0] > 0,
            pd.get_dummies(lagged.school_year).iloc[:, 1:],
            pd.get_dummies(lagged.teacher),
        ]
    ).astype(float)
    root = np.sqrt(lagged.weight)
    params, *_ = np.linalg.lstsq(x * root[:, None], lagged.growth_sd * root, rcond=None)
    assert found.estimate_sd == pytest.approx(params[0], rel=1e-8)
    assert found.n_rows == len(lagged.weight)


def test_adjusted_placebo_compares_teachers_of_the_same_school() -> None:
    panel = panel_of(made_up_growth(Plan(schools=8, years=3, seed=2)))
    found = placebo_estimates(panel, "per_10_hours", "adjusted")["coaching"]
    before, lagged = year_before(panel), lagged_panel(panel)
    hours = pd.Series(lagged.hours[:, 0] / 10)
    total = (hours * lagged.weight).groupby(lagged.school).transform("sum")
    mean = total / pd.Series(lagged.weight).groupby(lagged.school).transform("sum")
    x = np.column_stack(
        [
            hours - mean,
            mean,
            before.hours[:, 0] / 10,
            lagged.school_year == 2025,
            np.ones(len(mean)),
        ]
    ).astype(float)
    root = np.sqrt(lagged.weight)
    params, *_ = np.linalg.lstsq(x * root[:, None], lagged.growth_sd * root, rcond=None)
    assert found.estimate_sd == pytest.approx(params[0], rel=1e-8)


def selected(seed: int, pull: float) -> TeacherPanel:
    """Better teachers take part more often, by ``pull``; hours have an effect of .2 per 10."""
    growth = made_up_growth(Plan(schools=24, years=4, effect=0.0, seed=seed))
    rng = np.random.default_rng(seed)
    teachers = growth["staff_id"].unique()
    quality = pd.Series(rng.normal(0, 0.3, len(teachers)), index=teachers)
    taught = growth[["staff_id", "school_year"]].drop_duplicates()
    chance = 1 / (1 + np.exp(-pull * quality[taught["staff_id"]].to_numpy() / 0.3))
    taught["hours"] = (rng.random(len(taught)) < chance) * rng.uniform(5, 25, len(taught))
    growth = growth.merge(taught, on=["staff_id", "school_year"])
    growth["coaching"] = growth.pop("hours")
    growth["score_sd"] += quality[growth["staff_id"]].to_numpy() + 0.2 * growth["coaching"] / 10
    return panel_of(growth)


def test_selection_of_better_teachers_shows_in_adjusted_and_not_within_teachers() -> None:
    panel = selected(seed=3, pull=1.0)
    assert placebo_estimates(panel, "participated", "adjusted")["coaching"].p_value < 0.001
    within = placebo_estimates(panel, "participated", "within_teacher")["coaching"]
    assert abs(within.estimate_sd) < 3 * within.std_error


def test_true_effect_of_hours_by_lot_is_no_placebo_effect() -> None:
    """2 designs of 10 studies: 5 rejections at 5 % or more have a probability of about .003."""
    rejected = 0
    for seed in range(10):
        panel = selected(seed=20 + seed, pull=0.0)
        for design in ("adjusted", "within_teacher"):
            rejected += placebo_estimates(panel, "per_10_hours", design)["coaching"].p_value < 0.05
    assert rejected < 5


def test_single_year_has_no_year_before() -> None:
    panel = panel_of(made_up_growth(Plan(seed=1)))
    with pytest.raises(DesignRefusedError, match="0 schools have teachers with a school year before"):
        placebo_estimates(panel, "participated", "adjusted")
