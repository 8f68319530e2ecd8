"""How many teachers next year needs."""

from __future__ import annotations

import math
from dataclasses import asdict, replace

import duckdb
import numpy as np
import pandas as pd
import pytest

from expectations.outputs import OUTPUTS
from tests.unit.designs.growth_frames import Plan as StudyPlan
from tests.unit.designs.growth_frames import exposure, made_up_growth, study
from transforms.designs.calibration import calibrate_regressions
from transforms.designs.estimate import finished, panel_records
from transforms.designs.power import (
    Plan,
    TeacherYears,
    contrast_variance,
    information,
    multiplier,
    plans,
    teacher_variance,
    teachers_needed,
)
from transforms.designs.regressions import CONTRASTS, estimate_regression
from transforms.designs.sample import DesignSample, make_design_rows, read_sample
from transforms.designs.settings import DesignSettings
from transforms.designs.teacher_panel import teacher_panel

SETTINGS = DesignSettings()


def test_detectable_effect_is_that_of_blooms_formula() -> None:
    # 20 clusters of 250 pupils, rho .01, half treated, 18 df:
    # 2.963 x sqrt((.01 + .99 / 250) / (.5 x .5 x 20)) = .15656
    tau = teacher_variance({"teacher": 0.01, "residual": 0.99}, students=250.0)
    found = multiplier(18.0) * math.sqrt(contrast_variance(tau, 10, 20))
    assert found == pytest.approx(0.15656, abs=5e-6)


def test_teachers_needed_is_the_smallest_number_that_is_enough() -> None:
    # n (N - n) / N of 100 teachers: 20 x 80 / 100 = 16, 19 x 81 / 100 = 15.4
    assert teachers_needed(100, 16.0) == 20
    assert teachers_needed(100, 15.5) == 20
    assert teachers_needed(100, 25.0) == 50
    assert teachers_needed(100, 25.1) is None
    # 51 teachers: 25 x 26 / 51 = 12.745 is the most whole teachers give
    assert teachers_needed(51, 12.74) == 25
    assert teachers_needed(51, 12.75) is None


def test_information_is_that_of_generalised_least_squares() -> None:
    rng = np.random.default_rng(1)
    teacher, school = np.repeat(np.arange(12), 3), np.repeat(np.arange(3), 12)
    hours, students = rng.integers(0, 2, 36) * 8.0, rng.uniform(10, 30, 36)
    years = TeacherYears(teacher, school, np.tile([2023, 2024, 2025], 12), students, hours)
    components = {"teacher": 0.03, "teacher_year": 0.01, "residual": 0.5}
    same = teacher[:, None] == teacher
    inverse = np.linalg.inv(0.03 * same + np.diag(0.01 + 0.5 / students))
    x = np.column_stack([hours > 0, *(school == s for s in range(3))]).astype(float)
    expected = 1.0 / np.linalg.inv(x.T @ inverse @ x)[0, 0]
    assert information(years, components) == pytest.approx(expected)


def sample_of(connection: duckdb.DuckDBPyConnection) -> DesignSample:
    make_design_rows(connection, "mathematics")
    return read_sample(connection, "mathematics", SETTINGS)


def build_of(growth: pd.DataFrame) -> duckdb.DuckDBPyConnection:
    """A build with the tables that planning reads."""
    connection = study(growth, exposure(growth))
    sample = sample_of(connection)
    regressions = [estimate_regression(sample, "adjusted", name, SETTINGS, "b1") for name in CONTRASTS]
    tables = {
        "effect": [asdict(row) for found in regressions for row in finished(found.effects)],
        "variance_component": [asdict(row) for found in regressions for row in found.components],
        "teacher_year_growth": panel_records(teacher_panel(sample)),
    }
    connection.execute("create schema estimates")
    for name, records in tables.items():
        columns = [column.name for column in OUTPUTS[f"estimates.{name}"].columns]
        connection.register("given", pd.DataFrame(records, columns=columns))
        connection.execute(f"create table estimates.{name} as from given")
    return connection


def test_plan_is_what_the_calibration_of_such_a_year_finds() -> None:
    growth = made_up_growth(StudyPlan(schools=20, teachers=8, students=15, years=3, effect=0.0, seed=2))
    (plan,) = plans(build_of(growth), 0.10)
    assert (plan.n_teachers, plan.n_participants) == (160, 80)  # half of 20 x 8
    # The same process for one year with as many teachers as half of all: what it detects is planned for.
    year = made_up_growth(StudyPlan(schools=20, teachers=8, students=15, years=1, effect=0.0, seed=3))
    sample = sample_of(study(year, exposure(year)))
    regressions = [estimate_regression(sample, "adjusted", "participated", SETTINGS, "b1")]
    rows = calibrate_regressions(sample, regressions, SETTINGS, n_draws=200, seed=4)
    assert plan.detectable_sd == pytest.approx(rows[0]["minimum_detectable_sd"], rel=0.15)
    # Half of the teachers find .10 or .20 as often as the calibration does.
    for row in rows[2:4]:
        error = plan.detectable_sd / multiplier(19.0)
        power = 1.0 - 0.5 * math.erfc((row["planted_sd"] / error - 2.09) / 2**0.5)
        assert row["rejection_rate"] == pytest.approx(power, abs=0.12)


def test_smaller_effect_needs_more_teachers_until_there_are_too_few() -> None:
    connection = build_of(made_up_growth(StudyPlan(years=2, seed=5)))
    needed = [plans(connection, effect)[0] for effect in (0.4, 0.3, 0.01)]
    assert needed[0].teachers_needed < needed[1].teachers_needed
    assert needed[0].hours_needed == pytest.approx(needed[0].teachers_needed * needed[0].mean_hours)
    assert needed[2].teachers_needed is None
    assert needed[2].reason.startswith("even half of the 96 teachers find no less than ")


def test_refused_estimate_cannot_be_planned_for_its_own_reason() -> None:
    growth = made_up_growth(StudyPlan(schools=4, teachers=10, students=4, seed=14))
    (plan,) = plans(build_of(growth), 0.05)
    reason = "4 schools; standard errors by school need at least 5"
    assert plan == replace(Plan("coaching", "mathematics", 0.05), reason=reason)
