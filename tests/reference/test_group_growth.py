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


def test_value_added_of_small_groups_is_hidden_but_they_count_in_the_model() -> None:
    frame = made_up(Plan(schools=8, years=1, seed=8))
    nine = frame["staff_id"].ne("t1") | (frame.groupby("staff_id").cumcount() < 9)
    connection = study(frame[nine])
    compute_group_growth(connection, prior_degree=3, covariates=COVARIATES)
    rows = connection.table("estimates.teacher_growth").df().set_index("staff_id")
    columns = ["value_added_sd", "std_error", "ci_low", "ci_high", "reliability", "gain_sd", "gain_std_error"]
    assert rows.loc["t1", columns].isna().all()
    assert rows.loc["t1", "n_students"] == 9
    assert rows.loc["t1", "note"].endswith("no value-added: fewer than 10 students")
    assert rows.drop("t1")[columns].notna().all(axis=None)
    half = 1.959964 * rows.loc["t2", "std_error"]
    assert rows.loc["t2", "ci_high"] - rows.loc["t2", "value_added_sd"] == pytest.approx(half, rel=1e-6)
    assert connection.table("estimates.value_added_model").df().iloc[0]["n_staff"] == 48


def test_refusal_of_the_model_stands_beside_each_group() -> None:
    frame = made_up(Plan(schools=4, years=1, seed=8)).assign(prior_sem_sd=1.3)
    connection = study(frame)
    add(connection, "estimates.growth_percentile", frame.assign(sgp=50, n_priors=1, norm_group="all"))
    add(connection, "frames.student_teacher_link", frame.assign(days_in_common=100, n_teachers=1))
    compute_group_growth(connection, prior_degree=3, covariates=COVARIATES)
    notes = connection.table("estimates.teacher_growth").df()["note"]
    assert notes.str.startswith("no value-added: refused: errors of measurement leave too little").all()


def test_school_says_where_its_students_stand() -> None:
    frame = made_up(Plan(schools=4, years=1, seed=8))
    frame["roster_weight"] = np.where(frame.index % 2 == 0, 0.5, 1.0)
    connection = study(frame)
    compute_group_growth(connection, prior_degree=3, covariates=COVARIATES)
    found = connection.table("estimates.school_growth").df().set_index("school_id").loc["s0"]
    of_school = frame[frame["school_id"] == "s0"]
    for column, expected in (("mean_score_sd", "score_sd"), ("mean_prior_sd", "prior_score_sd")):
        assert found[column] == pytest.approx(
            np.average(of_school[expected], weights=of_school["roster_weight"])
        )


def test_lineage_names_published_tables() -> None:
    lineage = compute_group_growth(study(), prior_degree=3, covariates=COVARIATES)
    assert {row.table_name for row in lineage} == {
        f"estimates.{name}_growth" for name in ("teacher", "school", "pd_type", "subgroup")
    } | {"estimates.growth_stability"}
    assert {row.depends_on.split(".")[0] for row in lineage} == {"frames", "estimates"}
    read = {row.depends_on for row in lineage if row.table_name == "estimates.subgroup_growth"}
    assert "frames.scored_result" in read
    assert "frames.teacher_year_exposure" not in read
