"""The inverse covariance of nested random intercepts, applied to sums.

With sigma2 V = sigma2 (W^-1 + sum_k theta_k Z_k Z_k'), V^-1 differs from W by one rank-one term per
group, so that X'V^-1X, X'V^-1y and log|V| need no more than group sums (Woodbury, level by level
from the innermost outwards).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from transforms.estimation.crossproducts import CrossProducts, FloatArray, IntArray

# OpenBLAS starts threads above 2^18 multiplications; on products as small as these they cost more
# than they save, 20 times over where other processes use the cores. The blocks stay in the cache, too.
_BLOCK_MULTIPLICATIONS = 2**18


@dataclass(frozen=True)
class Level:
    """One level of groups, all inner random intercepts taken into account.

    Before the level's own intercept, ``scores`` (groups, q) is z'V^-1[X y], where z marks the members
    of a group, and ``inflation`` (groups) is 1 + theta z'V^-1z. ``information`` (groups) is z'V^-1z
    with the level's own intercept, whose scores are scores / inflation.
    """

    scores: FloatArray
    inflation: FloatArray
    information: FloatArray


@dataclass(frozen=True)
class Reduction:
    """[X y]'V^-1[X y] about the shifts (q, q), log|V| without the weights' constant, and the levels."""

    precision: FloatArray
    log_determinant: float
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class Slopes:
    """Derivatives by one ratio: of log|V| ``trace``, of [X y]'V^-1[X y] minus ``gram`` (q, q)."""

    trace: float
    gram: FloatArray


def reduce_levels(sums: CrossProducts, theta: FloatArray) -> Reduction:
    """Take the random intercepts out, level by level.

    ``theta`` (levels) holds each level's variance divided by the residual variance, innermost first.
    """
    precision = sums.products.sum(axis=0)
    information, scores = sums.sums[:, 0], sums.sums
    log_determinant = 0.0
    levels = []
    for k, ratio in enumerate(theta):
        inflation = 1.0 + ratio * information
        if ratio != 0.0:
            precision -= ratio * _gram(scores, inflation**-0.5)
        log_determinant += float(np.log(inflation).sum())
        levels.append(Level(scores, inflation, information / inflation))
        if k < len(sums.parents):
            information = _totals(levels[-1].information, sums.parents[k])
            scores = _pooled(scores, 1.0 / inflation, sums.parents[k])
    return Reduction((precision + precision.T) / 2, log_determinant, tuple(levels))


def slopes(sums: CrossProducts, theta: FloatArray, reduction: Reduction) -> tuple[Slopes, ...]:
    """For each level the sums over its groups of z'V^-1z and of [X y]'V^-1z z'V^-1[X y], top down.

    A group's total outer effect (the intercepts of all groups around it) has the predictor
    ``effects`` and, over sigma2, the conditional variance ``spread``; given the outer effect a group
    keeps the share 1 / inflation of it.
    """
    top = reduction.levels[-1]
    scores = top.scores / top.inflation[:, None]
    found = [Slopes(float(top.information.sum()), scores.T @ scores)]
    effects, spread = theta[-1] * scores, theta[-1] / top.inflation
    for k in range(len(theta) - 2, -1, -1):
        level, parent = reduction.levels[k], sums.parents[k]
        trace = float((level.information - level.information**2 * spread[parent]).sum())
        gram = np.zeros_like(reduction.precision)
        inner_effects = np.empty_like(level.scores) if k else None
        for rows in _blocks(level.scores):
            outer = effects[parent[rows]]
            scores = level.scores[rows] / level.inflation[rows, None]
            scores -= level.information[rows, None] * outer
            gram += scores.T @ scores
            if inner_effects is not None:
                inner_effects[rows] = theta[k] * scores + outer
        found.insert(0, Slopes(trace, gram))
        if inner_effects is not None:
            effects = inner_effects
            spread = theta[k] / level.inflation + spread[parent] / level.inflation**2
    return tuple(found)


def cluster_precisions(sums: CrossProducts, theta: FloatArray) -> FloatArray:
    """[X_g y_g]'V_g^-1[X_g y_g] of each cluster g about the shifts: (clusters, q, q)."""
    precisions = sums.products.copy()
    levels = reduce_levels(sums, theta).levels
    cluster = np.arange(len(precisions), dtype=np.int64)
    for k in range(len(theta) - 1, -1, -1):
        if k < len(sums.parents):
            cluster = cluster[sums.parents[k]]
        first = _first_children(cluster)
        for g, (start, stop) in enumerate(pairwise(first)):
            members = levels[k].scores[start:stop]
            inflation = levels[k].inflation[start:stop, None]
            precisions[g] -= theta[k] * (members / inflation).T @ members
    return precisions


def _gram(scores: FloatArray, scale: FloatArray) -> FloatArray:
    """Sum over groups of scale^2 s s' (q, q)."""
    total = np.zeros((scores.shape[1], scores.shape[1]))
    for rows in _blocks(scores):
        block = scores[rows] * scale[rows, None]
        total += block.T @ block
    return total


def _pooled(scores: FloatArray, scale: FloatArray, parent: IntArray) -> FloatArray:
    """Sum of scale s over the children of each parent (parents, q)."""
    first = _first_children(parent)
    shape = (len(first) - 1, len(parent))
    return np.asarray(csr_array((scale, np.arange(len(parent)), first), shape=shape) @ scores)


def _totals(values: FloatArray, parent: IntArray) -> FloatArray:
    return np.add.reduceat(values, _first_children(parent)[:-1])


def _blocks(scores: FloatArray) -> list[slice]:
    """Slices of the rows of group sums that are handled at a time."""
    n, q = scores.shape
    size = max(_BLOCK_MULTIPLICATIONS // q**2, 16)
    return [slice(start, min(start + size, n)) for start in range(0, n, size)]


def _first_children(parent: IntArray) -> NDArray[np.intp]:
    """Position of each parent's first child, and the number of children at the end."""
    return np.flatnonzero(np.concatenate(([True], parent[1:] != parent[:-1], [True])))
