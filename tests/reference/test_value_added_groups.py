"""Step 2 of value-added: shrunk gains are the mixed model's predictions, and nearer to the truth."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import pytest

from tests.reference.value_added_frames import COVARIATES, Plan, made_up, study
from transforms.estimation.formulas.compiler import compile_formula
from transforms.estimation.mixed.fit import fit_mixed
from transforms.estimation.mixed.random_effects import value_added
from transforms.estimation.sums.design import Design
from transforms.estimation.sums.summation import cross_products
from transforms.growth.value_added import compute_value_added


def computed(frame: pd.DataFrame) -> duckdb.DuckDBPyConnection:
    connection = study(frame)
    compute_value_added(connection, prior_degree=3, covariates=COVARIATES)
    return connection


def teachers(connection: duckdb.DuckDBPyConnection, frame: pd.DataFrame) -> pd.DataFrame:
    truth = frame.groupby(["staff_id", "school_year"], as_index=False)["truth"].mean()
    return connection.table("value_added_teacher").df().merge(truth, on=["staff_id", "school_year"])


@pytest.fixture(scope="module")
def many() -> pd.DataFrame:
    frame = made_up(Plan(schools=60, teachers=8, students=15, seed=11))
    return teachers(computed(frame), frame)


def test_shrunk_value_added_is_nearer_to_the_truth_than_gains_and_than_no_difference(
    many: pd.DataFrame,
) -> None:
    def mean_square(error: pd.Series) -> float:
        return float((error**2).mean())

    shrunk = mean_square(many["value_added_sd"] - many["truth"])
    assert shrunk < 0.85 * mean_square(many["gain_sd"] - many["truth"])
    assert shrunk < 0.85 * mean_square(many["truth"])
    # the model's own account of its error
    assert shrunk == pytest.approx((many["std_error"] ** 2).mean(), rel=0.15)


def test_intervals_cover_the_truth_of_960_teacher_years(many: pd.DataFrame) -> None:
    covered = (many["value_added_sd"] - many["truth"]).abs() < 1.96 * many["std_error"]
    # 0.95 ± 3 sqrt(0.95 × 0.05 / 960) is 0.93 to 0.97; teachers' years are not quite independent
    assert 0.92 < covered.mean() < 0.98


def test_reliability_is_the_squared_correlation_with_the_truth(many: pd.DataFrame) -> None:
    squared = np.corrcoef(many["value_added_sd"], many["truth"])[0, 1] ** 2
    assert many["reliability"].mean() == pytest.approx(squared, abs=0.08)


def test_groups_are_the_mixed_model_of_the_gains() -> None:
    frame = made_up(Plan(schools=15, students=12, seed=3))
    connection = computed(frame)
    # A formula's dummies instead of levels made from sums.
    terms = compile_formula(connection, "value_added_gains", "gain ~ C(grade_year)", weight="weight")
    levels = ("teacher_year", "teacher", "school")
    sums = cross_products(connection, "value_added_gains", Design(terms, levels, "weight"))
    fit = fit_mixed(sums)
    expected = value_added(sums, fit, "teacher_year")
    order = connection.execute(
        "FROM value_added_teacher JOIN value_added_teacher_years USING (staff_id, school_year)"
        " ORDER BY teacher_year"
    ).df()
    by_id = np.argsort(expected.effects.ids[0])
    # two sums of the same rows, and a maximum that is found to 1e-8 of the likelihood
    np.testing.assert_allclose(order["value_added_sd"], expected.estimates[by_id], rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(order["std_error"], expected.std_errors[by_id], rtol=1e-5)
    np.testing.assert_allclose(order["reliability"], expected.reliability[by_id], rtol=1e-5)
    model = connection.table("estimates.value_added_model").df().iloc[0]
    names = ["teacher_year", "teacher", "school", "residual"]
    found = [model[f"variance_{name}_sd2"] for name in names]
    np.testing.assert_allclose(found, [part.variance for part in fit.components], rtol=1e-5)


def test_gain_is_the_weighted_mean_residual_with_the_models_error() -> None:
    frame = made_up(Plan(schools=8, seed=4))
    frame["roster_weight"] = np.where(frame.index % 3 == 0, 0.5, 1.0)
    connection = computed(frame)
    residuals = connection.table("value_added_residual").df()
    of_one = residuals.query("staff_id == 't1' and school_year == 2024")
    found = (
        connection.table("value_added_teacher").df().query("staff_id == 't1' and school_year == 2024").iloc[0]
    )
    weight = of_one["roster_weight"].sum()
    assert found["gain_sd"] == pytest.approx((of_one["roster_weight"] * of_one["residual"]).sum() / weight)
    variance = connection.table("estimates.value_added_model").df().iloc[0]["variance_residual_sd2"]
    assert found["gain_std_error"] == pytest.approx(np.sqrt(variance / weight))


def test_teacher_of_two_schools_in_a_year_is_one_group_in_the_school_of_most_instruction() -> None:
    frame = made_up(Plan(schools=8, students=12, seed=4))
    moved = frame.query("staff_id == 't1' and school_year == 2024").index[:5]
    frame.loc[moved, "school_id"] = "s7"
    rows = computed(frame).table("value_added_teacher").df().query("staff_id == 't1' and school_year == 2024")
    assert rows[["school_id", "n_students"]].values.tolist() == [["s0", 12]]


def test_one_year_has_no_years_of_a_teacher_to_tell_apart() -> None:
    frame = made_up(Plan(schools=15, years=1, seed=4))
    connection = computed(frame)
    model = connection.table("estimates.value_added_model").df().iloc[0]
    assert np.isnan(model["variance_teacher_year_sd2"])
    assert "not told apart: years of a teacher" in model["note"]
    assert teachers(connection, frame)["value_added_sd"].notna().all()


def test_one_school_has_teachers_compared_and_no_value_added_of_schools() -> None:
    frame = made_up(Plan(schools=1, teachers=12, years=1, seed=4))
    connection = computed(frame)
    model = connection.table("estimates.value_added_model").df().iloc[0]
    assert model["variance_teacher_sd2"] > 0
    assert np.isnan(model["variance_school_sd2"])
    school = connection.table("value_added_school").df().iloc[0]
    assert np.isnan(school["value_added_sd"])
    assert school["note"] == "no value-added of schools: no two schools with several students to compare"
    assert abs(school["gain_sd"]) < 1


def test_equal_teachers_have_value_added_of_zero_without_an_error() -> None:
    frame = made_up(Plan(schools=12, students=12, years=1, school_sd=0, teacher_sd=0, year_sd=0, seed=1))
    connection = computed(frame)
    rows = teachers(connection, frame)
    assert (rows["value_added_sd"] == 0).all()
    assert rows["std_error"].isna().all()
    assert (rows["reliability"] == 0).all()
    assert set(rows["note"]) == {"differences estimated as zero: no error can be given"}
    note = connection.table("estimates.value_added_model").df().iloc[0]["note"]
    assert "variance estimated as zero: teachers of a school, schools" in note


def test_one_teacher_is_refused() -> None:
    connection = computed(made_up(Plan(schools=1, teachers=1, years=1, students=60, seed=4)))
    note = connection.table("estimates.value_added_model").df().iloc[0]["note"]
    assert note.startswith("refused: no two teachers")
    assert connection.table("value_added_residual").df().empty


def test_schools_are_shrunk_by_a_model_of_their_own() -> None:
    frame = made_up(Plan(schools=80, teachers=4, students=10, school_sd=0.2, seed=13))
    rows = computed(frame).table("value_added_school").df()
    truth = frame.groupby(["school_id", "school_year"], as_index=False)["truth"].mean()
    rows = rows.merge(truth, on=["school_id", "school_year"])
    error = rows["value_added_sd"] - rows["truth"]
    assert (error**2).mean() < ((rows["gain_sd"] - rows["truth"]) ** 2).mean()
    assert 0.9 < (error.abs() < 1.96 * rows["std_error"]).mean() < 0.99


def test_each_subject_has_a_model_of_its_own_and_a_refused_one_leaves_the_others() -> None:
    mathematics = made_up(Plan(schools=8, seed=4))
    ela = made_up(Plan(schools=6, years=1, seed=5)).assign(academic_subject="ela")
    refused = made_up(Plan(schools=4, seed=6)).assign(academic_subject="science", prior_sem_sd=1.3)
    connection = computed(pd.concat([mathematics, ela, refused]))
    models = connection.table("estimates.value_added_model").order("academic_subject").df()
    assert models["academic_subject"].tolist() == ["ela", "mathematics", "science"]
    assert models["prior_coefficient"].notna().tolist() == [True, True, False]
    found = connection.table("value_added_teacher").df().query("academic_subject == 'mathematics'")
    alone = computed(mathematics).table("value_added_teacher").df()
    keys = ["staff_id", "school_year"]
    both = found.merge(alone, on=keys, suffixes=("", "_alone"))
    assert len(both) == len(alone) == len(found)
    np.testing.assert_allclose(both["value_added_sd"], both["value_added_sd_alone"], rtol=1e-6, atol=1e-8)
    assert set(connection.table("value_added_residual").df()["academic_subject"]) == {"ela", "mathematics"}
