"""Results from sums equal statsmodels' own, where both have the same degrees of freedom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from transforms.estimation.results import results
from transforms.estimation.sums.crossproducts import FloatArray

NAMES = ("intercept", "hours:within", "C(grade)[T.4]", "school size")
# both invert X'WX, of condition below 10: 1e-15 x 10, with three digits to spare
CLOSE: dict[str, Any] = {"rtol": 1e-10, "atol": 1e-14}


@dataclass(frozen=True)
class DenseFit:
    """Weighted least squares by dense algebra."""

    method: str
    params: FloatArray
    cov_params: FloatArray
    sigma2: float
    n_rows: int
    n_observations: float
    response: str = "score"
    names: tuple[str, ...] = NAMES

    def details(self) -> Mapping[str, str | float | int]:
        return {}

    def df_for(self, contrasts: FloatArray) -> FloatArray:
        return np.full(len(contrasts), float(self.n_rows - len(self.names)))


@dataclass(frozen=True)
class ClusterCovariance:
    cov_params: FloatArray
    n_clusters: int
    name: str = "CR1 by school"

    def df_for(self, contrasts: FloatArray) -> FloatArray:
        return np.full(len(contrasts), self.n_clusters - 1.0)


@dataclass(frozen=True)
class Data:
    x: FloatArray
    y: FloatArray
    weights: FloatArray
    school: FloatArray


def seeded(seed: int) -> Data:
    """120 rows in 10 schools, effects of a few standard errors so that no p-value is all rounding."""
    random = np.random.default_rng(seed)
    school = np.repeat(np.arange(10.0), 12)
    x = np.column_stack(
        (np.ones(120), random.normal(size=120), random.integers(0, 2, 120) * 1.0, school / 10)
    )
    noise = random.normal(size=10)[school.astype(int)] * 0.3 + random.normal(size=120)
    return Data(x, x @ np.array([0.3, 0.2, -0.4, 0.5]) + noise, random.uniform(0.2, 1.0, 120), school)


def least_squares(data: Data, weights: FloatArray, method: str) -> DenseFit:
    inverse = np.linalg.inv(data.x.T @ (weights[:, None] * data.x)).astype(np.float64)
    params = inverse @ data.x.T @ (weights * data.y)
    sigma2 = float(weights @ (data.y - data.x @ params) ** 2) / (120 - len(NAMES))
    return DenseFit(method, params, sigma2 * inverse, sigma2, 120, float(weights.sum()))


def clustered(data: Data, fit: DenseFit) -> ClusterCovariance:
    """CR1 with statsmodels' factor G / (G - 1) x (n - 1) / (n - p)."""
    rows = data.x * (data.y - data.x @ fit.params)[:, None]
    scores = np.array([rows[data.school == g].sum(axis=0) for g in range(10)])
    bread = fit.cov_params / fit.sigma2
    factor = 10 / 9 * 119 / (120 - len(NAMES))
    return ClusterCovariance(factor * bread @ scores.T @ scores @ bread, 10)


@cache
def pair(case: str) -> tuple[Any, Any]:
    """The same model by this project and by statsmodels."""
    data = seeded(seed=41)
    y, x = pd.Series(data.y, name="score"), pd.DataFrame(data.x, columns=list(NAMES))
    if case == "wls":
        weighted = least_squares(data, data.weights, "WLS")
        return results(weighted), sm.WLS(y, x, weights=data.weights).fit()
    fit = least_squares(data, np.ones(120), "OLS")
    if case == "ols":
        return results(fit), sm.OLS(y, x).fit()
    groups = {"groups": data.school.astype(int)}
    theirs = sm.OLS(y, x).fit(cov_type="cluster", use_t=True, cov_kwds=groups)
    return results(fit, clustered(data, fit)), theirs


CASES = pytest.mark.parametrize("case", ["ols", "wls", "cluster"])
CONTRASTS: dict[str, Any] = {
    "coefficient": "hours:within = 0",
    "difference": "hours:within - C(grade)[T.4] = 0.25",
    "name with a space": "2 * school size + hours:within = 1",
    "vector": [0.0, 1.0, 0.0, -1.0],
    "matrix": np.array([[1.0, 1.0, 0.5, 0.3], [0.0, 1.0, 1.0, 0.0]]),
    "list": ["hours:within = C(grade)[T.4]", "school size = 2"],
    "dict": {"hours:within": 0.1, "school size": 0.0},
    "pair": (np.eye(4)[1:], [0.0, 0.5, 1.0]),
}


