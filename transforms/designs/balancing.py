"""Entropy balancing: weights nearest to the given ones whose means are exactly the wanted ones.

Minimises sum of w log(w / q) subject to sum of w = 1 and sum of w x = target. The weights are
w = q exp(Z l) / sum of q exp(Z l), where l minimises the dual log sum of q exp(Z l), a smooth convex
function of as many variables as there are means (Hainmueller 2012, equations 6 to 8).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.designs.panel import FloatArray

# Of a mean, in standard deviations of the column: far below what a report shows, far above rounding.
_TOLERANCE = 1e-7
# A direction with less than this share of the largest variance (of columns of unit variance) is rounding.
_RANK = 1e-10
_MAXIMUM_STEPS = 200


class NotBalancedError(ValueError):
    """No positive weights have the wanted means: the target is outside of the convex hull of the rows."""


@dataclass(frozen=True, eq=False)
class BalancingWeights:
    """``weights`` (m) sum to 1; ``n_steps`` of the trust region; ``imbalance`` is the largest that is left,
    in standard deviations of a combination of columns."""

    weights: FloatArray
    n_steps: int
    imbalance: float

    @property
    def effective_size(self) -> float:
        """Kish's (1965) number of rows of equal weight with the same variance of a mean: 1 / sum w^2."""
        return float(1.0 / (self.weights**2).sum())


def entropy_balance(columns: FloatArray, base: FloatArray, target: FloatArray) -> BalancingWeights:
    """Weights of the rows of ``columns`` (m, k), nearest to ``base`` (m, > 0), with means ``target`` (k).

    Columns that repeat others are allowed where the target repeats them too. Raises NotBalancedError
    where the target is outside of the convex hull of the rows. A target on its edge, which only weights of 0
    have, is met within the tolerance.
    """
    from scipy.optimize import minimize

    log_base = np.log(base / base.sum())
    whitened = _whitened(columns, np.exp(log_base), target)
    if whitened.shape[1] == 0:
        return BalancingWeights(np.exp(log_base), 0, 0.0)
    dual = _Dual(whitened, log_base)
    # The minimum is at least log q of a row on the far side of the target: there is one inside the hull.
    floor = float(log_base.min())

    def stop_outside(intermediate_result: object) -> None:
        if getattr(intermediate_result, "fun") < floor:  # noqa: B009
            raise StopIteration

    found = minimize(
        dual.value,
        np.zeros(whitened.shape[1]),
        jac=dual.gradient,
        hess=dual.hessian,
        method="trust-exact",
        callback=stop_outside,
        options={"gtol": _TOLERANCE / 100.0, "maxiter": _MAXIMUM_STEPS, "max_trust_radius": 1e3},
    )
    imbalance = float(np.abs(dual.gradient(found.x)).max())
    if not imbalance < _TOLERANCE:
        raise NotBalancedError("the target is not inside of the convex hull of the rows")
    return BalancingWeights(dual.weights(found.x), int(found.nit), imbalance)


class _Dual:
    """log sum of q exp(Z l) and its derivatives; the weights of the last l are kept between the three."""

    def __init__(self, whitened: FloatArray, log_base: FloatArray) -> None:
        self._z, self._log_base = whitened, log_base
        self._at: FloatArray | None = None
        self._value, self._weights = 0.0, np.empty(0)

    def _move(self, at: FloatArray) -> None:
        if self._at is None or not np.array_equal(self._at, at):
            exponent = self._log_base + self._z @ at
            top = float(exponent.max())
            weights = np.exp(exponent - top)
            total = float(weights.sum())
            self._at, self._value, self._weights = at.copy(), top + float(np.log(total)), weights / total

    def value(self, at: FloatArray) -> float:
        self._move(at)
        return self._value

    def weights(self, at: FloatArray) -> FloatArray:
        self._move(at)
        return self._weights

    def gradient(self, at: FloatArray) -> FloatArray:
        return self.weights(at) @ self._z

    def hessian(self, at: FloatArray) -> FloatArray:
        weights, gradient = self.weights(at), self.gradient(at)
        return (self._z * weights[:, None]).T @ self._z - np.outer(gradient, gradient)


def _whitened(columns: FloatArray, shares: FloatArray, target: FloatArray) -> FloatArray:
    """Rows less the target in uncorrelated columns of unit variance (m, rank)."""
    means = shares @ columns
    centred = columns - means
    spread = np.sqrt(shares @ centred**2)
    scale = np.where(spread > 1e-12 * (1.0 + np.abs(means)), spread, 0.0)
    units = np.where(scale > 0.0, scale, 1.0)
    gap = (target - means) / units
    if np.any(np.abs(gap[scale == 0.0]) > _TOLERANCE * (1.0 + np.abs(means[scale == 0.0]))):
        raise NotBalancedError("a column that is the same in all rows has another mean in the target")
    scaled = (centred / units)[:, scale > 0.0]
    gap = gap[scale > 0.0]
    values, vectors = np.linalg.eigh((scaled * shares[:, None]).T @ scaled)
    is_kept = values > _RANK * max(1.0, float(values.max(initial=0.0)))
    if np.any(np.abs(gap @ vectors[:, ~is_kept]) > _TOLERANCE):
        raise NotBalancedError("columns that repeat each other in the rows do not in the target")
    turn = vectors[:, is_kept] / np.sqrt(values[is_kept])
    whitened: FloatArray = (scaled - gap) @ turn
    return whitened
