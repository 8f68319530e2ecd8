"""Cluster-robust errors from sums equal those of statsmodels and pyfixest from rows."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from tests.reference.dense_mixed import connection_with, design
from tests.reference.dense_robust import multiway_dense, school_years, with_dummies
from transforms.estimation.linear.fixed_effects import fit_fixed_effects
from transforms.estimation.linear.least_squares import fit_least_squares
from transforms.estimation.linear.within import fit_within
from transforms.estimation.results import results
from transforms.estimation.robust.multiway import ClusterCount, multiway_robust
from transforms.estimation.robust.one_way import Correction, cluster_robust
from transforms.estimation.sums.crossproducts import CrossProducts
from transforms.estimation.sums.design import Design, Terms, WeightKind
from transforms.estimation.sums.summation import cross_products

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pyfixest as pf

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:pyfixest")

COLUMNS = ["x1", "x2"]
WAYS = ["school", "school_year"]
# The same algebra by another route: the rows lose some 1e-12 of the largest entry, the sums another.
RELATIVE = 1e-10
# pyfixest demeans by iteration, to 1e-8 of the change between two of its rounds.
ITERATED = 1e-6


def sums_of(
    frame: pd.DataFrame,
    groups: list[str],
    weight: str | None = None,
    kind: WeightKind = "frequency",
    cluster: str | None = None,
) -> CrossProducts:
    made = Design.of_columns("y", COLUMNS, groups, weight=weight, weight_kind=kind, cluster=cluster)
    return cross_products(connection_with(frame), "frame", made)


def feols(formula: str, frame: pd.DataFrame, clusters: str, **options: object) -> tuple[np.ndarray, float]:
    """Standard errors and degrees of freedom of pyfixest's CRV1 with its default corrections."""
    fit = pf.feols(formula, frame, vcov={"CRV1": clusters}, fixef_rm="none", **options)
    return fit.se().to_numpy(), float(fit._df_t)


def by_clusters(frame: pd.DataFrame, name: str) -> dict[str, object]:
    return {"groups": frame[name].to_numpy()}


def test_cr1s_of_least_squares_is_that_of_statsmodels() -> None:
    frame = school_years(1)
    sums = sums_of(frame, ["school"])
    robust = cluster_robust(sums, fit_least_squares(sums), "CR1S")
    model = sm.OLS(frame["y"].to_numpy(), design(frame, COLUMNS))
    expected = model.fit(cov_type="cluster", cov_kwds=by_clusters(frame, "school"))
    np.testing.assert_allclose(robust.cov_params, expected.cov_params(), rtol=RELATIVE)


def test_results_with_cr1s_are_those_of_statsmodels_with_a_t_distribution() -> None:
    frame = school_years(1)
    sums = sums_of(frame, ["school"])
    fit = fit_least_squares(sums)
    shown = results(fit, cluster_robust(sums, fit, "CR1S")).t_test("x1 - x2 = 0")
    model = sm.OLS(frame["y"].to_numpy(), design(frame, COLUMNS))
    wanted = model.fit(cov_type="cluster", cov_kwds=by_clusters(frame, "school"), use_t=True)
    expected = wanted.t_test(np.array([0.0, 1.0, -1.0]))
    np.testing.assert_allclose(shown.conf_int(), expected.conf_int(), rtol=RELATIVE)
    np.testing.assert_allclose(shown.pvalue, expected.pvalue, rtol=1e-8)


def test_cr1s_with_precision_weights_is_that_of_statsmodels() -> None:
    frame = school_years(2)
    sums = sums_of(frame, ["school"], "weight", "precision")
    robust = cluster_robust(sums, fit_least_squares(sums), "CR1S")
    model = sm.WLS(frame["y"].to_numpy(), design(frame, COLUMNS), weights=frame["weight"].to_numpy())
    expected = model.fit(cov_type="cluster", cov_kwds=by_clusters(frame, "school"))
    np.testing.assert_allclose(robust.cov_params, expected.cov_params(), rtol=RELATIVE)


