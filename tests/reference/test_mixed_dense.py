"""The sums give what n x n matrices give."""

from __future__ import annotations

import numpy as np
import pytest

from tests.reference.dense_mixed import (
    connection_with,
    design,
    fit_dense,
    indicators,
    nested_frame,
)
from transforms.estimation.mixed.fit import fit_mixed
from transforms.estimation.sums.design import Design, Terms
from transforms.estimation.sums.summation import cross_products

LEVELS = {1: ["school"], 2: ["teacher", "school"], 3: ["teacher_year", "teacher", "school"]}


@pytest.mark.parametrize("is_reml", [True, False], ids=["reml", "ml"])
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_fit_equals_dense_algebra(depth: int, is_reml: bool) -> None:
    frame, groups = nested_frame(seed=depth), LEVELS[depth]
    sums = cross_products(connection_with(frame), "frame", Design.of_columns("y", ["x1", "x2"], groups))
    fit = fit_mixed(sums, is_reml=is_reml)
    x, y = design(frame, ["x1", "x2"]), frame["y"].to_numpy()
    dense = fit_dense(x, y, indicators(frame, groups), is_reml=is_reml)
    assert fit.log_likelihood == pytest.approx(dense.log_likelihood, rel=1e-10)
    # Nelder-Mead without a gradient stops at about the square root of rounding
    np.testing.assert_allclose(fit.theta, dense.theta, rtol=2e-6, atol=1e-8)
    assert fit.sigma2 == pytest.approx(dense.sigma2, rel=1e-6)
    np.testing.assert_allclose(fit.params, dense.params, rtol=1e-6)
    np.testing.assert_allclose(fit.cov_params, dense.covariance, rtol=3e-6, atol=1e-9)


def test_weight_of_two_equals_the_row_twice() -> None:
    frame = nested_frame(seed=4)
    frame["weight"] = 1.0 + np.arange(len(frame)) % 3
    repeated = frame.loc[frame.index.repeat(frame["weight"].astype(int))]
    groups = LEVELS[3]
    weighted = fit_mixed(
        cross_products(
            connection_with(frame), "frame", Design.of_columns("y", ["x1"], groups, weight="weight")
        )
    )
    rows = fit_mixed(
        cross_products(connection_with(repeated), "frame", Design.of_columns("y", ["x1"], groups))
    )
    np.testing.assert_allclose(weighted.params, rows.params, rtol=1e-8)
    np.testing.assert_allclose(weighted.theta, rows.theta, rtol=1e-6, atol=1e-9)
    assert weighted.log_likelihood == pytest.approx(rows.log_likelihood, rel=1e-11)
    assert weighted.n_observations == frame["weight"].sum()


def test_fractional_weights_equal_dense_algebra_with_the_weights_as_precisions() -> None:
    frame = nested_frame(seed=5)
    frame["weight"] = np.random.default_rng(5).uniform(0.2, 1.0, len(frame))
    sums = cross_products(
        connection_with(frame), "frame", Design.of_columns("y", ["x1"], ["school"], weight="weight")
    )
    fit = fit_mixed(sums)
    # V = W^-1 + theta ZZ'; beta = (X'V^-1X)^-1 X'V^-1y at the fitted theta
    x, y, (z,) = design(frame, ["x1"]), frame["y"].to_numpy(), indicators(frame, ["school"])
    inverse = np.linalg.inv(np.diag(1 / frame["weight"].to_numpy()) + fit.theta[0] * z @ z.T)
    information = x.T @ inverse @ x
    params = np.linalg.solve(information, x.T @ inverse @ y)
    residual = y - x @ params
    np.testing.assert_allclose(fit.params, params, rtol=1e-10)
    # degrees of freedom are the weights less the 2 columns
    sigma2 = residual @ inverse @ residual / (frame["weight"].sum() - 2)
    assert fit.sigma2 == pytest.approx(sigma2, rel=1e-10)
    np.testing.assert_allclose(fit.cov_params, sigma2 * np.linalg.inv(information), rtol=1e-8)


@pytest.mark.parametrize("is_reml", [True, False], ids=["reml", "ml"])
def test_precision_weights_equal_dense_algebra_with_as_many_observations_as_rows(is_reml: bool) -> None:
    frame = nested_frame(seed=15)
    frame["weight"] = np.random.default_rng(5).uniform(0.1, 8.0, len(frame))
    design_ = Design.of_columns("y", ["x1", "x2"], LEVELS[2], weight="weight", weight_kind="precision")
    fit = fit_mixed(cross_products(connection_with(frame), "frame", design_), is_reml=is_reml)
    root = np.sqrt(frame["weight"].to_numpy())
    # rows times the root of their weight have residuals of one variance
    x, y = design(frame, ["x1", "x2"]) * root[:, None], frame["y"].to_numpy() * root
    z = [zk * root[:, None] for zk in indicators(frame, LEVELS[2])]
    dense = fit_dense(x, y, z, is_reml=is_reml)
    assert fit.deviance == pytest.approx(-2 * dense.log_likelihood, rel=1e-10)
    np.testing.assert_allclose(fit.theta, dense.theta, rtol=2e-6, atol=1e-8)
    assert fit.sigma2 == pytest.approx(dense.sigma2, rel=1e-6)
    np.testing.assert_allclose(fit.cov_params, dense.covariance, rtol=3e-6, atol=1e-9)


