"""The within estimator: one factor of any size absorbed, exactly, from sums by cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transforms.estimation.errors import EstimationError, RankDeficientError
from transforms.estimation.linear.least_squares import (
    LeastSquaresFit,
    gaussian_log_likelihood,
    solve,
    weight_notes,
)
from transforms.estimation.linear.rank import determined_columns
from transforms.estimation.sums.crossproducts import CrossProducts, FloatArray, IntArray
from transforms.estimation.sums.design import digest
from transforms.estimation.sums.grouping import joint_groups, run_starts, summed_by_group

# Of one array of dummies: past it, absorbing is cheaper than columns.
_LARGEST_BYTES = 512 * 2**20


class TooManyLevelsError(EstimationError):
    """The levels of a factor do not fit into memory as columns."""


class WithinRankError(RankDeficientError):
    """Some columns do not vary within the levels of the factors, or are sums of others there."""

    def __init__(self, explained_by: dict[str, tuple[str, ...]], *factors: str) -> None:
        super().__init__(explained_by)
        within = f"within {' and '.join(factors)}"
        parts = [
            f"{column} is determined by {', '.join(others)} {within}"
            if others
            else f"{column} does not vary {within}"
            for column, others in explained_by.items()
        ]
        self.args = (f"rank deficient: {'; '.join(parts)}",)


@dataclass(frozen=True, eq=False)
class WithinFit(LeastSquaresFit):
    """A fit with the levels of ``factor`` absorbed. ``names`` are without the intercept."""

    factor: str

    def precisions(self, sums: CrossProducts) -> FloatArray:
        """[X y]'W[X y] of each cluster, of deviations from the factor's means (clusters, q, q).

        Row and column 0, the intercept's, are 0.
        """
        return absorbed(sums, self.factor)


@dataclass(frozen=True, eq=False)
class LevelEffects:
    """Estimated effect of each level of ``factor`` (levels), in units of the response, by sorted id.

    An effect is the level's mean response less what the columns of the fit explain, all about 0.
    """

    factor: str
    ids: NDArray[Any]
    estimates: FloatArray
    n_rows: IntArray
    weights: FloatArray


def fit_within(sums: CrossProducts, factor: str) -> WithinFit:
    """Fit with a fixed effect for each level of ``factor``, one of the groups of ``sums``, by its raw id.

    A teacher in two schools is one level. The coefficients are those of least squares with a dummy for
    each level. Raises WithinRankError with the columns, TooFewObservationsError, ExactFitError.
    """
    names = sums.names[1:-1]
    if not names:
        raise EstimationError(f"the model has no columns besides {factor}")
    products = absorbed(sums, factor).sum(axis=0)
    determined = determined_within(sums, products, names)
    if determined:
        raise WithinRankError(determined, factor)
    return fit_absorbed(sums, factor, products)


def fit_absorbed(sums: CrossProducts, factor: str, products: FloatArray) -> WithinFit:
    """As ``fit_within``, from the total (q, q) of ``absorbed``, whose columns must be of full rank."""
    ids, _ = factor_levels(sums, factor)
    found = solve(sums, products, slice(1, len(sums.names) - 1), n_absorbed=len(ids))
    return WithinFit(
        method=f"Within {factor}",
        response=sums.names[-1],
        names=sums.names[1:-1],
        params=found.params,
        cov_params=found.cov_params,
        sigma2=found.sigma2,
        n_rows=sums.n_rows,
        n_observations=sums.n_observations,
        df_resid=found.df_resid,
        n_absorbed=len(ids),
        r_squared=1.0 - found.residual_squares / float(products[-1, -1]),
        log_likelihood=gaussian_log_likelihood(sums, found.residual_squares),
        condition_number=replace(sums, products=products[None], has_intercept=False).condition_number(),
        notes={**weight_notes(sums), **level_notes(sums, factor)},
        factor=factor,
    )


def absorbed(sums: CrossProducts, factor: str) -> FloatArray:
    """Products of deviations from the weighted means of each level of ``factor`` (clusters, q, q).

    The factor need not be nested in the clusters: with s_c, w_c the sums and the weight of a cell and m
    the means of its level, a cluster loses the sum over its cells of s_c m' + m s_c' - w_c m m'.
    """
    _, codes = factor_levels(sums, factor)
    return absorbed_by(sums, codes)


def absorbed_by(sums: CrossProducts, codes: IntArray) -> FloatArray:
    """As ``absorbed``, of levels given by code (cells): several groups at once, say."""
    totals = summed_by_group([sums.sums], [codes])
    means = (totals / totals[:, :1])[codes]
    halves = sums.sums - sums.sums[:, :1] * means / 2.0
    products = sums.products.copy()
    bounds = np.append(run_starts(sums.clusters), len(sums.sums))
    for g, (start, stop) in enumerate(pairwise(bounds)):
        half = halves[start:stop].T @ means[start:stop]
        products[g] -= half + half.T
    products[:, 0, :] = products[:, :, 0] = 0.0
    return products


def determined_within(
    sums: CrossProducts, products: FloatArray, names: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """Each of the columns ``names`` that, within the levels of a factor, is a sum of those before it.

    ``products`` (q, q) are those that ``absorbed`` leaves.
    """
    at = [sums.names.index(name) for name in names]
    spread = np.diag(sums.products.sum(axis=0))
    return determined_columns(names, products[np.ix_(at, at)], spread[at])


def factor_levels(sums: CrossProducts, factor: str) -> tuple[NDArray[Any], IntArray]:
    """The sorted raw ids of a group's levels, and the position of each cell's level among them (cells)."""
    if factor not in sums.group_names:
        raise EstimationError(f"the sums are not by {factor}, only by {', '.join(sums.group_names)}")
    (ids,), (codes,) = joint_groups([[sums.ids[sums.group_names.index(factor)]]], [factor])
    return ids, codes


def level_notes(sums: CrossProducts, factor: str) -> dict[str, str | int | float]:
    """The lines of a summary that count a factor's levels, and those of one row, which change nothing."""
    ids, codes = factor_levels(sums, factor)
    n_rows = np.bincount(codes, weights=sums.counts)
    return {f"Levels of {factor}": len(ids), f"Levels of {factor} of one row": int((n_rows == 1).sum())}