def test_cr1s_with_frequency_weights_is_that_of_repeated_rows() -> None:
    frame = school_years(3)
    sums = sums_of(frame, ["school"], "copies")
    robust = cluster_robust(sums, fit_least_squares(sums), "CR1S")
    rows = frame.loc[frame.index.repeat(frame["copies"])]
    model = sm.OLS(rows["y"].to_numpy(), design(rows, COLUMNS))
    expected = model.fit(cov_type="cluster", cov_kwds=by_clusters(rows, "school"))
    np.testing.assert_allclose(robust.cov_params, expected.cov_params(), rtol=RELATIVE)


@pytest.mark.parametrize(("correction", "type_"), [("CR0", "HC0"), ("CR1S", "HC1"), ("CR2", "HC2")])
def test_clusters_of_one_row_are_heteroskedasticity_consistent(correction: Correction, type_: str) -> None:
    frame = school_years(4)
    frame["row"] = np.arange(len(frame))
    sums = sums_of(frame, ["row"])
    robust = cluster_robust(sums, fit_least_squares(sums), correction)
    expected = sm.OLS(frame["y"].to_numpy(), design(frame, COLUMNS)).fit(cov_type=type_)
    np.testing.assert_allclose(robust.cov_params, expected.cov_params(), rtol=RELATIVE)


@pytest.mark.parametrize("factor", ["teacher", "school", "coach", "school_year"])
@pytest.mark.parametrize("weight", [None, "weight"])
def test_cr1s_counts_an_absorbed_factor_as_pyfixest_does(factor: str, weight: str | None) -> None:
    frame = school_years(5)
    groups = [factor, "school"] if factor != "school" else ["school"]
    sums = sums_of(frame, groups, weight, "precision" if weight else "frequency")
    robust = cluster_robust(sums, fit_within(sums, factor), "CR1S")
    expected, df = feols(f"y ~ x1 + x2 | {factor}", frame, "school", weights=weight)
    np.testing.assert_allclose(robust.std_errors, expected, rtol=ITERATED)
    assert robust.df.tolist() == [df, df]


@pytest.mark.parametrize("factors", [("teacher", "school_year"), ("teacher", "school"), ("coach", "school")])
def test_cr1s_counts_two_factors_as_pyfixest_does(factors: tuple[str, str]) -> None:
    frame = school_years(6)
    if factors == ("coach", "school"):
        # more coaches than schools, so that the schools become columns
        frame["coach"] = frame["coach"] + frame["school_year"].astype(str)
    terms = Terms.of_columns("y", COLUMNS)
    absorbing = Terms(terms.response, terms.columns, has_intercept=False, absorbed=factors)
    model = fit_fixed_effects(connection_with(frame), "frame", absorbing, groups=["school"], cluster="school")
    robust = cluster_robust(model.sums, model.fit, "CR1S")
    expected, _ = feols(f"y ~ x1 + x2 | {' + '.join(factors)}", frame, "school")
    at = [model.fit.names.index(name) for name in COLUMNS]
    np.testing.assert_allclose(robust.std_errors[at], expected, rtol=ITERATED)


@pytest.mark.parametrize("g_df", ["min", "conventional"])
@pytest.mark.parametrize("weight", [None, "weight"])
def test_two_ways_are_those_of_pyfixest(weight: str | None, g_df: ClusterCount) -> None:
    frame = school_years(7, schools=15, years=12)
    kind: WeightKind = "precision" if weight else "frequency"
    sums = sums_of(frame, ["school_year", "school"], weight, kind, cluster="school_year")
    robust = multiway_robust(sums, fit_least_squares(sums), WAYS, "CR1S", g_df=g_df)
    expected, df = feols("y ~ x1 + x2", frame, "school+school_year", weights=weight, ssc=pf.ssc(G_df=g_df))
    np.testing.assert_allclose(robust.std_errors, expected, rtol=RELATIVE)
    assert robust.df.tolist() == [df] * 3  # 12 years - 1
    assert not robust.is_repaired


