"""Ordinary and weighted least squares, from sums alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from transforms.estimation.errors import EstimationError
from transforms.estimation.linear.rank import check_rank
from transforms.estimation.linear.solve import inverse
from transforms.estimation.sums.crossproducts import CrossProducts, FloatArray

# Share of the squares that the residual sum of squares is the difference of: below it, rounding leaves the
# residual variance fewer than 6 of 16 digits.
EXACT_FIT = 1e-10


def lost_residual(response: str) -> str:
    """What is said where the residual has fewer than 6 digits."""
    return (
        f"the residual of {response} is lost in rounding: the columns fit it exactly, or nearly so, or are"
        " themselves nearly dependent"
    )


class TooFewObservationsError(EstimationError):
    """There are no more observations than parameters."""


class ExactFitError(EstimationError):
    """The columns fit the response exactly, so nothing is left to tell a residual variance from."""


@dataclass(frozen=True, eq=False)
class LeastSquaresFit:
    """A fitted model y = X beta + residual.

    ``params`` (p) and ``cov_params`` (p, p), the classical covariance, are named by ``names``, in units of
    the response per unit of the column. ``sigma2`` is the residual variance (of a row of weight 1 where
    the weights are precisions). ``df_resid`` = n_observations - p - n_absorbed, where ``n_absorbed``
    counts fixed effects without a coefficient. ``r_squared`` is about the mean where the columns hold a
    constant, and within the factor where one is absorbed. ``log_likelihood`` is Gaussian, None with
    precision weights: it needs the sum of their logarithms. ``notes`` are further lines of the summary.
    """

    method: str
    response: str
    names: tuple[str, ...]
    params: FloatArray
    cov_params: FloatArray
    sigma2: float
    n_rows: int
    n_observations: float
    df_resid: float
    n_absorbed: int
    r_squared: float
    log_likelihood: float | None
    condition_number: float
    notes: Mapping[str, str | int | float]

    @property
    def std_errors(self) -> FloatArray:
        """Classical standard errors (p) of ``params``."""
        return np.sqrt(np.diag(self.cov_params))

    def df_for(self, contrasts: FloatArray) -> FloatArray:
        """Degrees of freedom (k) of the contrasts (k, p): those of the residual."""
        return np.full(len(contrasts), self.df_resid)

    def details(self) -> dict[str, str | int | float]:
        """Further lines of a summary, by label."""
        likelihood = self.log_likelihood
        return {
            "Df Residuals": self.df_resid,
            "R-squared Within" if self.n_absorbed else "R-squared": self.r_squared,
            "Log-Likelihood": "unknown with precision weights" if likelihood is None else likelihood,
            "Cond. No.": self.condition_number,
            **self.notes,
        }

    def precisions(self, sums: CrossProducts) -> FloatArray:
        """[X y]'W[X y] of each cluster about the shifts (clusters, q, q)."""
        return sums.products


@dataclass(frozen=True, eq=False)
class Solution:
    """Coefficients (p) about the shifts, their classical covariance (p, p), and the residual."""

    params: FloatArray
    cov_params: FloatArray
    residual_squares: float
    sigma2: float
    df_resid: float


def fit_least_squares(sums: CrossProducts) -> LeastSquaresFit:
    """Fit by ordinary least squares, or by weighted least squares where the sums have weights.

    Frequency weights act as that many repeated rows, precision weights as in the WLS of statsmodels.
    Raises RankDeficientError with the columns, TooFewObservationsError, ExactFitError.
    """
    x = sums.regressors
    if not sums.names[x]:
        raise EstimationError("the model has no columns")
    check_rank(sums)
    total = sums.products.sum(axis=0)
    found = solve(sums, total, x, n_absorbed=0)
    params, covariance = sums.unshifted(found.params, found.cov_params)
    return LeastSquaresFit(
        method="OLS" if sums.weight_name is None else "WLS",
        response=sums.names[-1],
        names=sums.names[x],
        params=params,
        cov_params=covariance,
        sigma2=found.sigma2,
        n_rows=sums.n_rows,
        n_observations=sums.n_observations,
        df_resid=found.df_resid,
        n_absorbed=0,
        r_squared=1.0 - found.residual_squares / _total_squares(total, x),
        log_likelihood=gaussian_log_likelihood(sums, found.residual_squares),
        condition_number=sums.condition_number(),
        notes=weight_notes(sums),
    )


def solve(sums: CrossProducts, products: FloatArray, x: slice, *, n_absorbed: int) -> Solution:
    """Solve the normal equations of ``products`` (q, q), which were computed from ``sums``.

    Raises TooFewObservationsError and ExactFitError.
    """
    inverted, _ = inverse(products[x, x])
    df_resid = residual_freedom(sums, len(inverted), n_absorbed)
    params = inverted @ products[x, -1]
    residual = np.zeros(len(products))
    residual[x], residual[-1] = -params, 1.0
    squares = float(residual @ products @ residual)
    lengths = np.sqrt(np.diag(sums.products.sum(axis=0)))
    if squares <= EXACT_FIT * float(np.abs(residual) @ lengths) ** 2:
        raise ExactFitError(lost_residual(sums.names[-1]))
    sigma2 = squares / df_resid
    return Solution(params, sigma2 * inverted, squares, sigma2, df_resid)


def residual_freedom(sums: CrossProducts, n_columns: int, n_absorbed: int) -> float:
    """Degrees of freedom of the residual. Raises TooFewObservationsError where none is left."""
    freedom = sums.n_observations - n_columns - n_absorbed
    if freedom <= 0.0:
        absorbed = f" and {n_absorbed} absorbed fixed effects" if n_absorbed else ""
        raise TooFewObservationsError(
            f"{sums.n_observations:g} observations are too few for {n_columns} coefficients{absorbed}"
        )
    return freedom


def gaussian_log_likelihood(sums: CrossProducts, residual_squares: float) -> float | None:
    """Maximum of the Gaussian log likelihood, as ``llf`` of statsmodels' OLS; None with precision weights."""
    if sums.weight_name is not None and sums.weight_kind == "precision":
        return None
    n = sums.n_observations
    return -n / 2.0 * (float(np.log(2.0 * np.pi * residual_squares / n)) + 1.0)


def weight_notes(sums: CrossProducts) -> dict[str, str | int | float]:
    """The line of a summary that says what the weights are."""
    return {} if sums.weight_name is None else {"Weights": f"{sums.weight_name} ({sums.weight_kind})"}


def _total_squares(products: FloatArray, x: slice) -> float:
    """Squares of the response about its mean where the columns add up to a constant, else about 0.

    Dummies of every level add up to 1 without an intercept; statsmodels centres there, too.
    """
    constant, scale = products[0, x], 1.0 / np.sqrt(np.diag(products)[x])
    explained = (constant * scale) @ np.linalg.solve(
        products[x, x] * np.outer(scale, scale), constant * scale
    )
    has_constant = explained > (1.0 - 1e-10) * products[0, 0]
    mean_square = products[0, -1] ** 2 / products[0, 0] if has_constant else 0.0
    return float(products[-1, -1] - mean_square)