@CASES
def test_coefficients_errors_and_limits(case: str) -> None:
    ours, theirs = pair(case)
    for name in ("params", "bse", "tvalues", "pvalues"):
        pd.testing.assert_series_equal(getattr(ours, name), getattr(theirs, name), **CLOSE)
    pd.testing.assert_frame_equal(ours.cov_params(), theirs.cov_params(), **CLOSE)
    for alpha in (0.05, 0.2):
        pd.testing.assert_frame_equal(ours.conf_int(alpha), theirs.conf_int(alpha), **CLOSE)
    assert ours.scale == pytest.approx(theirs.scale, rel=1e-10)
    assert ours.df_resid == theirs.df_resid == 116


@CASES
@pytest.mark.parametrize("name", CONTRASTS)
def test_contrasts(case: str, name: str) -> None:
    ours, theirs = (fitted.t_test(CONTRASTS[name]) for fitted in pair(case))
    for part in ("effect", "sd", "tvalue", "pvalue"):
        mine, other = np.asarray(getattr(ours, part)), np.asarray(getattr(theirs, part))
        assert mine.shape == other.shape
        np.testing.assert_allclose(mine, other, err_msg=part, **CLOSE)
    np.testing.assert_allclose(ours.conf_int(0.1), theirs.conf_int(0.1), **CLOSE)
    assert set(ours.df_denom) == {theirs.df_denom}
    pd.testing.assert_frame_equal(ours.summary_frame(), theirs.summary_frame(), **CLOSE)


@CASES
@pytest.mark.parametrize("name", CONTRASTS)
def test_joint_tests(case: str, name: str) -> None:
    fits = pair(case)
    ours, theirs = (fitted.f_test(CONTRASTS[name]) for fitted in fits)
    for part in ("fvalue", "pvalue", "df_num", "df_denom"):
        assert float(getattr(ours, part)) == pytest.approx(float(getattr(theirs, part)), rel=1e-10), part
    ours, theirs = (fitted.wald_test(CONTRASTS[name], use_f=False, scalar=True) for fitted in fits)
    assert float(ours.statistic) == pytest.approx(float(theirs.statistic), rel=1e-10)
    assert float(ours.pvalue) == pytest.approx(float(theirs.pvalue), rel=1e-10)


@CASES
def test_frame_holds_what_statsmodels_has(case: str) -> None:
    ours, theirs = pair(case)
    expected = pd.DataFrame(
        {
            "term": list(NAMES),
            "estimate": theirs.params.to_numpy(),
            "std_error": theirs.bse.to_numpy(),
            "df": 9.0 if case == "cluster" else 116.0,
            "statistic": theirs.tvalues.to_numpy(),
            "p_value": theirs.pvalues.to_numpy(),
            "conf_low": theirs.conf_int()[0].to_numpy(),
            "conf_high": theirs.conf_int()[1].to_numpy(),
        }
    )
    pd.testing.assert_frame_equal(ours.to_frame(), expected, **CLOSE)


@CASES
def test_coefficient_lines_of_the_summary_are_statsmodels_with_df_added(case: str) -> None:
    ours, theirs = pair(case)

    def numbers(text: str, count: int) -> list[list[str]]:
        return [line.split()[-count:] for line in text.splitlines() if line.startswith(NAMES)]

    without_df = [line[:2] + line[3:] for line in numbers(str(ours.summary()), 7)]
    assert without_df == numbers(str(theirs.summary()), 6)
    assert len(without_df) == 4


@CASES
def test_predictions_and_their_errors(case: str) -> None:
    ours, theirs = pair(case)
    rows = pd.DataFrame([[1.0, 0.5, 1.0, 0.2], [1.0, -1.0, 0.0, 0.9]], columns=list(NAMES), index=["a", "b"])
    pd.testing.assert_series_equal(ours.predict(rows), theirs.predict(rows), **CLOSE)
    np.testing.assert_allclose(ours.t_test(rows.to_numpy()).sd, theirs.get_prediction(rows).se_mean, **CLOSE)
