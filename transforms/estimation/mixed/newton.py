"""Minimum of a smooth function of quantities that cannot be negative, by Newton steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.estimation.errors import NotConvergedError
from transforms.estimation.sums.crossproducts import FloatArray

_MAX_STEPS = 50
_MAX_HALVINGS = 30
_LONGEST_STEP = 3.0
# Newton steps are quadratic: a step of 1e-8 leaves an error far below the 1e-6 that is promised.
_STEP_TOLERANCE = 1e-8
# A full step that ends this near to a known minimum would end in it: the next would be within 1e-6.
_BASIN = 1e-3


@dataclass(frozen=True, eq=False)
class Point:
    """A function's ``value`` at ``at`` (K), its ``gradient`` (K) and ``hessian`` (K, K).

    Well below ``unit`` (K) the function is near linear in x, well above it in log x; 0 where x is never 0.
    ``rounding`` is how far the value may be off.
    """

    at: FloatArray
    value: float
    gradient: FloatArray
    hessian: FloatArray
    unit: FloatArray
    rounding: float


class FlatError(NotConvergedError):
    """The function does not change along ``direction`` (K)."""

    def __init__(self, direction: FloatArray) -> None:
        self.direction = direction
        super().__init__("the likelihood is flat")


def minimum(function: Callable[[FloatArray], Point], start: Point, known: Point | None = None) -> Point:
    """The minimum that Newton steps in log(x + unit) lead to from ``start``, each x >= 0.

    In that scale a likelihood is near quadratic over many orders of a variance, and 0 is a finite bound.
    An x at 0 whose gradient points below 0 stays there. Where ``known`` is a minimum, the search ends with it
    as soon as a full step with positive curvature would lead next to it.
    Raises FlatError, or NotConvergedError after too many steps.
    """
    here = start
    for _ in range(_MAX_STEPS):
        step, is_convex = _step(here)
        if known is not None and is_convex and _distance(_moved(here, step), known.at, here.unit) < _BASIN:
            return known
        there = _backtracked(function, here, step)
        if there is None:
            break
        is_bound_new = bool(np.any((there.at == 0.0) & (here.at > 0.0)))
        change = _distance(there.at, here.at, here.unit)
        here = there
        if change < _STEP_TOLERANCE and is_convex and not is_bound_new:
            return here
    raise NotConvergedError(f"no maximum of the likelihood within {_MAX_STEPS} Newton steps")


def _step(here: Point) -> tuple[FloatArray, bool]:
    """The step (K) in log(x + unit), and whether the curvature is positive where x may move.

    An x at 0 stays there where its gradient or the step of the others would take it below.
    """
    is_free = (here.at > 0.0) | (here.gradient < 0.0)
    step, is_convex = np.zeros(len(here.at)), True
    while is_free.any():
        step[:] = 0.0
        step[is_free], is_convex = _free_step(here, is_free)
        is_blocked = (here.at == 0.0) & (step < 0.0)
        if not is_blocked.any():
            break
        is_free &= ~is_blocked
    return step, is_convex


def _free_step(here: Point, is_free: NDArray[np.bool_]) -> tuple[FloatArray, bool]:
    """The step of the free variables. Directions of negative curvature are walked down as if it were
    positive; along none is the step longer than 3."""
    scale = (here.at + here.unit)[is_free]
    gradient = here.gradient[is_free] * scale
    hessian = here.hessian[np.ix_(is_free, is_free)] * np.outer(scale, scale) + np.diag(gradient)
    values, vectors = np.linalg.eigh(hessian)
    if values[0] <= 1e-9 * max(values[-1], 1.0) and np.abs(gradient).max() < 1e-7:
        direction = np.zeros(len(here.at))
        direction[is_free] = vectors[:, 0]
        raise FlatError(direction)
    floor = 1e-6 * max(np.abs(values).max(), np.abs(gradient).max())
    curvature = np.maximum(np.abs(values), floor)
    along = np.clip(-(vectors.T @ gradient) / curvature, -_LONGEST_STEP, _LONGEST_STEP)
    return vectors @ along, bool(values[0] > 0.0)


def _backtracked(function: Callable[[FloatArray], Point], here: Point, step: FloatArray) -> Point | None:
    """The longest of the halved steps that does not raise the value beyond rounding, if there is one."""
    for halving in range(_MAX_HALVINGS):
        there = function(_moved(here, step * 0.5**halving))
        if there.value <= here.value + here.rounding:
            return there
    return None


def _moved(here: Point, step: FloatArray) -> FloatArray:
    """Where ``step`` leads; what comes next to 0 becomes 0."""
    grown = (here.at + here.unit) * np.exp(step) - here.unit
    return np.where(step == 0.0, here.at, np.where(grown > 1e-9 * here.unit, grown, 0.0))


def _distance(one: FloatArray, other: FloatArray, unit: FloatArray) -> float:
    return float(np.max(np.abs(one - other) / (other + unit)))
