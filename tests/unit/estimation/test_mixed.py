from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reference.dense_mixed import connection_with, nested_frame
from tests.unit.estimation.frames import frame
from transforms.estimation.errors import (
    EstimationError,
    NotConvergedError,
    NotIdentifiedError,
    RankDeficientError,
)
from transforms.estimation.mixed.criterion import Likelihood
from transforms.estimation.mixed.fit import fit_mixed
from transforms.estimation.robust.one_way import cluster_robust
from transforms.estimation.sums.crossproducts import CrossProducts
from transforms.estimation.sums.design import Design
from transforms.estimation.sums.summation import cross_products

LEVELS = ["teacher_year", "teacher", "school"]


@pytest.mark.parametrize("is_reml", [True, False], ids=["reml", "ml"])
@pytest.mark.parametrize("theta", [(0.3, 0.2, 0.5), (0.0, 0.7, 0.1), (4.0, 0.0, 0.02)])
def test_gradient_and_hessian_equal_finite_differences(theta: tuple[float, ...], is_reml: bool) -> None:
    sums = cross_products(
        connection_with(nested_frame(seed=1)), "frame", Design.of_columns("y", ["x1", "x2"], LEVELS)
    )
    likelihood = Likelihood.of(sums, is_reml=is_reml)
    for function, at in (
        (likelihood.profile, np.array(theta)),
        (likelihood.by_variances, np.array([*theta, 1.3])),
    ):
        here = function(at)
        for k in range(len(at)):
            step = np.zeros(len(at))
            step[k] = 1e-5
            ahead, behind = function(at + step), function(at - step)
            # the error of a central difference: about step^2 and rounding / step
            slope = (ahead.value - behind.value) / 2e-5
            assert here.gradient[k] == pytest.approx(slope, rel=1e-6, abs=1e-6)
            curvature = (ahead.gradient - behind.gradient) / 2e-5
            np.testing.assert_allclose(here.hessian[k], curvature, rtol=1e-6, atol=1e-6)


def test_order_of_rows_is_irrelevant() -> None:
    data = nested_frame(seed=2)
    given = fit_mixed(cross_products(connection_with(data), "frame", Design.of_columns("y", ["x1"], LEVELS)))
    shuffled = data.sample(frac=1.0, random_state=3)
    other = fit_mixed(
        cross_products(connection_with(shuffled), "frame", Design.of_columns("y", ["x1"], LEVELS))
    )
    np.testing.assert_allclose(other.params, given.params, rtol=1e-9)
    np.testing.assert_allclose(other.theta, given.theta, rtol=1e-6, atol=1e-12)


def test_split_by_cluster_equals_columns_made_from_the_rows() -> None:
    data = nested_frame(seed=3)
    groups = ["teacher", "school"]
    split = cross_products(
        connection_with(data), "frame", Design.of_columns("y", ["x2", "x1"], groups)
    ).split_by_cluster(["x1"])
    data["between"] = data.groupby("school")["x1"].transform("mean")
    data["within"] = data["x1"] - data["between"]
    made = cross_products(
        connection_with(data), "frame", Design.of_columns("y", ["x2", "within", "between"], groups)
    )
    first, second = fit_mixed(split), fit_mixed(made)
    assert first.names == ("intercept", "x2", "x1:within", "x1:between")
    np.testing.assert_allclose(first.params, second.params, rtol=1e-9)
    np.testing.assert_allclose(first.cov_params, second.cov_params, rtol=1e-7, atol=1e-12)
    robust, made_robust = cluster_robust(split, first), cluster_robust(made, second)
    np.testing.assert_allclose(robust.std_errors, made_robust.std_errors, rtol=1e-7)
    np.testing.assert_allclose(robust.df, made_robust.df, rtol=1e-7)


def test_redundant_column_is_named_with_what_determines_it() -> None:
    data = nested_frame(seed=4)
    data["twice"] = 2 * data["x1"] - data["x2"] + 3
    data["one"] = 7.0
    sums = cross_products(
        connection_with(data), "frame", Design.of_columns("y", ["x1", "one", "x2", "twice"], ["school"])
    )
    with pytest.raises(
        RankDeficientError, match=r"one \(constant\); twice \(determined by x1, x2\)"
    ) as caught:
        fit_mixed(sums)
    assert caught.value.columns == ("one", "twice")


