"""The inverse covariance of nested random intercepts, applied to sums, with its derivatives.

With sigma2 V = sigma2 (W^-1 + sum_k theta_k Z_k Z_k'), V^-1 differs from W by one rank-one term per
group (Woodbury, level by level from the innermost outwards). Written with the means of groups about
the means of their parents, as in an analysis of variance, no term is the small difference of large ones:

    [X y]'V^-1[X y] = products within cells + sum over groups of i (m - M)(m - M)'

where m are a group's means of the columns, M those of its parent, and i = z'V^-1z with all intercepts up
to the group's own (z marks the members of the group). The outermost groups have one parent, the whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from transforms.estimation.sums.crossproducts import CrossProducts, FloatArray, IntArray

# OpenBLAS starts threads above 2^18 multiplications; on products as small as these they cost more
# than they save, 20 times over where other processes use the cores. The blocks stay in the cache, too.
_BLOCK_MULTIPLICATIONS = 2**18
# Share of a column's squares within cells below which it is the rounding of the sums (at 10^8 rows).
_CONSTANT_WITHIN = 1e-12


@dataclass(frozen=True, eq=False)
class Tree:
    """The sums taken apart once, for all ratios.

    ``within`` (q, q) are the products of the rows about the means of their cells, ``weights`` (cells)
    the cells' weights, ``deviations`` (cells, q) the cells' means about ``centres`` (parents, q).
    ``parents`` and ``firsts`` give, by level, each group's parent and each parent's first child.
    """

    within: FloatArray
    weights: FloatArray
    deviations: FloatArray
    centres: FloatArray
    parents: tuple[IntArray, ...]
    firsts: tuple[NDArray[np.intp], ...]


@dataclass(frozen=True, eq=False)
class Level:
    """The n groups of one level, all inner random intercepts taken into account.

    ``information`` (n) is z'V^-1z with the level's own intercept; without it, it is larger by ``inflation``
    (n), 1 + theta z'V^-1z, and has the sum ``before``. ``deviations`` (n, q) are the means about constants of
    the parents, which the parents' means exceed by ``excess`` (parents, q). By the power 1, 2, 3 of the
    information, ``weights`` (3, parents) are its sums over the children of each parent, ``pooled``
    (3, parents, q) those of information^j deviation, and ``grams`` (3, q, q) those of
    information^j deviation deviation' over all groups.
    """

    theta: float
    before: float
    information: FloatArray
    inflation: FloatArray
    deviations: FloatArray
    excess: FloatArray
    weights: FloatArray
    pooled: FloatArray
    grams: FloatArray
    parent: IntArray
    first: NDArray[np.intp]

    @cached_property
    def posterior(self) -> FloatArray:
        """Conditional variance (n) of the own intercept over sigma2, given all outer ones."""
        return self.theta / self.inflation


@dataclass(frozen=True, eq=False)
class Reduction:
    """[X y]'V^-1[X y] about the shifts (q, q), log|V| without the weights' constant, the levels, and the
    means of the whole (1, q), weighted by V^-1."""

    precision: FloatArray
    log_determinant: float
    levels: tuple[Level, ...]
    mean: FloatArray


@dataclass(frozen=True, eq=False)
class Outer:
    """What the outer random effects leave of one level, by parent.

    ``offset`` (parents, q) added to a group's deviation gives its mean less the predictor of the total
    outer effect; ``spread`` (parents) is the conditional variance of that effect over sigma2.
    """

    offset: FloatArray
    spread: FloatArray


def tree(sums: CrossProducts) -> Tree:
    """Take the sums apart into what is within cells and the means of the cells."""
    weights = sums.sums[:, 0]
    means = sums.sums / weights[:, None]
    products = sums.products.sum(axis=0)
    within = products - product(means, means * weights[:, None])
    is_constant = np.diag(within) <= _CONSTANT_WITHIN * np.diag(products)
    within[is_constant], within[:, is_constant] = 0.0, 0.0
    outermost = np.zeros(sums.n_groups[-1], dtype=np.int64)
    parents = (*sums.parents, outermost)
    firsts = tuple(_first_children(parent) for parent in parents)
    centres, deviations = _centred(means, weights, parents[0], firsts[0])
    return Tree((within + within.T) / 2.0, weights, deviations, centres, parents, firsts)


def reduce_levels(nested: Tree, theta: FloatArray) -> Reduction:
    """Take the random intercepts out, level by level.

    ``theta`` (levels) holds each level's variance divided by the residual variance, innermost first.
    """
    precision, log_determinant = nested.within.copy(), 0.0
    before, deviations, centres = nested.weights, nested.deviations, nested.centres
    means = centres
    levels: list[Level] = []
    for k, ratio in enumerate(theta):
        if k:
            centres, deviations = _centred(means, before, nested.parents[k], nested.firsts[k])
        level = _level(float(ratio), before, deviations, nested.parents[k], nested.firsts[k])
        levels.append(level)
        before, means = level.weights[0], centres + level.excess
        precision += level.grams[0] - product(level.excess, level.excess * before[:, None])
        log_determinant += float(np.log(level.inflation).sum())
    precision += before * means.T @ means
    return Reduction((precision + precision.T) / 2.0, log_determinant, tuple(levels), means)


def outer_effects(reduction: Reduction) -> tuple[Outer, ...]:
    """From the outermost level inwards, what is left once the outer effects are predicted; by level."""
    found: list[Outer] = []
    left, spread = reduction.mean, np.zeros(1)
    for k in range(len(reduction.levels) - 1, -1, -1):
        level = reduction.levels[k]
        found.insert(0, Outer(left - level.excess, spread))
        if k:
            left = (level.deviations + found[0].offset[level.parent]) / level.inflation[:, None]
            spread = level.posterior + spread[level.parent] / level.inflation**2
    return tuple(found)


def cluster_precisions(sums: CrossProducts, theta: FloatArray) -> FloatArray:
    """[X_g y_g]'V_g^-1[X_g y_g] of each outermost group g about the shifts: (groups, q, q).

    Raises EstimationError where the products were summed by groups that are not inside these.
    """
    if sums.cluster_name != sums.group_names[-1]:
        sums = sums.grouped_by(sums.group_names)
    reduction = reduce_levels(tree(sums), theta)
    cluster = np.arange(len(sums.products), dtype=np.int64)
    means = reduction.levels[-1].deviations + (reduction.mean - reduction.levels[-1].excess)
    found = sums.products + _outer_products(means, reduction.levels[-1].information)
    for level in reversed(reduction.levels[:-1]):
        cluster = cluster[level.parent]
        deviations = level.deviations - level.excess[level.parent]
        found += _grams(deviations, level.information, _first_children(cluster))
    weights = sums.sums[:, 0]
    return found - _grams(sums.sums / weights[:, None], weights, _first_children(cluster))


def product(left: FloatArray, right: FloatArray) -> FloatArray:
    """left'right of two arrays (n, q) and (n, q)."""
    total = np.zeros((left.shape[1], right.shape[1]))
    for block in _blocks(left):
        total += left[block].T @ right[block]
    return total


