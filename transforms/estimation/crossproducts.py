"""Sums of a model's columns by group and cluster: a value that adds, re-codes and checks itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transforms.estimation.design import WeightKind
from transforms.estimation.errors import CorruptSumsError, EstimationError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

INTERCEPT = "intercept"
# Sums of the same numbers in another order differ by rounding, some 1e-12 of their size at 10^8 rows.
_AGREEMENT = 1e-9


@dataclass(frozen=True, eq=False)
class CrossProducts:
    """Weighted sums of columns about constants, by nested groups.

    ``names`` are the q columns in order: the intercept first, the response last. Every column x
    stands as x - shift, so that no digits are lost where a mean is large; with an intercept in
    the model a shift moves the intercept alone, and ``unshifted`` undoes it (without one, shifts are 0).
    ``group_names`` are the levels from innermost to outermost. A cell is a group of the innermost level,
    told apart by its own id and all outer ids (``ids``: one array (cells) per level); cells stand in
    the order of their outer ids, so that the children of a group are neighbours.

    Shapes: ``counts`` (cells) rows; ``sums`` (cells, q), whose first column is the total weight;
    ``products`` (clusters, q, q) is X'WX, the response in it, of each group of the level ``cluster_name``.
    Units: those of the columns. ``weight_kind`` is that of ``design.Design``.
    ``is_split`` says that columns were centred by cluster; such sums no longer add.
    """

    names: tuple[str, ...]
    group_names: tuple[str, ...]
    cluster_name: str
    weight_name: str | None
    n_rows: int
    ids: tuple[NDArray[Any], ...]
    counts: IntArray
    shifts: FloatArray
    sums: FloatArray
    products: FloatArray
    weight_kind: WeightKind = "frequency"
    has_intercept: bool = True
    is_split: bool = False

    def __post_init__(self) -> None:
        for array in (*self.ids, self.counts, self.shifts, self.sums, self.products):
            array.flags.writeable = False

    @property
    def regressors(self) -> slice:
        """Where the columns of X stand among ``names``."""
        return slice(0 if self.has_intercept else 1, -1)

    @property
    def total_weight(self) -> float:
        """Sum of the weights: the number of rows where every weight is 1."""
        return float(self.products[:, 0, 0].sum())

    @property
    def n_observations(self) -> float:
        """What counts as the sample size: the sum of frequency weights, or the rows."""
        return self.total_weight if self.weight_kind == "frequency" else float(self.n_rows)

    @property
    def n_groups(self) -> tuple[int, ...]:
        """Number of groups by level, innermost to outermost."""
        return (len(self.sums), *(int(parent[-1]) + 1 for parent in self.parents))

    @cached_property
    def parents(self) -> tuple[IntArray, ...]:
        """For each group of level k the position of its group of level k + 1, by k."""
        codes = [self.codes(name) for name in self.group_names]
        return tuple(outer[_run_starts(inner)] for inner, outer in pairwise(codes))

    @property
    def clusters(self) -> IntArray:
        """Cluster of each cell."""
        return self.codes(self.cluster_name)

    def codes(self, group_name: str) -> IntArray:
        """Position of each cell's group of that level (cells)."""
        level = self.group_names.index(group_name)
        if level == 0:
            return np.arange(len(self.sums), dtype=np.int64)
        return _group_codes(self.ids[level:])

    def means(self) -> FloatArray:
        """Weighted mean of each column (q)."""
        return self.shifts + self.products[:, 0].sum(axis=0) / self.total_weight

    def condition_number(self) -> float:
        """Of the columns about their shifts, each scaled to length 1: largest over smallest singular value.

        The digits that the normal equations lose are twice its decimal logarithm (Golub and Van Loan).
        """
        products = self.products.sum(axis=0)[self.regressors, self.regressors]
        length = np.sqrt(np.diag(products))
        values = np.linalg.eigvalsh(products / np.outer(length, length))
        return float(np.sqrt(values[-1] / values[0])) if values[0] > 0.0 else np.inf

    def select(self, names: Sequence[str]) -> CrossProducts:
        """The same sums with fewer columns; the intercept and the response always stay."""
        wanted = (INTERCEPT, *names, self.names[-1])
        at = np.array([self.names.index(name) for name in wanted])
        return replace(
            self,
            names=wanted,
            shifts=self.shifts[at],
            sums=self.sums.take(at, axis=1),
            products=self.products[:, at[:, None], at[None, :]],
        )

    def recode(self, columns: Mapping[str, Mapping[str, float]]) -> CrossProducts:
        """Linear re-coding: each new column is a weighted sum of old ones (``intercept`` is the constant 1).

        ``columns`` maps the new names, in their order, to {old name: weight}; the response stays.
        Centring x at 500 is {"x": {"x": 1, "intercept": -500}}.
        """
        coding = np.zeros((len(self.names), len(columns) + 2))
        coding[0, 0] = coding[-1, -1] = 1.0
        for j, weights in enumerate(columns.values(), start=1):
            for name, weight in weights.items():
                coding[self.names.index(name), j] = weight
        return self._recoded(coding, (INTERCEPT, *columns, self.names[-1]))

    def centred(self, names: Sequence[str]) -> CrossProducts:
        """The columns ``names`` less their weighted means."""
        means = dict(zip(self.names, self.means(), strict=True))
        return self._each(lambda name: {name: 1.0, INTERCEPT: -means[name]} if name in names else {name: 1.0})

    def scaled(self, names: Sequence[str]) -> CrossProducts:
        """The columns ``names`` over their weighted standard deviations (divisor: sum of the weights)."""
        total = self.products.sum(axis=0) / self.total_weight
        deviations = dict(zip(self.names, np.sqrt(np.diag(total) - total[0] ** 2), strict=True))
        return self._each(lambda name: {name: 1.0 / deviations[name] if name in names else 1.0})

    def _each(self, coding: Any) -> CrossProducts:
        return self.recode({name: coding(name) for name in self.names[1:-1]})

    def _recoded(self, coding: FloatArray, names: tuple[str, ...]) -> CrossProducts:
        """New columns = old columns @ coding (q, new q). Constants go to the shifts where there is an
        intercept to take them up, so that a re-coding loses no digits either."""
        shifts = self.shifts @ coding
        if self.has_intercept:
            coding = coding.copy()
            shifts[1:] += coding[0, 1:]
            coding[0, 1:] = 0.0
        return replace(
            self,
            names=names,
            shifts=shifts,
            sums=self.sums @ coding,
            products=coding.T @ self.products @ coding,
        )

    def about(self, shifts: FloatArray) -> CrossProducts:
        """The same sums about other constants (q)."""
        coding = np.eye(len(self.names))
        coding[0] += self.shifts - shifts
        return replace(
            self,
            shifts=np.array(shifts),
            sums=self.sums @ coding,
            products=coding.T @ self.products @ coding,
        )

    def __add__(self, other: CrossProducts) -> CrossProducts:
        """Sums over the rows of both. Groups with the same ids are one group, so clusters may be split.

        Raises EstimationError where the two were not made by the same design.
        """
        for part in ("names", "group_names", "cluster_name", "weight_name", "weight_kind", "has_intercept"):
            if getattr(self, part) != getattr(other, part):
                raise EstimationError(
                    f"sums of different {part.replace('_', ' ')} do not add:"
                    f" {getattr(self, part)} and {getattr(other, part)}"
                )
        if self.is_split or other.is_split:
            raise EstimationError(
                "sums do not add after columns were centred by cluster: add first, then split"
            )
        return _gathered([self, other.about(self.shifts)], self.group_names, self.cluster_name)

    def grouped_by(self, group_names: Sequence[str], cluster_name: str | None = None) -> CrossProducts:
        """The same rows by fewer levels (names from innermost to outermost), products by ``cluster_name``.

        Clusters can only become larger: those of ``cluster_name`` (the outermost level where it is None)
        must be made of those that products were kept by.
        """
        cluster_name = cluster_name or group_names[-1]
        if self.group_names.index(cluster_name) < self.group_names.index(self.cluster_name):
            raise EstimationError(f"products were summed by {self.cluster_name}, not by {cluster_name}")
        return _gathered([self], tuple(group_names), cluster_name)

    def split_by_cluster(self, columns: Sequence[str]) -> CrossProducts:
        """Split each column x into ``x:within`` = x - cluster mean and ``x:between`` = cluster mean.

        The means are weighted. A cluster mean is a multiple of the intercept within its cluster, so
        the split is a linear re-coding of each cluster's sums and no row is read again (Mundlak 1978).
        """
        at = [self.names.index(name) for name in columns]
        kept = [i for i in range(1, len(self.names) - 1) if i not in at]
        order = [0, *kept, *at, *at, len(self.names) - 1]
        first = 1 + len(kept)
        within, between = slice(first, first + len(at)), slice(first + len(at), first + 2 * len(at))
        means = self.products[:, 0, at] / self.products[:, 0, 0, None]
        recoding = np.zeros((len(self.products), len(self.names), len(order)))
        recoding[:, order, np.arange(len(order))] = 1.0
        recoding[:, 0, within] = -means
        recoding[:, :, between] = 0.0
        recoding[:, 0, between] = means
        sums, shifts = self.sums.take(order, axis=1), self.shifts[order]
        sums[:, between] = sums[:, :1] * means[self.clusters]
        sums[:, within] -= sums[:, between]
        shifts[within] = 0.0
        names = [self.names[i] for i in order]
        names[within] = [f"{name}:within" for name in columns]
        names[between] = [f"{name}:between" for name in columns]
        products = recoding.transpose(0, 2, 1) @ self.products @ recoding
        return replace(self, names=tuple(names), shifts=shifts, sums=sums, products=products, is_split=True)

    def unshifted(self, params: FloatArray, covariance: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Coefficients (p) and their covariance (p, p) of the columns as they were before the shift."""
        undo = self.undo_shift()
        moved = undo @ params
        if self.has_intercept:
            moved[0] += self.shifts[-1]
        return moved, undo @ covariance @ undo.T

    def undo_shift(self) -> FloatArray:
        """Matrix (p, p) from coefficients about the shifts to those of the columns as they were,
        the response's own shift left to the intercept."""
        undo = np.eye(len(self.names[self.regressors]))
        if self.has_intercept:
            undo[0, 1:] -= self.shifts[1:-1]
        return undo

    def verify(self) -> None:
        """Raise CorruptSumsError where the sums contradict themselves.

        Rows are counted twice (in all, by cell), and the sum of each column three times over (by cell, in
        the products with the constant, and through Cauchy and Schwarz against its square), so a wrong
        number in any of the arrays shows, unless it is below rounding.
        """
        if int(self.counts.sum()) != self.n_rows or np.any(self.counts < 1):
            raise CorruptSumsError(f"counts by cell give {int(self.counts.sum())} rows, not {self.n_rows}")
        if not (np.isfinite(self.sums).all() and np.isfinite(self.products).all()):
            raise CorruptSumsError("a sum is not finite")
        if np.any(self.sums[:, 0] <= 0.0) or (
            self.weight_name is None and np.any(self.sums[:, 0] != self.counts)
        ):
            raise CorruptSumsError("the weight of a cell contradicts its number of rows")
        size = np.sqrt(np.maximum(np.diagonal(self.products, axis1=1, axis2=2), 0.0))
        allowance = _AGREEMENT * size[:, :, None] * size[:, None, :]
        by_cluster = np.add.reduceat(self.sums, _run_starts(self.clusters))
        off = np.abs(by_cluster - self.products[:, 0]) > allowance[:, 0]
        if off.any():
            cluster, column = np.argwhere(off)[0]
            raise CorruptSumsError(
                f"sums of {self.names[column]} by cell and by {self.cluster_name} differ in cluster {cluster}"
            )
        squares = np.add.reduceat(self.sums**2 / self.sums[:, :1], _run_starts(self.clusters))
        if np.any(squares > (1.0 + _AGREEMENT) * size**2 + _AGREEMENT):
            raise CorruptSumsError("sums by cell are larger than the sums of squares allow")
        if np.any(np.abs(self.products - self.products.transpose(0, 2, 1)) > allowance):
            raise CorruptSumsError("a matrix of products is not symmetric")
        scale = np.where(size > 0.0, size, 1.0)
        scaled = self.products / (scale[:, :, None] * scale[:, None, :])
        if np.linalg.eigvalsh(scaled)[:, 0].min() < -_AGREEMENT * len(self.names):
            raise CorruptSumsError("a matrix of products is not positive: no rows have such products")


def _gathered(
    parts: Sequence[CrossProducts], group_names: tuple[str, ...], cluster_name: str
) -> CrossProducts:
    """Cells and clusters of ``parts`` (all about the same shifts) by these levels; same ids are one group."""
    first = parts[0]
    at = [first.group_names.index(name) for name in group_names]
    outer = at[group_names.index(cluster_name) :]
    order, cells = _sorted_groups([np.concatenate([part.ids[k] for part in parts]) for k in at])
    cluster_firsts = [_run_starts(part.clusters) for part in parts]
    cluster_ids = [
        np.concatenate([part.ids[k][starts] for part, starts in zip(parts, cluster_firsts, strict=True)])
        for k in outer
    ]
    cluster_order, clusters = _sorted_groups(cluster_ids)
    starts = _run_starts(cells)
    counts, sums, products = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("counts", "sums", "products")
    )
    return replace(
        first,
        group_names=group_names,
        cluster_name=cluster_name,
        n_rows=sum(part.n_rows for part in parts),
        ids=tuple(np.concatenate([part.ids[k] for part in parts])[order][starts] for k in at),
        counts=np.add.reduceat(counts[order], starts),
        sums=np.add.reduceat(sums[order], starts),
        products=np.add.reduceat(products[cluster_order], _run_starts(clusters)),
    )


def _sorted_groups(ids: Sequence[NDArray[Any]]) -> tuple[NDArray[np.intp], IntArray]:
    """Order of the rows by outermost id first, and the position of each ordered row's group."""
    order = np.lexsort([np.unique(array, return_inverse=True)[1] for array in ids])
    return order, _group_codes([array[order] for array in ids])


def _group_codes(ids: Sequence[NDArray[Any]]) -> IntArray:
    """Position of each row's group, the rows being in order."""
    is_new = np.zeros(len(ids[0]), dtype=bool)
    for array in ids:
        is_new[1:] |= array[1:] != array[:-1]
    return np.cumsum(is_new)


def _run_starts(ordered: IntArray) -> NDArray[np.intp]:
    return np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