def test_levels_with_the_same_groups_are_named() -> None:
    data = nested_frame(seed=5, years=1)
    sums = cross_products(connection_with(data), "frame", Design.of_columns("y", ["x1"], LEVELS))
    with pytest.raises(
        NotIdentifiedError, match=r"teacher_year and teacher have the same .* as teacher_year y0 alone in"
    ):
        fit_mixed(sums)


def test_level_of_single_rows_is_named() -> None:
    data = nested_frame(seed=6)
    data["row"] = [f"r{i}" for i in range(len(data))]
    sums = cross_products(connection_with(data), "frame", Design.of_columns("y", ["x1"], ["row", "school"]))
    with pytest.raises(NotIdentifiedError, match="each row has one row"):
        fit_mixed(sums)


def test_response_that_the_columns_fit_exactly_has_no_estimate() -> None:
    data = nested_frame(seed=7)
    data["y"] = 2 + 3 * data["x1"]
    sums = cross_products(connection_with(data), "frame", Design.of_columns("y", ["x1"], ["school"]))
    with pytest.raises(NotConvergedError, match="residual is lost in rounding"):
        fit_mixed(sums)


def test_balanced_one_way_layout_has_the_analysis_of_variance_estimates() -> None:
    rows = [("a", 1.0), ("a", 3.0), ("b", 4.0), ("b", 6.0), ("c", 10.0), ("c", 12.0)]
    fit = fit_mixed(
        cross_products(frame("school text, y double", rows), "frame", Design.of_columns("y", [], ["school"]))
    )
    # within: each pair is 2 apart, SS = 3 x 2, MS = 6 / 3 = 2
    # between: means 2, 5, 11 about 6, SS = 2 (16 + 1 + 25) = 84, MS = 42; variance (42 - 2) / 2 = 20
    assert fit.sigma2 == pytest.approx(2.0, rel=1e-9)
    assert fit.components[0].variance == pytest.approx(20.0, rel=1e-7)
    assert fit.std_errors[0] == pytest.approx((42 / 6) ** 0.5, rel=1e-7)


def test_one_cluster_has_no_robust_standard_error() -> None:
    data = nested_frame(seed=8)
    data["district"] = "d"
    sums = cross_products(
        connection_with(data), "frame", Design.of_columns("y", ["x1"], ["school", "district"])
    )
    one = cross_products(connection_with(data), "frame", Design.of_columns("y", ["x1"], ["school"]))
    with pytest.raises(EstimationError, match="at least 2 clusters"):
        cluster_robust(sums, fit_mixed(one))


def test_level_with_one_group_is_named_with_it() -> None:
    data = nested_frame(seed=9)
    data["district"] = "North"
    sums = cross_products(
        connection_with(data), "frame", Design.of_columns("y", ["x1"], ["school", "district"])
    )
    for is_reml in (True, False):
        with pytest.raises(NotIdentifiedError, match=r"1 groups of district apart \(North\)"):
            fit_mixed(sums, is_reml=is_reml)


def test_level_whose_groups_the_columns_tell_apart_is_named() -> None:
    data = nested_frame(seed=10, schools=3)
    data["is_s1"], data["is_s2"] = data["school"] == "s1", data["school"] == "s2"
    sums = cross_products(
        connection_with(data), "frame", Design.of_columns("y", ["is_s1", "is_s2"], ["teacher", "school"])
    )
    with pytest.raises(NotIdentifiedError, match=r"all 3 groups of school apart \(s0, s1, s2\)"):
        fit_mixed(sums)


def test_more_columns_than_observations_are_named() -> None:
    rows = [("a", 1.0, 1.0, 4.0), ("a", 2.0, 4.0, 1.0), ("b", 3.0, 9.0, 2.0)]
    connection = frame("school text, x double, square double, y double", rows)
    sums = cross_products(connection, "frame", Design.of_columns("y", ["x", "square"], ["school"]))
    with pytest.raises(NotConvergedError, match="3 observations are too few for 3 coefficients"):
        fit_mixed(sums)