def level_effects(sums: CrossProducts, fit: WithinFit) -> LevelEffects:
    """The fixed effects of the factor that ``fit`` absorbed: mean of y - X beta by level."""
    ids, codes = factor_levels(sums, fit.factor)
    totals = summed_by_group([sums.sums], [codes])
    means = totals / totals[:, :1] + sums.shifts
    x = [sums.names.index(name) for name in fit.names]
    estimates = means[:, -1] - means[:, x] @ fit.params
    n_rows = np.bincount(codes, weights=sums.counts).astype(np.int64)
    return LevelEffects(fit.factor, ids, estimates, n_rows, totals[:, 0])


def with_factor(sums: CrossProducts, factor: str) -> CrossProducts:
    """The same rows with the levels of ``factor``, one of the groups, as dummies before the response.

    The first level in sorted order is left out; the dummies are named "factor[level]". Exact, and no
    row is read: a dummy is constant within a cell. Raises TooManyLevelsError.
    """
    ids, _ = factor_levels(sums, factor)
    return with_levels(sums, factor, np.arange(1, len(ids)))


def with_levels(sums: CrossProducts, factor: str, levels: IntArray) -> CrossProducts:
    """As ``with_factor``, with the levels at these positions of the sorted ids."""
    ids, codes = factor_levels(sums, factor)
    q, n_levels = len(sums.names), len(levels)
    _check_size(sums, factor, n_levels)
    old, new = np.append(np.arange(q - 1), q - 1 + n_levels), slice(q - 1, q - 1 + n_levels)
    position = np.full(len(ids), -1, dtype=np.int64)
    position[levels] = np.arange(n_levels)
    cells = np.flatnonzero(position[codes] >= 0)
    dummy = position[codes[cells]]
    wider = np.zeros((len(sums.sums), q + n_levels))
    wider[:, old] = sums.sums
    wider[cells, q - 1 + dummy] = sums.sums[cells, 0]
    products = np.zeros((len(sums.products), q + n_levels, q + n_levels))
    products[:, old[:, None], old] = sums.products
    pairs = sums.clusters[cells] * n_levels + dummy
    rows = summed_by_group([wider[cells]], [pairs], len(products) * n_levels)
    products[:, new] = rows.reshape(len(products), n_levels, q + n_levels)
    products[:, :, new] = products[:, new].transpose(0, 2, 1)
    added = [f"{factor}[{level}]" for level in ids[levels]]
    # Sums that know other levels have another baseline: their dummies do not add.
    definition = digest((factor, [str(level) for level in ids], added))
    return replace(
        sums,
        names=(*sums.names[:-1], *added, sums.names[-1]),
        shifts=np.insert(sums.shifts, q - 1, np.zeros(n_levels)),
        sums=wider,
        products=products,
        definitions={**sums.definitions, **dict.fromkeys(added, definition)},
    )


def _check_size(sums: CrossProducts, factor: str, n_levels: int) -> None:
    width = len(sums.names) + n_levels
    size = 8 * max(len(sums.sums) * n_levels, len(sums.products) * width**2)
    if size > _LARGEST_BYTES:
        raise TooManyLevelsError(
            f"{n_levels} levels of {factor} as columns of {len(sums.sums)} cells and {len(sums.products)}"
            f" clusters take {size / 2**20:.0f} MB, more than {_LARGEST_BYTES / 2**20:.0f} MB"
        )
