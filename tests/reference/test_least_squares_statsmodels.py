"""Least squares from sums equals statsmodels on the rows.

Tolerance: 1e-8 relative throughout. What is seen is 1e-12: scores near 650 with a spread of 40 cost
statsmodels two digits, the sums none, since they stand about constants near the means.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from tests.reference.dense_mixed import connection_with
from transforms.estimation.linear.least_squares import LeastSquaresFit, fit_least_squares
from transforms.estimation.sums.crossproducts import CrossProducts
from transforms.estimation.sums.design import Design, Terms, WeightKind
from transforms.estimation.sums.summation import cross_products

COLUMNS = ["prior", "hours", "is_novice"]
CLOSE = 1e-8


def scores(seed: int, n_rows: int = 400) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "school": rng.integers(0, 12, n_rows),
            "prior": np.round(rng.normal(650, 40, n_rows)),
            "hours": rng.gamma(2.0, 8.0, n_rows),
            "is_novice": (rng.random(n_rows) < 0.2).astype(float),
            "times": rng.integers(1, 5, n_rows).astype(float),
            "precision": rng.uniform(0.1, 3.0, n_rows),
        }
    )
    frame["score"] = np.round(150 + 0.8 * frame["prior"] + 0.1 * frame["hours"] + rng.normal(0, 20, n_rows))
    return frame


def sums_of(
    frame: pd.DataFrame,
    *,
    weight: str | None = None,
    weight_kind: WeightKind = "frequency",
    has_intercept: bool = True,
) -> CrossProducts:
    terms = Terms.of_columns("score", COLUMNS)
    terms = Terms(terms.response, terms.columns, has_intercept)
    design = Design(terms, ("school",), weight, weight_kind=weight_kind)
    return cross_products(connection_with(frame), "frame", design)


def assert_same(fit: LeastSquaresFit, expected: sm.regression.linear_model.RegressionResults) -> None:
    np.testing.assert_allclose(fit.params, expected.params, rtol=CLOSE)
    np.testing.assert_allclose(fit.std_errors, expected.bse, rtol=CLOSE)
    np.testing.assert_allclose(fit.cov_params, expected.cov_params(), rtol=CLOSE)
    assert fit.df_resid == expected.df_resid
    assert fit.sigma2 == pytest.approx(expected.scale, rel=CLOSE)
    assert fit.r_squared == pytest.approx(expected.rsquared, rel=CLOSE)


@pytest.mark.parametrize("has_intercept", [True, False], ids=["intercept", "no_intercept"])
def test_unweighted_fit_equals_ols(has_intercept: bool) -> None:
    frame = scores(seed=1)
    x = sm.add_constant(frame[COLUMNS]) if has_intercept else frame[COLUMNS]
    expected = sm.OLS(frame["score"], x).fit()
    fit = fit_least_squares(sums_of(frame, has_intercept=has_intercept))
    assert_same(fit, expected)
    assert fit.log_likelihood == pytest.approx(expected.llf, rel=CLOSE)
    assert fit.method == "OLS"


@pytest.mark.parametrize("has_intercept", [True, False], ids=["intercept", "no_intercept"])
def test_frequency_weights_equal_ols_on_repeated_rows(has_intercept: bool) -> None:
    frame = scores(seed=2)
    repeated = frame.loc[frame.index.repeat(frame["times"].astype(int))]
    x = sm.add_constant(repeated[COLUMNS]) if has_intercept else repeated[COLUMNS]
    expected = sm.OLS(repeated["score"], x).fit()
    fit = fit_least_squares(sums_of(frame, weight="times", has_intercept=has_intercept))
    assert_same(fit, expected)
    assert fit.log_likelihood == pytest.approx(expected.llf, rel=CLOSE)
    assert (fit.n_observations, fit.n_rows) == (len(repeated), len(frame))


@pytest.mark.parametrize("has_intercept", [True, False], ids=["intercept", "no_intercept"])
def test_precision_weights_equal_wls(has_intercept: bool) -> None:
    frame = scores(seed=3)
    x = sm.add_constant(frame[COLUMNS]) if has_intercept else frame[COLUMNS]
    expected = sm.WLS(frame["score"], x, weights=frame["precision"]).fit()
    sums = sums_of(frame, weight="precision", weight_kind="precision", has_intercept=has_intercept)
    fit = fit_least_squares(sums)
    assert_same(fit, expected)
    assert (fit.n_observations, fit.method) == (len(frame), "WLS")


def test_dummies_without_an_intercept_have_r_squared_about_the_mean() -> None:
    frame = scores(seed=4)
    frame["is_veteran"] = 1.0 - frame["is_novice"]
    columns = ["is_novice", "is_veteran", "hours"]
    terms = Terms.of_columns("score", columns)
    design = Design(Terms(terms.response, terms.columns, has_intercept=False), ("school",))
    fit = fit_least_squares(cross_products(connection_with(frame), "frame", design))
    assert_same(fit, sm.OLS(frame["score"], frame[columns]).fit())


def test_contrasts_have_the_variance_of_statsmodels() -> None:
    frame = scores(seed=5)
    expected = sm.OLS(frame["score"], sm.add_constant(frame[COLUMNS])).fit()
    fit = fit_least_squares(sums_of(frame))
    contrast = np.array([0.0, 0.0, 14.0, -1.0])
    test = expected.t_test(contrast)
    assert contrast @ fit.params == pytest.approx(test.effect.item(), rel=CLOSE)
    assert contrast @ fit.cov_params @ contrast == pytest.approx(test.sd.item() ** 2, rel=CLOSE)
    assert fit.df_for(contrast[None]).item() == test.df_denom