def test_groups_without_variation_inside_leave_no_residual_variance() -> None:
    rows = [("a", 1.0), ("a", 1.0), ("b", 4.0), ("b", 4.0), ("c", 6.0), ("c", 6.0)]
    sums = cross_products(
        frame("school text, y double", rows), "frame", Design.of_columns("y", [], ["school"])
    )
    with pytest.raises(NotConvergedError, match="residual is lost in rounding"):
        fit_mixed(sums)


def balanced_rows(mean_squares: tuple[float, float, float]) -> list[tuple[str, str, float]]:
    """4 schools x 3 teachers x 2 rows whose mean squares between schools, teachers and rows are as given."""
    rng = np.random.default_rng(1)
    school = rng.normal(size=4)[:, None, None] + np.zeros((4, 3, 2))
    teacher = rng.normal(size=(4, 3))[:, :, None] + np.zeros((4, 3, 2))
    row = rng.normal(size=(4, 3, 2))
    school -= school.mean()
    teacher -= teacher.mean(axis=1, keepdims=True)
    row -= row.mean(axis=2, keepdims=True)
    parts = zip((school, teacher, row), (3, 8, 12), mean_squares, strict=True)
    y = sum(part * np.sqrt(wanted * df / (part**2).sum()) for part, df, wanted in parts)
    return [(f"s{s}", f"t{t}", float(y[s, t, r])) for s in range(4) for t in range(3) for r in range(2)]


@pytest.mark.parametrize(
    ("teacher", "school"), [(1e-4, 1e-4), (1e-4, 1e4), (1e4, 1e-4), (1e4, 1e4), (1.0, 1e-4), (1e-4, 1.0)]
)
def test_small_and_large_ratios_are_those_of_the_analysis_of_variance(teacher: float, school: float) -> None:
    # residual 1; teachers 1 + 2 v_t; schools 1 + 2 v_t + 6 v_s
    rows = balanced_rows((1.0 + 2.0 * teacher + 6.0 * school, 1.0 + 2.0 * teacher, 1.0))
    sums = cross_products(
        frame("school text, teacher text, y double", rows),
        "frame",
        Design.of_columns("y", [], ["teacher", "school"]),
    )
    fit = fit_mixed(sums)
    assert fit.sigma2 == pytest.approx(1.0, rel=1e-9)
    # the mean squares hold 1e-16 of their size, of which a variance is a small difference
    assert fit.theta[0] == pytest.approx(teacher, rel=1e-7, abs=1e-13 * school)
    assert fit.theta[1] == pytest.approx(school, rel=1e-7, abs=1e-11 * teacher)


def test_variance_that_would_be_negative_is_zero_and_the_rest_is_pooled() -> None:
    rows = balanced_rows((2.0, 5.0, 1.0))
    connection = frame("school text, teacher text, y double", rows)
    fit = fit_mixed(cross_products(connection, "frame", Design.of_columns("y", [], ["teacher", "school"])))
    # 2 between schools is less than 5 between teachers: the pooled mean square is (3 x 2 + 8 x 5) / 11
    assert fit.theta.tolist()[1] == 0.0
    assert fit.theta[0] == pytest.approx((46 / 11 - 1) / 2, rel=1e-9)
    assert fit.details()["Variance of zero"] == "school"


def test_every_variance_zero_is_least_squares() -> None:
    rows = balanced_rows((0.5, 0.5, 1.0))
    connection = frame("school text, teacher text, y double", rows)
    fit = fit_mixed(cross_products(connection, "frame", Design.of_columns("y", [], ["teacher", "school"])))
    assert fit.theta.tolist() == [0.0, 0.0]
    # (11 x 0.5 + 12 x 1) / 23
    assert fit.sigma2 == pytest.approx(17.5 / 23, rel=1e-12)