def pooled(values: FloatArray, scale: FloatArray, first: NDArray[np.intp]) -> FloatArray:
    """Sum of scale v over the children of each parent, by parent (parents, columns)."""
    shape = (len(first) - 1, len(scale))
    return np.asarray(csr_array((scale, np.arange(len(scale)), first), shape=shape) @ values)


def _level(
    ratio: float, before: FloatArray, deviations: FloatArray, parent: IntArray, first: NDArray[np.intp]
) -> Level:
    inflation = 1.0 + ratio * before
    information = before / inflation
    powers = np.stack([information, information * information, information * information * information])
    weights = np.add.reduceat(powers, first[:-1], axis=1)
    sums = np.stack([pooled(deviations, power, first) for power in powers])
    return Level(
        theta=ratio,
        before=float(before.sum()),
        information=information,
        inflation=inflation,
        deviations=deviations,
        excess=sums[0] / weights[0, :, None],
        weights=weights,
        pooled=sums,
        grams=_power_grams(deviations, information),
        parent=parent,
        first=first,
    )


def _centred(
    means: FloatArray, weights: FloatArray, parent: IntArray, first: NDArray[np.intp]
) -> tuple[FloatArray, FloatArray]:
    """The weighted mean of each parent's children (parents, q), and the means about it."""
    centres = pooled(means, weights, first) / np.add.reduceat(weights, first[:-1])[:, None]
    return centres, means - centres[parent]


def _power_grams(rows: FloatArray, scale: FloatArray) -> FloatArray:
    """Sums over rows of scale^j r r' for j = 1, 2, 3: (3, q, q)."""
    total = np.zeros((3, rows.shape[1], rows.shape[1]))
    for block in _blocks(rows):
        once = rows[block] * scale[block, None]
        total[0] += rows[block].T @ once
        total[1] += once.T @ once
        total[2] += once.T @ (once * scale[block, None])
    return total


def _grams(rows: FloatArray, scale: FloatArray, first: NDArray[np.intp]) -> FloatArray:
    """The sums of scale r r' over the rows of each cluster (clusters, q, q)."""
    if len(first) - 1 == len(rows):
        return _outer_products(rows, scale)
    scaled = rows * scale[:, None]
    return np.stack([rows[i:j].T @ scaled[i:j] for i, j in pairwise(first)])


def _outer_products(rows: FloatArray, scale: FloatArray) -> FloatArray:
    return (rows * scale[:, None])[:, :, None] * rows[:, None, :]


def _blocks(rows: FloatArray) -> list[slice]:
    """Slices of the rows of groups that are handled at a time."""
    n, q = rows.shape
    size = max(_BLOCK_MULTIPLICATIONS // q**2, 16)
    return [slice(start, min(start + size, n)) for start in range(0, n, size)]


def _first_children(parent: IntArray) -> NDArray[np.intp]:
    """Position of each parent's first child, and the number of children at the end."""
    return np.flatnonzero(np.concatenate(([True], parent[1:] != parent[:-1], [True])))
