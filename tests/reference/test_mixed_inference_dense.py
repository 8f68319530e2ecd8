"""Predictors, degrees of freedom, shares of variance and intervals from sums equal dense algebra."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize
from scipy.special import chdtri

from tests.reference.dense_mixed import (
    connection_with,
    design,
    deviance_by_variances,
    indicators,
    nested_frame,
    predictions_dense,
    satterthwaite_dense,
)
from transforms.estimation.mixed.fit import MixedFit, fit_mixed
from transforms.estimation.mixed.intervals import variance_intervals
from transforms.estimation.mixed.random_effects import random_effects
from transforms.estimation.sums.crossproducts import CrossProducts
from transforms.estimation.sums.design import Design
from transforms.estimation.sums.summation import cross_products

LEVELS = {1: ["school"], 2: ["teacher", "school"], 3: ["teacher_year", "teacher", "school"]}
COLUMNS = ["x1", "x2"]
# no variance of these frames is estimated as zero
SEEDS = {1: 31, 2: 32, 3: 41}


def sums_of(frame: pd.DataFrame, groups: list[str], weight: str | None = None) -> CrossProducts:
    design = Design.of_columns("y", COLUMNS, groups, weight=weight, weight_kind="precision")
    return cross_products(connection_with(frame), "frame", design)


def variances(fit: MixedFit) -> np.ndarray:
    return np.array([component.variance for component in fit.components])


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_predictors_and_their_errors_solve_the_mixed_model_equations(depth: int) -> None:
    frame, groups = nested_frame(seed=SEEDS[depth]), LEVELS[depth]
    frame["weight"] = np.random.default_rng(depth).uniform(0.3, 2.0, len(frame))
    sums = sums_of(frame, groups, "weight")
    fit = fit_mixed(sums)
    assert not fit.is_boundary
    dense = predictions_dense(
        design(frame, COLUMNS),
        frame["y"].to_numpy(),
        indicators(frame, groups),
        frame["weight"].to_numpy(),
        fit.theta,
        fit.sigma2,
    )
    for k, name in enumerate(groups):
        found = random_effects(sums, fit, name)
        # sorted by outermost id first here, by innermost id first in the dense columns
        order = np.argsort(["|".join(map(str, ids)) for ids in zip(*found.ids, strict=True)])
        for effects, estimates, conditional, errors in (
            (found.own, dense.own, dense.own_conditional, dense.own_errors),
            (found.total, dense.total, dense.total_conditional, dense.total_errors),
        ):
            np.testing.assert_allclose(effects.estimates[order], estimates[k], rtol=1e-9, atol=1e-12)
            np.testing.assert_allclose(effects.conditional_variances[order], conditional[k], rtol=1e-10)
            np.testing.assert_allclose(effects.prediction_errors[order], errors[k], rtol=1e-10)
        np.testing.assert_allclose(
            found.own.reliability, 1 - found.own.prediction_errors / fit.components[k].variance, rtol=1e-12
        )


@pytest.mark.parametrize("is_reml", [True, False], ids=["reml", "ml"])
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_degrees_of_freedom_equal_those_of_numeric_derivatives(depth: int, is_reml: bool) -> None:
    frame, groups = nested_frame(seed=SEEDS[depth]), LEVELS[depth]
    fit = fit_mixed(sums_of(frame, groups), is_reml=is_reml)
    contrasts = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 2.0, -0.5]])
    x, y = design(frame, COLUMNS), frame["y"].to_numpy()
    dense = satterthwaite_dense(contrasts, variances(fit), x, y, indicators(frame, groups), is_reml)
    # fourth-order differences at steps of .01: 1e-7, and a variance near 0 is less even
    np.testing.assert_allclose(fit.df_for(contrasts), dense, rtol=1e-5)


def test_degrees_of_freedom_hold_a_variance_of_zero_there() -> None:
    frame = nested_frame(seed=1)
    sums = sums_of(frame, LEVELS[2])
    fit = fit_mixed(sums)
    assert [component.group_name for component in fit.components if component.is_boundary] == ["school"]
    x, y = design(frame, COLUMNS), frame["y"].to_numpy()
    dense = satterthwaite_dense(np.eye(3), variances(fit), x, y, indicators(frame, LEVELS[2]), True)
    np.testing.assert_allclose(fit.df_for(np.eye(3)), dense, rtol=1e-5)
    # and so they are those of the model without the level
    frame["teacher_of_school"] = frame["school"] + frame["teacher"]
    inner = fit_mixed(sums_of(frame, ["teacher_of_school"]))
    np.testing.assert_allclose(inner.df_for(np.eye(3)), fit.df_for(np.eye(3)), rtol=1e-9)


def test_shares_of_variance_are_those_of_the_fitted_rows() -> None:
    frame = nested_frame(seed=SEEDS[2])
    fit = fit_mixed(sums_of(frame, LEVELS[2]))
    fixed = np.var(design(frame, COLUMNS) @ fit.params, ddof=1)
    teacher, school, residual = variances(fit)
    total = fixed + teacher + school + residual
    assert fit.marginal_r2 == pytest.approx(fixed / total, rel=1e-10)
    assert fit.conditional_r2 == pytest.approx((fixed + teacher + school) / total, rel=1e-10)


@pytest.mark.parametrize("is_reml", [True, False], ids=["reml", "ml"])
@pytest.mark.parametrize("depth", [1, 2])
def test_interval_ends_where_the_dense_profile_has_risen_by_the_quantile(depth: int, is_reml: bool) -> None:
    frame, groups = nested_frame(seed=SEEDS[depth]), LEVELS[depth]
    sums = sums_of(frame, groups)
    fit = fit_mixed(sums, is_reml=is_reml)
    x, y, z = design(frame, COLUMNS), frame["y"].to_numpy(), indicators(frame, groups)

    def lowest(k: int, variance: float) -> float:
        def deviance(roots: np.ndarray) -> float:
            return deviance_by_variances(np.insert(roots**2, k, variance), x, y, z, is_reml)[0]

        start = np.sqrt(np.delete(variances(fit), k))
        options = {"xatol": 1e-7, "fatol": 1e-10}
        return float(minimize(deviance, start, method="Nelder-Mead", options=options).fun)

    for k, interval in enumerate(variance_intervals(sums, fit, level=0.9)):
        assert interval.group_name == fit.components[k].group_name
        # chi-square of 1 degree of freedom, upper 10 %
        rise = chdtri(1, 0.1)
        assert lowest(k, interval.high**2) - fit.deviance == pytest.approx(rise, abs=1e-6)
        at_low = lowest(k, interval.low**2) - fit.deviance
        if interval.low:
            assert at_low == pytest.approx(rise, abs=1e-6)
        else:
            assert at_low < rise