def one_way_sums(counts: list[int], means: list[float]) -> CrossProducts:
    """Schools of so many rows with such means, the variance within each 1 (divisor n - 1)."""
    n, total = np.array(counts), np.array(counts) * np.array(means)
    square = total * means + n - 1
    return CrossProducts(
        names=("intercept", "y"),
        group_names=("school",),
        cluster_name="school",
        weight_name=None,
        n_rows=int(n.sum()),
        ids=(np.arange(len(n)),),
        counts=n,
        shifts=np.zeros(2),
        sums=np.column_stack([n, total]).astype(float),
        products=np.array([[n, total], [total, square]]).transpose(2, 0, 1).astype(float),
    )


@pytest.mark.parametrize(
    ("counts", "means", "is_zero"),
    [
        ([2, 2, 1000], [-2.4, 1.0, -0.4], True),
        ([2, 1000, 2], [-2.4, -2.1, 2.8], False),
        ([2, 2, 2, 2, 50, 2], [0.3, -0.6, -1.0, -1.0, 0.3, 0.4], True),
        ([50, 1000, 2, 2, 2], [-1.2, -0.7, -0.3, 1.4, 0.0], False),
    ],
)
def test_of_two_modes_the_higher_one_wins(counts: list[int], means: list[float], is_zero: bool) -> None:
    sums = one_way_sums(counts, means)
    fit = fit_mixed(sums, is_reml=False)
    likelihood = Likelihood.of(sums, is_reml=False)
    ratios = [0.0, *np.geomspace(1e-8, 1e4, 200)]
    lowest = min(likelihood.profile(np.array([ratio])).value for ratio in ratios)
    assert fit.deviance <= lowest + 1e-9
    assert (fit.theta[0] == 0.0) == is_zero


def test_one_row_more_than_groups_still_has_the_highest_likelihood() -> None:
    # the residual has one degree of freedom within the groups, so that the likelihood is near flat
    sums = one_way_sums([2, 1, 1, 1, 1, 1], [0.5, 8.0, -6.0, 3.0, 1.1, -7.0])
    fit = fit_mixed(sums)
    likelihood = Likelihood.of(sums, is_reml=True)
    here = likelihood.profile(fit.theta)
    assert np.abs(here.gradient * (fit.theta + here.unit)).max() < 1e-9
    ratios = [0.0, *np.geomspace(1e-8, 1e8, 300)]
    assert here.value <= min(likelihood.profile(np.array([ratio])).value for ratio in ratios)


def test_likelihood_that_is_flat_is_named_with_its_level() -> None:
    # x takes up one row of the only school with two, so that school and residual always come together
    rows = [("a", 0.0, 1.0), ("a", 1.0, 5.0), ("b", 0.0, 2.0), ("c", 0.0, 4.0), ("d", 0.0, 3.0)]
    connection = frame("school text, x double, y double", rows)
    sums = cross_products(connection, "frame", Design.of_columns("y", ["x"], ["school"]))
    with pytest.raises(NotConvergedError, match="flat: no maximum by the variance of school"):
        fit_mixed(sums)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), spread=st.floats(0.0, 3.0), is_reml=st.booleans())
def test_no_ratio_nearby_has_a_higher_likelihood_however_unequal_the_weights(
    seed: int, spread: float, is_reml: bool
) -> None:
    rng = np.random.default_rng(seed)
    counts = np.maximum(2, np.round(np.exp(1.0 + spread * rng.normal(size=6)))).astype(int)
    sums = one_way_sums(counts.tolist(), rng.normal(0.0, 10.0 ** rng.uniform(-2, 2), 6).tolist())
    fit = fit_mixed(sums, is_reml=is_reml)
    likelihood = Likelihood.of(sums, is_reml=is_reml)
    unit = likelihood.profile(fit.theta).unit
    for factor in (0.0, 0.5, 0.99, 1.01, 2.0, 100.0):
        other = likelihood.profile(np.maximum((fit.theta + unit) * factor - unit, 0.0)).value
        assert fit.deviance <= other + 1e-9


