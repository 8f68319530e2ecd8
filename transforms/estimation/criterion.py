"""The profiled likelihood of a nested mixed model and its gradient, from sums."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.estimation.crossproducts import CrossProducts, FloatArray
from transforms.estimation.errors import NotConvergedError
from transforms.estimation.nested import reduce_levels, slopes

# Residual sum of squares over total: below it, the residual is the rounding of the sums.
_EXACT_FIT = 1e-14


@dataclass(frozen=True)
class Profile:
    """-2 log likelihood with beta and sigma2 profiled out, its gradient by theta, and their values."""

    deviance: float
    gradient: FloatArray
    params: FloatArray
    inverse: FloatArray
    sigma2: float


def profile(sums: CrossProducts, theta: FloatArray, *, is_reml: bool) -> Profile:
    """The profiled criterion at ``theta`` (levels), with its exact gradient.

    By theta_k: d log|V| = sum of z'V^-1z; d log|X'V^-1X| = -tr((X'V^-1X)^-1 sum of X'V^-1z z'V^-1X);
    d rss = -sum of (z'V^-1(y - X beta))^2; each sum over the groups of level k.
    """
    reduction = reduce_levels(sums, theta)
    x = sums.regressors
    inverse, log_determinant_x = _inverse(reduction.precision[x, x])
    params = inverse @ reduction.precision[x, -1]
    residual = np.zeros(len(sums.names))
    residual[x], residual[-1] = -params, 1.0
    rss = float(residual @ reduction.precision @ residual)
    p = len(params)
    freedom = sums.n_observations - p if is_reml else sums.n_observations
    if freedom <= 0 or rss <= _EXACT_FIT * max(float(sums.products[:, -1, -1].sum()), 1e-300):
        raise NotConvergedError("no residual variance is left: the columns fit the response exactly")
    sigma2 = rss / freedom
    deviance = freedom * (1.0 + np.log(2.0 * np.pi * sigma2)) + reduction.log_determinant
    gradient = np.empty(len(theta))
    for k, slope in enumerate(slopes(sums, theta, reduction)):
        gradient[k] = slope.trace - float(residual @ slope.gram @ residual) / sigma2
        if is_reml:
            gradient[k] -= float(np.sum(inverse * slope.gram[x, x]))
    if is_reml:
        deviance += log_determinant_x
    return Profile(float(deviance), gradient, params, inverse, sigma2)


def _inverse(precision: FloatArray) -> tuple[FloatArray, float]:
    """Inverse and log determinant of a positive definite matrix, scaled to a unit diagonal first."""
    diagonal = np.diag(precision)
    if np.any(diagonal <= 0.0):
        raise NotConvergedError("a column has no variation left within the groups")
    scale = 1.0 / np.sqrt(diagonal)
    try:
        root = np.linalg.inv(np.linalg.cholesky(precision * np.outer(scale, scale)))
    except np.linalg.LinAlgError as error:
        raise NotConvergedError("the columns cannot be told apart within the groups") from error
    log_determinant = -2.0 * float(np.log(np.diag(root)).sum()) - 2.0 * float(np.log(scale).sum())
    return (root.T @ root) * np.outer(scale, scale), log_determinant
