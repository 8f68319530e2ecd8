"""The variance ratios of a nested mixed model: maximum of the profiled likelihood from two starts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from transforms.estimation.criterion import Profile, profile
from transforms.estimation.crossproducts import CrossProducts, FloatArray
from transforms.estimation.errors import NotConvergedError

_MAX_NEWTON_STEPS = 50
# Newton steps are quadratic: a step of 1e-8 leaves an error far below the 1e-6 that is promised.
_STEP_TOLERANCE = 1e-8


def best_ratios(sums: CrossProducts, is_reml: bool) -> FloatArray:
    """The ratios of the higher of the two maxima that the two starts lead to (mostly one and the same)."""
    unit = np.array([len(w) / w.sum() for w in _level_weights(sums)])
    reached: list[tuple[float, FloatArray]] = []
    reasons: list[str] = []
    for start in (unit, np.ones_like(unit)):
        try:
            theta = _newton(sums, start, unit, is_reml)
        except NotConvergedError as error:
            reasons.append(str(error))
            continue
        reached.append((profile(sums, theta, is_reml=is_reml).deviance, theta))
    if not reached:
        raise NotConvergedError(reasons[0])
    return min(reached, key=lambda pair: pair[0])[1]


def _newton(sums: CrossProducts, theta: FloatArray, unit: FloatArray, is_reml: bool) -> FloatArray:
    """Newton steps in log(theta + unit), where unit is one over the mean weight of a group.

    In that scale the criterion is near quadratic over many orders of theta, and 0 is a finite bound.
    A ratio at 0 whose gradient points below 0 stays there.
    """
    here = profile(sums, theta, is_reml=is_reml)
    for _ in range(_MAX_NEWTON_STEPS):
        free = np.flatnonzero((theta > 0.0) | (here.gradient < 0.0))
        if not len(free):
            return theta
        scale = (theta + unit)[free]
        gradient = here.gradient[free] * scale
        hessian = _hessian(sums, theta, here.gradient, free, unit, is_reml)
        values, vectors = np.linalg.eigh(hessian * np.outer(scale, scale) + np.diag(gradient))
        if values[0] <= 1e-9 * max(values[-1], 1.0) and np.abs(gradient).max() < 1e-7:
            raise NotConvergedError("the likelihood is flat: the variances cannot be told apart")
        curvature = np.maximum(np.abs(values), 1e-6 * np.abs(values).max())
        step = np.clip(-vectors @ ((vectors.T @ gradient) / curvature), -3.0, 3.0)
        moved, here = _backtracked(sums, theta, free, step, unit, here, is_reml)
        change = np.abs(moved - theta) / (theta + unit)
        is_bound_new = bool(np.any((moved == 0.0) & (theta > 0.0)))
        theta = moved
        if change.max() < _STEP_TOLERANCE and values[0] > 0.0 and not is_bound_new:
            return theta
    raise NotConvergedError(f"no maximum of the likelihood after {_MAX_NEWTON_STEPS} Newton steps")


def _backtracked(
    sums: CrossProducts,
    theta: FloatArray,
    free: NDArray[np.intp],
    step: FloatArray,
    unit: FloatArray,
    here: Profile,
    is_reml: bool,
) -> tuple[FloatArray, Profile]:
    """The longest of the halved steps that does not raise the deviance beyond rounding."""
    allowance = 1e-12 * max(abs(here.deviance), sums.n_observations)
    for halving in range(30):
        moved = theta.copy()
        grown = (theta + unit)[free] * np.exp(step * 0.5**halving) - unit[free]
        moved[free] = np.where(grown > 1e-9 * unit[free], grown, 0.0)
        there = profile(sums, moved, is_reml=is_reml)
        if there.deviance <= here.deviance + allowance:
            return moved, there
    return theta, here


def _hessian(
    sums: CrossProducts,
    theta: FloatArray,
    gradient: FloatArray,
    free: NDArray[np.intp],
    unit: FloatArray,
    is_reml: bool,
) -> FloatArray:
    """Forward differences of the exact gradient by the free ratios: it sets the pace of the Newton
    steps, while where they end is set by the gradient alone."""
    columns = []
    for k in free:
        moved = theta.copy()
        moved[k] += 1e-5 * (theta[k] + unit[k])
        ahead = profile(sums, moved, is_reml=is_reml).gradient
        columns.append((ahead - gradient)[free] / (moved[k] - theta[k]))
    hessian = np.array(columns)
    return (hessian + hessian.T) / 2.0


def _level_weights(sums: CrossProducts) -> list[FloatArray]:
    """Total weight of each group (groups), by level."""
    weights = [sums.sums[:, 0]]
    for parent in sums.parents:
        weights.append(np.bincount(parent, weights=weights[-1]).astype(np.float64))
    return weights