def test_details_say_groups_variances_and_shares() -> None:
    rows = [("a", 1.0), ("a", 3.0), ("b", 4.0), ("b", 6.0), ("c", 10.0), ("c", 12.0)]
    fit = fit_mixed(
        cross_products(frame("school text, y double", rows), "frame", Design.of_columns("y", [], ["school"]))
    )
    details = fit.details()
    assert fit.response == "y"
    assert details["Groups of school"] == 3
    # variances 20 and 2: 20 / 22
    assert details["ICC of school"] == pytest.approx(20 / 22, rel=1e-7)
    assert details["Marginal R-squared"] == pytest.approx(0.0, abs=1e-12)
    assert details["Conditional R-squared"] == pytest.approx(20 / 22, rel=1e-7)
    assert details["Log-Likelihood"] == pytest.approx(-fit.deviance / 2)
    assert details["Variance of zero"] == "none"


def test_intraclass_correlation_counts_the_groups_around() -> None:
    rows = balanced_rows((1.0 + 2.0 * 3.0 + 6.0 * 4.0, 1.0 + 2.0 * 3.0, 1.0))
    connection = frame("school text, teacher text, y double", rows)
    fit = fit_mixed(cross_products(connection, "frame", Design.of_columns("y", [], ["teacher", "school"])))
    # variances 3, 4 and 1: rows of a teacher share 3 + 4 of 8, rows of a school 4
    expected = {"teacher": 7 / 8, "school": 4 / 8}
    assert fit.intraclass_correlations == pytest.approx(expected, rel=1e-7)


def test_likelihood_is_unknown_with_precision_weights() -> None:
    data = nested_frame(seed=11)
    data["weight"] = np.random.default_rng(1).uniform(0.5, 2.0, len(data))
    design = Design.of_columns("y", ["x1"], ["school"], weight="weight", weight_kind="precision")
    fit = fit_mixed(cross_products(connection_with(data), "frame", design))
    assert fit.log_likelihood is None
    assert fit.n_observations == len(data)
    assert fit.details()["Log-Likelihood"] == "unknown with precision weights"
    assert fit.details()["Weights"] == "weight (precision)"


def test_precisions_of_clusters_add_up_to_the_information_of_the_fit() -> None:
    data = nested_frame(seed=12)
    design = Design.of_columns("y", ["x1", "x2"], ["teacher", "school"])
    sums = cross_products(connection_with(data), "frame", design)
    fit = fit_mixed(sums)
    found = fit.precisions(sums)
    assert found.shape == (data["school"].nunique(), 4, 4)
    x = sums.regressors
    _, covariance = sums.unshifted(fit.params, fit.sigma2 * np.linalg.inv(found.sum(axis=0)[x, x]))
    np.testing.assert_allclose(covariance, fit.cov_params, rtol=1e-9)


def test_precisions_of_products_by_teacher_are_those_by_school() -> None:
    data = nested_frame(seed=13)
    by_school = Design.of_columns("y", ["x1", "x2"], ["teacher", "school"])
    by_teacher = Design.of_columns("y", ["x1", "x2"], ["teacher", "school"], cluster="teacher")
    connection = connection_with(data)
    first, second = (cross_products(connection, "frame", design) for design in (by_school, by_teacher))
    one, other = fit_mixed(first), fit_mixed(second)
    np.testing.assert_allclose(other.params, one.params, rtol=1e-9)
    np.testing.assert_allclose(other.precisions(second), one.precisions(first), rtol=1e-8, atol=1e-9)


def test_sums_of_another_model_are_refused() -> None:
    data = nested_frame(seed=14)
    sums = cross_products(connection_with(data), "frame", Design.of_columns("y", ["x1", "x2"], ["school"]))
    fit = fit_mixed(sums)
    with pytest.raises(EstimationError, match="not those that the model was fitted to"):
        fit.precisions(sums.select(["x1"]))


@pytest.mark.parametrize(
    "module",
    [
        "mixed.fit",
        "mixed.random_effects",
        "mixed.intervals",
        "formulas.compiler",
        "sums.summation",
        "robust.one_way",
        "linear.within",
    ],
)
def test_importing_a_module_imports_no_heavy_package(module: str) -> None:
    heavy = ("formulaic", "pyfixest", "pandas", "statsmodels", "scipy.stats")
    code = f"""import sys, transforms.estimation.{module}
print([name for name in {heavy} if name in sys.modules])"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
