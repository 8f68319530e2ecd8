"""Sums of a model's columns by group and cluster: a value that adds, re-codes and checks itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transforms.estimation.errors import EstimationError
from transforms.estimation.sums.consistency import check_sums
from transforms.estimation.sums.design import INTERCEPT, WeightKind, check_names, digest, level_of
from transforms.estimation.sums.grouping import (
    IntArray,
    group_codes,
    joint_groups,
    run_starts,
    summed_by_group,
)

FloatArray = NDArray[np.float64]

# Of a column's mean square about its shift: below it, what is left about the mean is rounding.
_CONSTANT = 1e-12


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
    ``products`` (clusters, q, q) is X'WX, the response in it, of each group of the level ``cluster_name``
    (one matrix where that is ``ALL_ROWS``).
    Units: those of the columns. ``weight_kind`` is that of ``design.Design``.
    ``is_split`` says that columns were centred by cluster; such sums no longer add.
    ``definitions`` tell how a column was made from the rows (a digest by name): columns of one name that
    were made in two ways, such as splines with other knots, do not add either.
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
    definitions: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_names(self.names)
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
        return tuple(outer[run_starts(inner)] for inner, outer in pairwise(codes))

    @property
    def clusters(self) -> IntArray:
        """Cluster of each cell."""
        return self.codes(self.cluster_name)

    def codes(self, group_name: str) -> IntArray:
        """Position of each cell's group of that level (cells)."""
        level = self.level(group_name)
        if level == 0:
            return np.arange(len(self.sums), dtype=np.int64)
        if level == len(self.group_names):
            return np.zeros(len(self.sums), dtype=np.int64)
        return group_codes(self.ids[level:])

    def level(self, group_name: str) -> int:
        """Position of a level, innermost 0; ``ALL_ROWS`` lies around them all. Or an EstimationError."""
        return level_of(group_name, self.group_names)

    def means(self) -> FloatArray:
        """Weighted mean of each column (q)."""
        return self.shifts + self.products[:, 0].sum(axis=0) / self.total_weight

    def condition_number(self) -> float:
        """Of the columns about their shifts, each scaled to length 1: largest over smallest singular value.

        The digits that the normal equations lose are twice its decimal logarithm (Golub and Van Loan).
        Above 1e7 it is itself of few digits, above 1e8 it may be infinite: so is that of a column of zeros.
        """
        products = self.products.sum(axis=0)[self.regressors, self.regressors]
        length = np.sqrt(np.diag(products))
        if not np.all(length > 0.0):
            return np.inf
        values = np.linalg.eigvalsh(products / np.outer(length, length))
        return float(np.sqrt(values[-1] / values[0])) if values[0] > 0.0 else np.inf

    def position(self, name: str) -> int:
        """Where a column stands among ``names``. Raises EstimationError where it does not."""
        if name not in self.names:
            raise EstimationError(f"no column {name} among the sums of {', '.join(self.names)}")
        return self.names.index(name)

    def select(self, names: Sequence[str]) -> CrossProducts:
        """The same sums with fewer columns; the intercept and the response always stay."""
        wanted = (INTERCEPT, *names, self.names[-1])
        at = np.array([self.position(name) for name in wanted])
        return replace(
            self,
            names=wanted,
            shifts=self.shifts[at],
            sums=self.sums.take(at, axis=1),
            products=self.products[:, at[:, None], at[None, :]],
            definitions=self._definitions_of(wanted),
        )

    def _definitions_of(self, names: Sequence[str]) -> dict[str, str]:
        return {name: made for name, made in self.definitions.items() if name in names}

    def recode(self, columns: Mapping[str, Mapping[str, float]]) -> CrossProducts:
        """Linear re-coding: each new column is a weighted sum of old ones (``intercept`` is the constant 1).

        ``columns`` maps the new names, in their order, to {old name: weight}; the response stays.
        Centring x at 500 is {"x": {"x": 1, "intercept": -500}}.
        """
        coding = np.zeros((len(self.names), len(columns) + 2))
        coding[0, 0] = coding[-1, -1] = 1.0
        for j, weights in enumerate(columns.values(), start=1):
            for name, weight in weights.items():
                coding[self.position(name), j] = weight
        return self._recoded(coding, (INTERCEPT, *columns, self.names[-1]))

    def centred(self, names: Sequence[str]) -> CrossProducts:
        """The columns ``names`` less their weighted means."""
        means = {name: self.means()[self.position(name)] for name in names}
        return self._each(lambda name: {name: 1.0, INTERCEPT: -means[name]} if name in means else {name: 1.0})

    def scaled(self, names: Sequence[str]) -> CrossProducts:
        """The columns ``names`` over their weighted standard deviations (divisor: sum of the weights).

        Raises EstimationError where one of them is constant.
        """
        total = self.products.sum(axis=0) / self.total_weight
        squares = np.diag(total)
        variances = squares - total[0] ** 2
        constant = [name for name in names if variances[at := self.position(name)] <= _CONSTANT * squares[at]]
        if constant:
            raise EstimationError(f"constant columns have no scale: {', '.join(constant)}")
        scales = {name: 1.0 / np.sqrt(variances[self.position(name)]) for name in names}
        return self._each(lambda name: {name: scales.get(name, 1.0)})

    def _each(self, coding: Callable[[str], dict[str, float]]) -> CrossProducts:
        return self.recode({name: coding(name) for name in self.names[1:-1]})

    def _recoded(self, coding: FloatArray, names: tuple[str, ...]) -> CrossProducts:
        """New columns = old columns @ coding (q, new q). Constants go to the shifts where there is an
        intercept to take them up, so that a re-coding loses no digits either."""
        shifts, definitions = self.shifts @ coding, self._defined(coding, names)
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
            definitions=definitions,
        )

    def _defined(self, coding: FloatArray, names: tuple[str, ...]) -> dict[str, str]:
        """How the new columns are made; a column that stays as it was keeps its definition, known or not."""
        found: dict[str, str] = {}
        for name, weights in zip(names, coding.T, strict=True):
            parts = {self.names[i]: float(weights[i]) for i in np.flatnonzero(weights)}
            if parts == {name: 1.0}:
                found |= self._definitions_of([name])
            else:
                found[name] = digest([(self.definitions.get(p, p), weight) for p, weight in parts.items()])
        return found

    def about(self, shifts: FloatArray) -> CrossProducts:
        """The same sums about other constants (q)."""
        by = self.shifts - shifts
        if not by.any():
            return self
        totals = self.products[:, 0]
        # (x + a)(y + b) = xy + a (y + b/2) + b (x + a/2), summed with the weights
        moved = (totals + totals[:, :1] * by / 2.0)[:, :, None] * by
        return replace(
            self,
            shifts=np.array(shifts),
            sums=self.sums + self.sums[:, :1] * by,
            products=self.products + (moved + moved.transpose(0, 2, 1)),
        )

    def __add__(self, other: CrossProducts) -> CrossProducts:
        """Sums over the rows of both. Groups with the same ids are one group, so clusters may be split.

        Raises EstimationError where the two were not made by the same design, or where the ids of a level
        are of two kinds (text and integers, say), so that no group could be found in both.
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
        differing = [name for name in self.names if self.definitions.get(name) != other.definitions.get(name)]
        if differing:
            raise EstimationError(
                f"{', '.join(differing)} was made in another way in the other sums: sum both by one compiled"
                " formula, and centre or scale after adding"
            )
        shifts = self._shifts_with(other)
        return _gathered([self.about(shifts), other.about(shifts)], self.group_names, self.cluster_name)

    def _shifts_with(self, other: CrossProducts) -> FloatArray:
        """Constants (q) for the rows of both: these, moved to the joint mean where that is farther away
        than the joint spread, so that the order of adding costs no digits."""
        moved = other.products.sum(axis=0)[None]
        total = self.products.sum(axis=0) + replace(other, products=moved).about(self.shifts).products[0]
        means = total[0] / total[0, 0]
        is_far = means**2 > np.diag(total) / total[0, 0] - means**2
        is_far[0] = False
        return self.shifts + np.where(is_far & self.has_intercept, means, 0.0)

    def grouped_by(self, group_names: Sequence[str], cluster_name: str | None = None) -> CrossProducts:
        """The same rows by fewer levels (names from innermost to outermost), products by ``cluster_name``.

        Clusters can only become larger: those of ``cluster_name`` (the outermost level where it is None)
        must be made of those that products were kept by. Raises EstimationError where they are not.
        """
        if not group_names:
            raise EstimationError("no level to group by")
        cluster_name = cluster_name or group_names[-1]
        for name in (*group_names, cluster_name):
            self.level(name)
        kept = self.group_names[self.level(self.cluster_name) :]
        inner = [name for name in group_names[level_of(cluster_name, group_names) :] if name not in kept]
        if inner:
            raise EstimationError(f"products were summed by {self.cluster_name}, not by {', '.join(inner)}")
        return _gathered([self], tuple(group_names), cluster_name)

    def split_by_cluster(self, columns: Sequence[str]) -> CrossProducts:
        """Split each column x into ``x:within`` = x - cluster mean and ``x:between`` = cluster mean.

        The means are weighted. A cluster mean is a multiple of the intercept within its cluster, so
        the split is a linear re-coding of each cluster's sums and no row is read again (Mundlak 1978).
        """
        at = [self.position(name) for name in columns]
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
        return replace(
            self,
            names=tuple(names),
            shifts=shifts,
            sums=sums,
            products=products,
            is_split=True,
            definitions=self._definitions_of(names),
        )

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

        Rows are counted twice (in all, by cell), the sum of each column three times over (by cell, in
        the products with the constant, and through Cauchy and Schwarz against its square), and each
        product stands twice in its matrix. A single wrong number shows, unless it is below rounding, a
        shift, or a square that is too large: a stored file has its totals to tell these (``storage``). A
        product that is wrong in both places shows where it is summed (``check_mixture``), and in a file.
        """
        check_sums(self)


def _gathered(
    parts: Sequence[CrossProducts], group_names: tuple[str, ...], cluster_name: str
) -> CrossProducts:
    """Cells and clusters of ``parts`` (all about the same shifts) by these levels; same ids are one group."""
    first = parts[0]
    at = [first.group_names.index(name) for name in group_names]
    depth = level_of(cluster_name, group_names)
    ids, cells = joint_groups([[part.ids[k] for k in at] for part in parts], group_names)
    starts = [run_starts(part.clusters) for part in parts]
    cluster_ids = [
        [part.ids[k][start] for k in at[depth:]] for part, start in zip(parts, starts, strict=True)
    ]
    if depth < len(group_names):
        _, clusters = joint_groups(cluster_ids, group_names[depth:])
    else:
        clusters = [np.zeros(len(part.products), dtype=np.int64) for part in parts]
    return replace(
        first,
        group_names=group_names,
        cluster_name=cluster_name,
        n_rows=sum(part.n_rows for part in parts),
        ids=ids,
        counts=summed_by_group([part.counts for part in parts], cells),
        sums=summed_by_group([part.sums for part in parts], cells),
        products=summed_by_group([part.products for part in parts], clusters),
    )
