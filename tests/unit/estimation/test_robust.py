"""Rules of the cluster-robust errors: names, refusals, identities."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

from tests.reference.dense_mixed import connection_with
from tests.reference.dense_robust import school_years
from tests.unit.estimation.frames import frame
from transforms.estimation.errors import EstimationError
from transforms.estimation.linear.least_squares import fit_least_squares
from transforms.estimation.linear.within import fit_within, with_factor
from transforms.estimation.mixed.fit import fit_mixed
from transforms.estimation.robust.multiway import multiway_robust
from transforms.estimation.robust.one_way import CR2NotAvailableError, cluster_robust
from transforms.estimation.robust.scores import TooFewClustersError
from transforms.estimation.sums.crossproducts import CrossProducts
from transforms.estimation.sums.design import Design
from transforms.estimation.sums.summation import cross_products


def sums_of(seed: int, groups: list[str], cluster: str | None = None, **options: int) -> CrossProducts:
    made = Design.of_columns("y", ["x1", "x2"], groups, cluster=cluster)
    return cross_products(connection_with(school_years(seed, **options)), "frame", made)


def test_mean_by_hand() -> None:
    rows = [("a", 1.0), ("a", 3.0), ("b", 4.0), ("b", 6.0), ("c", 10.0), ("c", 12.0)]
    connection = frame("school text, y double", rows)
    sums = cross_products(connection, "frame", Design.of_columns("y", [], ["school"]))
    fit = fit_least_squares(sums)
    # mean 6; residuals add up to -8, -2 and 10 by school: CR0 = (64 + 4 + 100) / 6^2 = 14/3
    assert cluster_robust(sums, fit, "CR0").cov_params[0, 0] == pytest.approx(14 / 3, rel=1e-12)
    # 3 / (3 - 1) = 1.5
    assert cluster_robust(sums, fit, "CR1").cov_params[0, 0] == pytest.approx(7.0, rel=1e-12)
    # (6 - 1) / (6 - 1) = 1 more
    assert cluster_robust(sums, fit, "CR1S").cov_params[0, 0] == pytest.approx(7.0, rel=1e-12)
    # a leverage of 2/6 in each school: CR0 / (1 - 1/3), which is CR1 where schools are of one size
    robust = cluster_robust(sums, fit, "CR2")
    assert robust.cov_params[0, 0] == pytest.approx(7.0, rel=1e-12)
    assert robust.df[0] == pytest.approx(2.0, rel=1e-12)


def test_name_says_correction_and_clusters() -> None:
    sums = sums_of(1, ["teacher", "school"], cluster="teacher")
    fit = fit_least_squares(sums)
    assert cluster_robust(sums, fit, "CR1S").name == "CR1S by teacher"
    assert cluster_robust(sums.grouped_by(["teacher", "school"]), fit).name == "CR2 by school"


def test_one_cluster_is_refused() -> None:
    sums = sums_of(2, ["school"], schools=1)
    with pytest.raises(TooFewClustersError, match="at least 2 clusters"):
        cluster_robust(sums, fit_least_squares(sums))


def test_sums_of_other_rows_than_the_fit_are_refused() -> None:
    fit = fit_least_squares(sums_of(3, ["school"]))
    with pytest.raises(EstimationError, match="they give other coefficients"):
        cluster_robust(sums_of(4, ["school"]), fit)


def test_sums_without_a_column_of_the_fit_are_refused() -> None:
    sums = sums_of(5, ["school"])
    with pytest.raises(EstimationError, match="lack columns of the fit: x2"):
        cluster_robust(sums.select(["x1"]), fit_least_squares(sums))


def test_cr2_of_a_factor_that_crosses_clusters_is_refused_with_what_to_do() -> None:
    sums = sums_of(6, ["school_year", "school"])
    fit = fit_within(sums, "school_year")
    with pytest.raises(
        CR2NotAvailableError, match="CR2 by school: levels of the absorbed school_year"
    ) as caught:
        cluster_robust(sums, fit, "CR2")
    advice = 'write C(school_year) in the formula in place of "| school_year", or take correction="CR1S"'
    assert str(caught.value).endswith(advice)
    assert np.isfinite(cluster_robust(sums, fit, "CR1S").std_errors).all()


@pytest.mark.parametrize("correction", ["HC3", "cr2", "CR9", ""])
def test_correction_that_does_not_exist_is_refused_with_those_that_do(correction: Any) -> None:
    sums = sums_of(18, ["school_year", "school"], cluster="school_year")
    fit = fit_least_squares(sums)
    with pytest.raises(EstimationError, match=f"correction is one of CR0, CR1, CR1S, CR2, not {correction}"):
        cluster_robust(sums, fit, correction)
    with pytest.raises(EstimationError, match=f"columns is one of CR0, CR1, CR1S, not {correction}"):
        multiway_robust(sums, fit, ["school", "school_year"], correction)


def test_multiway_cr2_is_refused_with_the_reason() -> None:
    sums = sums_of(19, ["school_year", "school"], cluster="school_year")
    cr2: Any = "CR2"
    with pytest.raises(
        EstimationError, match=r"CR2 rests on clusters that are independent .* CR0, CR1, CR1S"
    ):
        multiway_robust(sums, fit_least_squares(sums), ["school", "school_year"], cr2)


def test_multiway_cluster_count_that_does_not_exist_is_refused() -> None:
    sums = sums_of(20, ["school_year", "school"], cluster="school_year")
    g_df: Any = "max"
    with pytest.raises(EstimationError, match="g_df is one of min, conventional, not max"):
        multiway_robust(sums, fit_least_squares(sums), ["school", "school_year"], g_df=g_df)


def test_contrast_that_no_residual_tells_of_has_df_0() -> None:
    # school c alone has x = 1, so that its mean fits exactly
    rows = [
        ("a", 0.0, 1.0),
        ("a", 0.0, 3.0),
        ("b", 0.0, 4.0),
        ("b", 0.0, 7.0),
        ("c", 1.0, 5.0),
        ("c", 1.0, 9.0),
    ]
    connection = frame("school text, x double, y double", rows)
    sums = cross_products(connection, "frame", Design.of_columns("y", ["x"], ["school"]))
    robust = cluster_robust(sums, fit_least_squares(sums), "CR2")
    # intercept + x is the mean of c, whose residuals add up to 0
    assert robust.df_for(np.array([[1.0, 1.0]])).tolist() == [0.0]
    assert robust.df_for(np.array([[1.0, 0.0]]))[0] == pytest.approx(1.0, rel=1e-9)


def test_mixed_model_has_the_outermost_groups_for_clusters_whatever_products_are_kept_by() -> None:
    by_teacher, by_school = (sums_of(17, ["teacher", "school"], cluster) for cluster in ("teacher", "school"))
    fit = fit_mixed(by_school)
    first, second = cluster_robust(by_teacher, fit), cluster_robust(by_school, fit)
    assert (first.name, first.n_clusters) == ("CR2 by school", 7)
    np.testing.assert_allclose(first.cov_params, second.cov_params, rtol=1e-9)


def test_row_order_and_shift_are_irrelevant() -> None:
    data = school_years(7)
    made = Design.of_columns("y", ["x1", "x2"], ["teacher", "school"])
    found = [
        cross_products(connection_with(rows), "frame", made)
        for rows in (data, data.sample(frac=1.0, random_state=1))
    ]
    found.append(found[0].about(np.zeros(4)))
    first, *others = (cluster_robust(sums, fit_least_squares(sums), "CR2") for sums in found)
    for other in others:
        # about 0 the sums lose the digits of a mean of 650
        np.testing.assert_allclose(other.cov_params, first.cov_params, rtol=1e-6)
        np.testing.assert_allclose(other.df, first.df, rtol=1e-6)


def test_scale_of_a_column_scales_its_standard_error_alone() -> None:
    sums = sums_of(8, ["school"])
    scaled = sums.recode({"x1": {"x1": 1e-6}, "x2": {"x2": 1.0}})
    first, second = (cluster_robust(each, fit_least_squares(each), "CR2") for each in (sums, scaled))
    np.testing.assert_allclose(second.std_errors, first.std_errors * [1.0, 1e6, 1.0], rtol=1e-9)
    np.testing.assert_allclose(second.df, first.df, rtol=1e-9)


def test_robust_fit_survives_pickling() -> None:
    sums = sums_of(9, ["teacher", "school"])
    robust = cluster_robust(sums, fit_mixed(sums), "CR2")
    again = pickle.loads(pickle.dumps(robust))
    contrast = np.array([[0.0, 1.0, -1.0]])
    np.testing.assert_array_equal(again.df_for(contrast), robust.df_for(contrast))


def test_ways_that_nest_are_the_outer_way() -> None:
    sums = sums_of(10, ["teacher", "school"], cluster="teacher")
    fit = fit_least_squares(sums)
    both = multiway_robust(sums, fit, ["teacher", "school"], "CR1")
    one = cluster_robust(sums.grouped_by(["teacher", "school"], "school"), fit, "CR1")
    np.testing.assert_allclose(both.cov_params, one.cov_params, rtol=1e-9)
    assert both.n_clusters == (len(sums.products), 7)
    assert both.df.tolist() == [6.0, 6.0, 6.0]  # 7 schools - 1


def test_one_way_of_several_is_cluster_robust_whatever_the_order_of_the_groups() -> None:
    sums = sums_of(11, ["teacher", "school_year", "school"], cluster="school_year")
    fit = fit_least_squares(sums)
    by_year = sums.grouped_by(["teacher", "school", "school_year"], "school_year")
    one = cluster_robust(by_year, fit, "CR1S")
    np.testing.assert_allclose(
        multiway_robust(sums, fit, ["school_year"]).cov_params, one.cov_params, rtol=1e-9
    )


def test_multiway_name_says_correction_and_clusters() -> None:
    sums = sums_of(12, ["school_year", "school"], cluster="school_year")
    robust = multiway_robust(sums, fit_least_squares(sums), ["school", "school_year"])
    assert robust.name == "CR1S by school and school_year"


def test_multiway_repair_of_negative_eigenvalues_is_said() -> None:
    # A response that changes sign by (a, b) block: rows and columns of blocks add up to 0, blocks do not.
    rows = [(a, b, 5.0 + (-1.0) ** (a + b) * size) for a in (0, 1) for b in (0, 1) for size in (0.9, 1.1)]
    connection = frame("a integer, b integer, y double", rows)
    sums = cross_products(connection, "frame", Design.of_columns("y", [], ["b", "a"], cluster="b"))
    robust = multiway_robust(sums, fit_least_squares(sums), ["a", "b"], "CR0")
    # scores by a and by b are 0, by block ±2: V = 0 + 0 - 4 x 2^2 / 8^2 = -1/4
    assert robust.is_repaired
    assert robust.cov_params.tolist() == [[0.0]]
    assert robust.name == "CR0 by a and b, negative eigenvalues set to 0"


def test_multiway_by_a_level_inside_the_blocks_is_refused() -> None:
    sums = sums_of(13, ["teacher", "school"])
    with pytest.raises(EstimationError, match="products were kept by school, so not by teacher"):
        multiway_robust(sums, fit_least_squares(sums), ["teacher", "school"])


def test_multiway_with_one_cluster_of_a_way_is_refused_by_name() -> None:
    sums = sums_of(14, ["school_year", "school"], cluster="school_year", years=1)
    with pytest.raises(TooFewClustersError, match="2 clusters of school_year"):
        multiway_robust(sums, fit_least_squares(sums), ["school", "school_year"])


def test_multiway_of_a_mixed_model_is_refused() -> None:
    sums = sums_of(15, ["teacher", "school"], cluster="teacher")
    with pytest.raises(EstimationError, match="no multiway errors"):
        multiway_robust(sums, fit_mixed(sums), ["teacher", "school"])


def test_nested_factor_as_columns_counts_as_the_absorbed_one_does() -> None:
    sums = sums_of(16, ["teacher", "school"])
    columns = with_factor(sums, "teacher")
    absorbed, dummies = fit_within(sums, "teacher"), fit_least_squares(columns)
    one, many = cluster_robust(sums, absorbed, "CR1S"), cluster_robust(columns, dummies, "CR1S")
    n, levels = absorbed.n_observations, absorbed.n_absorbed
    # 2 + 1 parameters where the factor is absorbed, 2 + all levels where each has a coefficient
    ratio = ((n - 2 - levels) / (n - 3)) ** 0.5
    np.testing.assert_allclose(one.std_errors, many.std_errors[1:3] * ratio, rtol=1e-8)