@pytest.mark.parametrize("is_reml", [True, False], ids=["reml", "ml"])
def test_model_without_intercept_equals_dense_algebra(is_reml: bool) -> None:
    frame, groups = nested_frame(seed=16), LEVELS[2]
    sides = Terms.of_columns("y", ["x1", "x2"])
    terms = Terms(sides.response, sides.columns, has_intercept=False)
    sums = cross_products(connection_with(frame), "frame", Design(terms, tuple(groups)))
    fit = fit_mixed(sums, is_reml=is_reml)
    x, y = frame[["x1", "x2"]].to_numpy(), frame["y"].to_numpy()
    dense = fit_dense(x, y, indicators(frame, groups), is_reml=is_reml)
    assert fit.names == ("x1", "x2")
    assert fit.log_likelihood == pytest.approx(dense.log_likelihood, rel=1e-10)
    np.testing.assert_allclose(fit.theta, dense.theta, rtol=2e-6, atol=1e-8)
    np.testing.assert_allclose(fit.params, dense.params, rtol=1e-6)
    np.testing.assert_allclose(fit.cov_params, dense.covariance, rtol=3e-6, atol=1e-9)
    # the variance of X beta is about its mean, whatever the model
    fixed = np.var(x @ fit.params, ddof=1)
    others = sum(component.variance for component in fit.components)
    assert fit.marginal_r2 == pytest.approx(fixed / (fixed + others), rel=1e-9)


def test_three_schools_equal_dense_algebra() -> None:
    frame = nested_frame(seed=17, schools=3, teachers=2)
    fit = fit_mixed(
        cross_products(connection_with(frame), "frame", Design.of_columns("y", ["x1"], LEVELS[2]))
    )
    x, y = design(frame, ["x1"]), frame["y"].to_numpy()
    dense = fit_dense(x, y, indicators(frame, LEVELS[2]))
    assert fit.components[-2].n_groups == 3
    assert fit.log_likelihood == pytest.approx(dense.log_likelihood, rel=1e-10)
    # Nelder-Mead walks in the roots, where a ratio of 0 is met to 1e-8 at best
    np.testing.assert_allclose(fit.theta, dense.theta, rtol=2e-6, atol=1e-8)


def test_variance_of_zero_is_named_as_boundary_and_equals_least_squares() -> None:
    frame = nested_frame(seed=6)
    x = design(frame, ["x1"])
    # Each school's mean residual is 0, so no school variance is left over: the best ratio is 0.
    means = frame.groupby("school")["y"].transform("mean")
    frame["y"] = frame["y"] - means
    frame["x1"] = frame["x1"] - frame.groupby("school")["x1"].transform("mean")
    fit = fit_mixed(
        cross_products(connection_with(frame), "frame", Design.of_columns("y", ["x1"], ["school"]))
    )
    x[:, 1] = frame["x1"]
    params = np.linalg.lstsq(x, frame["y"].to_numpy(), rcond=None)[0]
    assert fit.is_boundary
    assert fit.theta.tolist() == [0.0]
    assert [c.group_name for c in fit.components if c.is_boundary] == ["school"]
    np.testing.assert_allclose(fit.params, params, atol=1e-12)


def test_large_means_lose_no_digits() -> None:
    frame = nested_frame(seed=7)
    plain = fit_mixed(
        cross_products(connection_with(frame), "frame", Design.of_columns("y", ["x1", "x2"], LEVELS[2]))
    )
    frame["x1"] += 2.0**20
    frame["y"] += 2.0**20
    moved = fit_mixed(
        cross_products(connection_with(frame), "frame", Design.of_columns("y", ["x1", "x2"], LEVELS[2]))
    )
    # 2^20 itself costs 6 of the 16 digits of each value, before any sum
    np.testing.assert_allclose(moved.params[1:], plain.params[1:], rtol=1e-8)
    np.testing.assert_allclose(moved.theta, plain.theta, rtol=1e-6)
    # intercept: b0 + 2^20 - b1 2^20
    expected = plain.params[0] + 2.0**20 * (1 - plain.params[1])
    assert moved.params[0] == pytest.approx(expected, rel=1e-9)
    np.testing.assert_allclose(moved.std_errors[1:], plain.std_errors[1:], rtol=1e-6)


@pytest.mark.slow
def test_fit_equals_statsmodels_mixedlm_on_small_data() -> None:
    from statsmodels.regression.mixed_linear_model import MixedLM

    frame = nested_frame(seed=9, schools=12)
    fit = fit_mixed(
        cross_products(connection_with(frame), "frame", Design.of_columns("y", ["x1", "x2"], ["school"]))
    )
    # its default optimiser ends at a log likelihood of infinity on these rows; Powell's method does not
    model = MixedLM(frame["y"], design(frame, ["x1", "x2"]), groups=frame["school"])
    other = model.fit(reml=True, method="powell")
    # without a gradient it stops at about the square root of rounding, times the scale
    np.testing.assert_allclose(fit.params, other.fe_params, rtol=1e-4)
    assert fit.components[0].variance == pytest.approx(float(other.cov_re.iloc[0, 0]), rel=1e-3)
    assert fit.sigma2 == pytest.approx(other.scale, rel=1e-4)
    assert fit.log_likelihood == pytest.approx(other.llf, rel=1e-7)
