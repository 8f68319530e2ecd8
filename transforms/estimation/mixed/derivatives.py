"""First and second derivatives of log|V| and [X y]'V^-1[X y] by the variance ratios of nested intercepts.

With T = V^-1 and Z_k the indicators of the groups of level k,

    d log|V| / d theta_k = tr(Z_k'TZ_k)             d2 log|V| / d theta_k d theta_l = -tr(Z_k'TZ_l Z_l'TZ_k)
    d X'TX / d theta_k = -X'TZ_k Z_k'TX             d2 X'TX / d theta_k d theta_l = B + B',
                                                    B = X'TZ_k Z_k'TZ_l Z_l'TX

The rows z_g'TX of the groups of one level are data of their own, constant within groups, so that the
second derivatives carry their sums outwards by the same steps as the sums of the columns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.estimation.mixed.nested import Level, Outer, Reduction, outer_effects, pooled, product
from transforms.estimation.sums.crossproducts import FloatArray


@dataclass(frozen=True, eq=False)
class Derivatives:
    """Of log|V| the first ``trace`` (K) and, negated, the second ``trace_products`` (K, K); of
    [X y]'V^-1[X y], negated, the first ``grams`` (K, q, q), and the second ``gram_products`` (K, K, q, q)."""

    trace: FloatArray
    trace_products: FloatArray
    grams: FloatArray
    gram_products: FloatArray


@dataclass(frozen=True, eq=False)
class _Carried:
    """The rows z_g'T[X y] of one level summed by the groups h of another one around it.

    ``scores`` (n, q) are the sums of z_h'T z_g z_g'T[X y] over them, before h's own intercept and outer
    ones; ``squares`` (n) likewise of (z_h'T z_g)^2.
    """

    scores: FloatArray
    squares: FloatArray

    def outwards(self, level: Level) -> _Carried:
        """The same by the parents of the groups."""
        share = 1.0 / level.inflation
        squares = np.add.reduceat(self.squares * share**2, level.first[:-1])
        return _Carried(pooled(self.scores, share, level.first), squares)


def derivatives(reduction: Reduction) -> Derivatives:
    """Both orders at the ratios of ``reduction``."""
    levels, outer = reduction.levels, outer_effects(reduction)
    n_levels, q = len(levels), len(reduction.precision)
    trace, grams = np.empty(n_levels), np.empty((n_levels, q, q))
    trace_products, products = np.zeros((n_levels, n_levels)), np.zeros((n_levels, n_levels, q, q))
    carried = [_carried_outwards(levels, outer, k) for k in range(n_levels)]
    for k, (level, outside) in enumerate(zip(levels, outer, strict=True)):
        trace[k] = level.weights[0].sum() - level.weights[1] @ outside.spread
        grams[k] = _about(level, outside, 2)
        trace_products[k, k] = level.weights[1].sum() - 2.0 * level.weights[2] @ outside.spread
        products[k, k] = _about(level, outside, 3)
        for j in range(k):
            trace_products[j, k], products[j, k] = _own_part(carried[j][k], level, outside)
        for i in range(k):
            for j in range(i, k):
                squares, scores = _shared_part(carried[i][k], carried[j][k], level, outside)
                trace_products[i, j] += squares
                products[i, j] -= scores
    for j in range(n_levels):
        for k in range(j, n_levels):
            trace_products[k, j] = trace_products[j, k]
            products[j, k] = products[k, j] = products[j, k] + products[j, k].T
    return Derivatives(trace, trace_products, grams, products)


def _about(level: Level, outer: Outer, power: int) -> FloatArray:
    """Sum over the groups of information^power h h', h a mean less its outer predictor (q, q)."""
    half = level.pooled[power - 1] + outer.offset * (level.weights[power - 1] / 2.0)[:, None]
    cross = product(half, outer.offset)
    return level.grams[power - 1] + cross + cross.T


def _carried_outwards(levels: tuple[Level, ...], outer: tuple[Outer, ...], k: int) -> dict[int, _Carried]:
    """The rows of level k summed by the groups of each level around it, by level."""
    level = levels[k]
    scores = level.pooled[1] + level.weights[1][:, None] * outer[k].offset
    found = {k + 1: _Carried(scores, level.weights[1])}
    for m in range(k + 1, len(levels)):
        found[m + 1] = found[m].outwards(levels[m])
    return found


def _own_part(carried: _Carried, level: Level, outer: Outer) -> tuple[float, FloatArray]:
    """What the groups of ``level`` themselves add to the pair of the carried level and theirs."""
    squares = carried.squares / level.inflation**2
    trace = float(squares @ (1.0 - 2.0 * level.information * outer.spread[level.parent]))
    left = level.deviations + outer.offset[level.parent]
    return trace, product(carried.scores, left * (level.information / level.inflation)[:, None])


def _shared_part(first: _Carried, second: _Carried, level: Level, outer: Outer) -> tuple[float, FloatArray]:
    """What the intercepts of ``level``, outside both levels of the pair, take from it."""
    spread = level.posterior * (level.posterior + 2.0 * outer.spread[level.parent] / level.inflation**2)
    scores = product(first.scores, second.scores * level.posterior[:, None])
    return float((first.squares * second.squares) @ spread), scores
