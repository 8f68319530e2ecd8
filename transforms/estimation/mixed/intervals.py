"""How sure the variances of a mixed model are: profile likelihood intervals, from sums."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from transforms.estimation.errors import EstimationError, NotConvergedError
from transforms.estimation.mixed.criterion import Likelihood
from transforms.estimation.mixed.fit import MixedFit
from transforms.estimation.mixed.newton import Point, minimum
from transforms.estimation.sums.crossproducts import CrossProducts, FloatArray

_MAX_STEPS = 100
# Of a limit, on the scale of a standard normal deviate: 1e-7 of the width of the interval or less.
_TOLERANCE = 1e-8
# In e-folds of a variance: a likelihood that has not fallen by then has no limit on that side.
_REACH = 40.0


@dataclass(frozen=True)
class VarianceInterval:
    """Limits of the standard deviation of one level's intercepts (or of the residual), in response units."""

    group_name: str
    std_dev: float
    low: float
    high: float


def variance_intervals(
    sums: CrossProducts, fit: MixedFit, level: float = 0.95
) -> tuple[VarianceInterval, ...]:
    """Profile likelihood intervals of the standard deviations, innermost level first, the residual last.

    The limits are where the deviance, lowest over all other parameters, exceeds its minimum by the square
    of the normal quantile, as in lme4's ``confint`` with ``method="profile"``. The criterion is the fit's
    own: for ML fits the limits are lme4's, while for REML fits lme4 profiles the ML likelihood and this
    function the restricted one, so that the interval holds the estimate. A lower limit is 0 where the
    deviance at 0 is not that high, an upper one inf where the likelihood does not fall.

    Raises EstimationError where ``sums`` are not the fit's or ``level`` is not between 0 and 1,
    NotConvergedError where a profile has no minimum.
    """
    if not 0.0 < level < 1.0:
        raise EstimationError(f"level is above 0 and below 1, not {level:g}")
    fit.check_sums(sums)
    likelihood = Likelihood.of(sums, is_reml=fit.method == "REML")
    best = likelihood.by_variances(np.append(fit.theta, 1.0) * fit.sigma2)
    target = float(ndtri((1.0 + level) / 2.0))
    found = []
    for k, component in enumerate(fit.components):
        profile = _Profile(likelihood.by_variances, best, k)
        low, high = profile.lower_limit(target), profile.upper_limit(target)
        limits = (float(np.sqrt(value)) for value in (best.at[k], low, high))
        found.append(VarianceInterval(component.group_name, *limits))
    return tuple(found)


@dataclass(frozen=True, eq=False)
class _Profile:
    """The deviance above its minimum ``best`` along the variance at position ``fixed``, minimised over the
    others; walked along in log(variance + unit), where it is near quadratic."""

    deviance: Callable[[FloatArray], Point]
    best: Point
    fixed: int

    def upper_limit(self, target: float) -> float:
        """The variance above the best whose root deviance is ``target``; inf if there is none in reach."""
        outside = self._outside(target, 1.0)
        return np.inf if outside is None else self._limit(target, outside)

    def lower_limit(self, target: float) -> float:
        """The variance below the best whose root deviance is ``target``; 0 if there is none."""
        unit = float(self.best.unit[self.fixed])
        if unit == 0.0:
            outside = self._outside(target, -1.0)
            return 0.0 if outside is None else self._limit(target, outside)
        if self.best.at[self.fixed] == 0.0 or self._root(float(np.log(unit)))[0] <= target:
            return 0.0
        return self._limit(target, float(np.log(unit)))

    def _centre(self) -> float:
        return float(np.log(self.best.at[self.fixed] + self.best.unit[self.fixed]))

    def _outside(self, target: float, side: float) -> float | None:
        """A point on that side of the best whose root deviance is ``target`` or more, if one is in reach."""
        step = self._first_step(target)
        while step <= _REACH:
            at = self._centre() + side * step
            if self._root(at)[0] >= target:
                return at
            step *= 2.0
        return None

    def _limit(self, target: float, outside: float) -> float:
        """Newton's method on the root deviance, kept between the best and ``outside``."""
        inside, at = self._centre(), outside
        for _ in range(_MAX_STEPS):
            root, slope = self._root(at)
            if abs(root - target) < _TOLERANCE:
                return float(np.exp(at) - self.best.unit[self.fixed])
            inside, outside = (at, outside) if root < target else (inside, at)
            ahead = at + (target - root) / slope if slope else np.inf
            is_between = min(inside, outside) < ahead < max(inside, outside)
            at = ahead if is_between else (inside + outside) / 2.0
        raise NotConvergedError(f"no limit of a variance after {_MAX_STEPS} steps")

    def _first_step(self, target: float) -> float:
        """Where a parabola of the profile's curvature at the best reaches ``target``; 1 on the boundary."""
        scale = self.best.at + self.best.unit
        free = self.best.at > 0.0
        if not free[self.fixed]:
            return 1.0
        hessian = self.best.hessian[np.ix_(free, free)] * np.outer(scale[free], scale[free])
        position = int(np.count_nonzero(free[: self.fixed]))
        return target * float(np.sqrt(np.linalg.inv(hessian)[position, position] * 2.0))

    def _root(self, at: float) -> tuple[float, float]:
        """Root of the deviance above its minimum at log(variance + unit) = ``at``, and its derivative."""
        variance = max(float(np.exp(at)) - float(self.best.unit[self.fixed]), 0.0)
        others = np.arange(len(self.best.at)) != self.fixed

        def along(values: FloatArray) -> Point:
            variances = np.full(len(others), variance)
            variances[others] = values
            point = self.deviance(variances)
            gradient, hessian = point.gradient[others], point.hessian[np.ix_(others, others)]
            return Point(values, point.value, gradient, hessian, point.unit[others], point.rounding)

        lowest = minimum(along, along(self.best.at[others]))
        variances = np.full(len(others), variance)
        variances[others] = lowest.at
        rise = max(lowest.value - self.best.value, 0.0)
        slope = float(self.deviance(variances).gradient[self.fixed]) * float(np.exp(at))
        return float(np.sqrt(rise)), slope / (2.0 * float(np.sqrt(rise))) if rise > 0.0 else 0.0
