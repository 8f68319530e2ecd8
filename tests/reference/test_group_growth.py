"""Means and medians of groups against statsmodels, and how often their intervals hold the truth."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.special import ndtr

from tests.reference.value_added_frames import COVARIATES, Plan, add, made_up, study
from transforms.growth.group_growth import compute_group_growth
from transforms.growth.value_added import compute_value_added

KEY = {"academic_subject": "mathematics", "growth_window": "spring_to_spring"}


def with_percentiles(rows: pd.DataFrame) -> duckdb.DuckDBPyConnection:
    """Growth of groups from rows of student, teacher, school, roster weight and sgp."""
    frame = rows.assign(**({"assessment_id": "STATE", "school_year": 2025, **KEY} | dict(rows.items())))
    connection = study()
    add(
        connection,
        "estimates.growth_percentile",
        frame.drop_duplicates("student_id").assign(grade_level=5, n_priors=1, norm_group="all"),
    )
    add(connection, "frames.student_teacher_link", frame.assign(days_in_common=100, n_teachers=1))
    compute_group_growth(connection, prior_degree=1, covariates=())
    return connection


def test_mean_percentile_of_a_subgroup_is_a_weighted_fit_clustered_by_school() -> None:
    rng = np.random.default_rng(1)
    n = 400
    school = rng.integers(12, size=n)
    frame = pd.DataFrame({"student_id": [f"p{i}" for i in range(n)], "staff_id": "t"})
    frame["school_id"] = school.astype(str)
    frame["sgp"] = np.clip(np.round(50 + 10 * rng.normal(size=12)[school] + 25 * rng.normal(size=n)), 1, 99)
    frame["roster_weight"] = rng.uniform(0.2, 1.0, n)
    found = with_percentiles(frame).table("estimates.subgroup_growth").df().iloc[0]
    fit = sm.WLS(frame["sgp"], np.ones(n), frame["roster_weight"]).fit(
        cov_type="cluster", cov_kwds={"groups": school}, use_t=True
    )
    # with one coefficient statsmodels' factor is G / (G - 1), too
    assert found["mean_sgp"] == pytest.approx(fit.params.iloc[0], rel=1e-10)
    assert found["mean_sgp_se"] == pytest.approx(fit.bse.iloc[0], rel=1e-10)
    low, high = fit.conf_int().iloc[0]
    assert (found["mean_sgp_ci_low"], found["mean_sgp_ci_high"]) == pytest.approx((low, high), rel=1e-9)


def test_mean_gain_of_a_subgroup_is_a_weighted_fit_clustered_by_school() -> None:
    frame = made_up(Plan(schools=12, years=1, seed=8))
    frame["roster_weight"] = np.random.default_rng(2).uniform(0.2, 1.0, len(frame))
    connection = study(frame)
    grade = frame[["student_id", "assessment_id", "academic_subject", "school_year", "grade_level"]]
    results = grade.assign(
        term="spring", administration_date=pd.Timestamp("2024-05-01"), is_date_assumed=False
    )
    add(connection, "frames.scored_result", results.assign(scale_score=500, is_gifted=frame["is_female"]))
    compute_group_growth(connection, prior_degree=3, covariates=COVARIATES)
    found = connection.table("estimates.subgroup_growth").df().set_index("subgroup").loc["is_gifted=true"]
    residuals = connection.table("value_added_residual").df().merge(frame[["student_id", "is_female"]])
    chosen = residuals[residuals["is_female"]]
    fit = sm.WLS(chosen["residual"], np.ones(len(chosen)), chosen["roster_weight"]).fit(
        cov_type="cluster", cov_kwds={"groups": chosen["school_id"].astype("category").cat.codes}, use_t=True
    )
    assert found["gain_sd"] == pytest.approx(fit.params.iloc[0], rel=1e-9)
    assert found["gain_std_error"] == pytest.approx(fit.bse.iloc[0], rel=1e-9)
    low, high = fit.conf_int().iloc[0]
    assert (found["gain_ci_low"], found["gain_ci_high"]) == pytest.approx((low, high), rel=1e-9)


def coverage(rows: pd.DataFrame, what: str, truth: float) -> float:
    return float(((rows[f"{what}_ci_low"] <= truth) & (truth <= rows[f"{what}_ci_high"])).mean())


def test_intervals_of_teachers_cover_mean_and_median_of_skewed_percentiles() -> None:
    """1,500 teachers of 30 students whose percentiles are 1 + 98 u², rounded."""
    rng = np.random.default_rng(3)
    teacher = np.repeat(np.arange(1500), 30)
    frame = pd.DataFrame({"student_id": [f"p{i}" for i in range(len(teacher))], "school_id": "s"})
    frame["staff_id"] = teacher.astype(str)
    frame["sgp"] = np.round(1 + 98 * rng.random(len(teacher)) ** 2)
    frame["roster_weight"] = rng.choice([0.5, 1.0], len(teacher))
    rows = with_percentiles(frame).table("estimates.teacher_growth").df()
    # P(sgp <= k) = sqrt((k - 0.5) / 98), so that the median is 25 and E sgp = 1 + sum over k of P(sgp > k)
    k = np.arange(1, 99)
    mean = 1 + (1 - np.sqrt((k - 0.5) / 98)).sum()
    # 0.95 ± 3 sqrt(0.95 × 0.05 / 1500) is 0.933 to 0.967; the mean of 30 skewed values covers a little less
    assert 0.925 < coverage(rows, "mean_sgp", mean) < 0.967
    # Percentiles are whole, so that an end is rarely just past the truth.
    assert 0.933 < coverage(rows, "median_sgp", 25) < 0.98


def test_intervals_of_subgroups_cover_where_schools_differ() -> None:
    """600 studies (one assessment each) of 20 schools with 15 students, half the variance between schools."""
    rng = np.random.default_rng(4)
    n_studies, n_schools, n_students = 600, 20, 15
    n = n_studies * n_schools * n_students
    school = np.repeat(np.arange(n_studies * n_schools), n_students)
    z = rng.normal(0, np.sqrt(0.5), n_studies * n_schools)[school] + rng.normal(0, np.sqrt(0.5), n)
    frame = pd.DataFrame({"student_id": [f"p{i}" for i in range(n)], "staff_id": "t", "roster_weight": 1.0})
    frame["school_id"] = (school % n_schools).astype(str)
    frame["assessment_id"] = (school // n_schools).astype(str)
    frame["sgp"] = np.clip(np.floor(1 + 99 * ndtr(z)), 1, 99)
    rows = with_percentiles(frame).table("estimates.subgroup_growth").df()
    # symmetric about 50; 0.95 ± 3 sqrt(0.95 × 0.05 / 600) is 0.923 to 0.977
    assert 0.923 < coverage(rows, "mean_sgp", 50) < 0.977
    assert 0.923 < coverage(rows, "median_sgp", 50) < 0.98


def test_a_second_run_in_a_fresh_build_gives_the_same_numbers() -> None:
    frame = made_up(Plan(schools=6, seed=8))
    found = []
    for given in (frame, frame.sample(frac=1, random_state=1)):
        connection = study(given)
        compute_value_added(connection, prior_degree=3, covariates=COVARIATES)
        rows = connection.table("value_added_teacher").df().sort_values(["staff_id", "school_year"])
        found.append(rows[["value_added_sd", "std_error", "gain_sd"]].to_numpy())
    # rows in another order: sums differ by rounding, the likelihood's maximum by its square root
    np.testing.assert_allclose(found[0], found[1], rtol=1e-6, atol=1e-8)