@pytest.mark.parametrize("factor", ["teacher", "school", "school_year"])
def test_two_ways_with_an_absorbed_factor_are_those_of_pyfixest(factor: str) -> None:
    frame = school_years(8, schools=12, years=8)
    groups = ["school_year", "school"] if factor != "teacher" else ["teacher", "school_year", "school"]
    sums = sums_of(frame, groups, cluster="school_year")
    robust = multiway_robust(sums, fit_within(sums, factor), WAYS, "CR1S")
    expected, _ = feols(f"y ~ x1 + x2 | {factor}", frame, "school+school_year")
    np.testing.assert_allclose(robust.std_errors, expected, rtol=ITERATED)


@pytest.mark.parametrize("g_df", ["min", "conventional"])
def test_three_ways_are_the_dense_sum_over_all_sets(g_df: ClusterCount) -> None:
    frame = school_years(9)
    groups = ["coach", "school_year", "school"]
    sums = sums_of(frame, groups, "weight", "precision", cluster="coach")
    robust = multiway_robust(sums, fit_least_squares(sums), groups, "CR1", g_df=g_df)
    clusters, weights = [frame[name].to_numpy() for name in groups], frame["weight"].to_numpy()
    expected = multiway_dense(design(frame, COLUMNS), frame["y"].to_numpy(), clusters, g_df, weights)
    np.testing.assert_allclose(robust.cov_params, expected, rtol=1e-8)


def test_two_ways_with_an_absorbed_factor_are_the_dense_sum_with_dummies() -> None:
    frame = school_years(10, schools=15, years=12)
    sums = sums_of(frame, ["coach", "school_year", "school"], cluster="school_year")
    robust = multiway_robust(sums, fit_within(sums, "coach"), WAYS, "CR1", g_df="conventional")
    clusters, x = [frame[name].to_numpy() for name in WAYS], with_dummies(frame, COLUMNS, ["coach"])
    expected = multiway_dense(x, frame["y"].to_numpy(), clusters, "conventional", np.ones(len(frame)))
    np.testing.assert_allclose(robust.cov_params, expected[:2, :2], rtol=1e-8)


def test_negative_eigenvalues_relative_to_the_bread_are_set_to_zero() -> None:
    frame = school_years(1)
    sums = sums_of(frame, ["school_year", "school"], cluster="school_year")
    robust = multiway_robust(sums, fit_least_squares(sums), WAYS, "CR1")
    clusters = [frame[name].to_numpy() for name in WAYS]
    x, y = design(frame, COLUMNS), frame["y"].to_numpy()
    unrepaired = multiway_dense(x, y, clusters, "min", np.ones(len(x)))
    root = np.linalg.cholesky(np.linalg.inv(x.T @ x))
    values, vectors = np.linalg.eigh(np.linalg.solve(root, np.linalg.solve(root, unrepaired).T))
    expected = root @ vectors @ np.diag(values.clip(0.0)) @ vectors.T @ root.T
    assert values[0] < 0.0
    assert robust.is_repaired
    np.testing.assert_allclose(robust.cov_params, expected, rtol=1e-8)
    assert np.all(np.diag(expected) >= np.diag(unrepaired))


def test_repair_does_not_depend_on_the_units_of_the_columns() -> None:
    sums = sums_of(school_years(1), ["school_year", "school"], cluster="school_year")
    coded = sums.recode({"x1": {"x1": 100.0, "intercept": -5000.0}, "x2": {"x2": 1.0}})
    first, second = (multiway_robust(each, fit_least_squares(each), WAYS) for each in (sums, coded))
    assert first.is_repaired
    assert second.is_repaired
    np.testing.assert_allclose(second.std_errors[1:], first.std_errors[1:] / [100.0, 1.0], rtol=1e-8)
