"""Sums of a model's columns by group and cluster, taken where the rows are.

The rows stream through in batches of bounded size; what stays is one row of sums per innermost
group and one matrix of products per cluster.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import duckdb
import numpy as np
from numpy.typing import NDArray

from sql import quoted_identifier
from transforms.estimation.errors import EstimationError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

INTERCEPT = "intercept"
_GROUP_TABLE = "cross_product_groups"
_GROUP_CODE = "cross_product_group_code"
_WEIGHT = "cross_product_weight"
# 16 vectors of DuckDB: large enough for BLAS, 45 columns of doubles take 12 MB.
_BATCH_ROWS = 32_768


@dataclass(frozen=True)
class CrossProducts:
    """Weighted sums of columns about constants, by nested groups.

    ``names`` are the q columns in order: the intercept first, the response last. Every column x
    stands as x - shift, so that no digits are lost where a mean is large; with an intercept in
    the model a shift moves the intercept alone, and ``unshifted`` undoes it.
    ``group_names`` are the levels from innermost to outermost; the outermost is the cluster.
    Groups are in the order of their outer ids, so that the children of a group are neighbours.

    Shapes: ``sums`` (innermost groups, q), whose first column is each group's total weight;
    ``parents[k]`` gives for each group of level k the position of its group of level k + 1;
    ``products`` (clusters, q, q) is X'WX of each cluster with the response in it.
    Units: those of the columns. Weights count as observations: a weight of 2 equals two rows.
    """

    names: tuple[str, ...]
    group_names: tuple[str, ...]
    n_rows: int
    shifts: FloatArray
    sums: FloatArray
    parents: tuple[IntArray, ...]
    products: FloatArray

    @property
    def total_weight(self) -> float:
        """Sum of the weights: the number of rows where every weight is 1."""
        return float(self.products[:, 0, 0].sum())

    @property
    def n_groups(self) -> tuple[int, ...]:
        """Number of groups by level, innermost to outermost."""
        return (len(self.sums), *(int(parent[-1]) + 1 for parent in self.parents))

    @property
    def clusters(self) -> IntArray:
        """Cluster of each innermost group."""
        position = np.arange(len(self.sums), dtype=np.int64)
        for parent in self.parents:
            position = parent[position]
        return position

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
        return replace(self, names=tuple(names), shifts=shifts, sums=sums, products=products)

    def unshifted(self, params: FloatArray, covariance: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Coefficients (p) and their covariance (p, p) of the columns as they were before the shift."""
        undo = np.eye(len(params))
        undo[0] -= self.shifts[:-1]
        undo[0, 0] = 1.0
        moved = undo @ params
        moved[0] += self.shifts[-1]
        return moved, undo @ covariance @ undo.T


def cross_products(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    response: str,
    columns: Sequence[str],
    groups: Sequence[str],
    weight: str | None = None,
) -> CrossProducts:
    """Sum ``columns`` and ``response`` of a table by nested groups.

    ``relation`` names a table or view; its rows are read twice, once for means and once for sums.
    ``groups`` go from innermost to outermost, and a group is told apart by its own id and all outer
    ids, so that a teacher in two schools is two groups. An intercept is always added. Rows with
    weight 0 are left out. Raises EstimationError where there are no rows, or a column holds nulls
    or is not finite.
    """
    names = (*columns, response)
    shifts, n_rows = _shifts(connection, relation, names, groups, weight)
    parents, n_innermost = _number_groups(connection, relation, groups, weight)
    clusters = np.arange(n_innermost, dtype=np.int64)
    for parent in parents:
        clusters = parent[clusters]
    q = len(names) + 1
    sums = np.zeros((n_innermost, q))
    products = np.zeros((int(clusters[-1]) + 1, q, q))
    for codes, weights, values in _batches(connection, relation, names, groups, weight):
        _add_batch(sums, products, clusters, codes, weights, values - shifts)
    connection.execute(f"DROP TABLE temp.{_GROUP_TABLE}")
    return CrossProducts(
        (INTERCEPT, *names), tuple(groups), n_rows, np.concatenate(([0.0], shifts)), sums, parents, products
    )


def _add_batch(
    sums: FloatArray,
    products: FloatArray,
    clusters: IntArray,
    codes: IntArray,
    weights: FloatArray,
    values: FloatArray,
) -> None:
    """Add the rows of a batch to the sums (groups, q) and products (clusters, q, q), in place."""
    order = np.argsort(codes, kind="stable")
    codes, weights = codes[order], weights[order]
    block = np.empty((len(codes), values.shape[1] + 1))
    block[:, 0] = 1.0
    block[:, 1:] = values[order]
    weighted = block * weights[:, None]
    starts = _run_starts(codes)
    sums[codes[starts]] += np.add.reduceat(weighted, starts, axis=0)
    rows_cluster = clusters[codes]
    starts = _run_starts(rows_cluster)
    for start, stop in zip(starts, [*starts[1:], len(codes)], strict=True):
        products[rows_cluster[start]] += weighted[start:stop].T @ block[start:stop]


def _run_starts(ordered: IntArray) -> IntArray:
    return np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))


def _source(relation: str, weight: str | None) -> str:
    return relation if weight is None else f"{relation} WHERE {quoted_identifier(weight)} > 0"


def _shifts(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    names: Sequence[str],
    groups: Sequence[str],
    weight: str | None,
) -> tuple[FloatArray, int]:
    """A constant near each column's mean: the nearest multiple of a power of two below its spread,
    so that the subtraction itself is exact for numbers of few digits. Constant columns become 0."""
    values = [f"CAST({quoted_identifier(name)} AS DOUBLE)" for name in names]
    counted = [*values, *(quoted_identifier(group) for group in groups)]
    parts = ["count(*)", *(f"count({value})" for value in counted)]
    for value in values:
        parts += [f"avg({value})", f"min({value})", f"max({value})"]
    row = connection.execute(
        " ".join(("SELECT", ", ".join(parts), "FROM", _source(relation, weight)))
    ).fetchone()
    if row is None or not row[0]:
        raise EstimationError("no rows to sum")
    n_rows, counts = int(row[0]), row[1 : 1 + len(counted)]
    nulls = [name for name, count in zip([*names, *groups], counts, strict=True) if count < n_rows]
    if nulls:
        raise EstimationError(f"nulls in {', '.join(nulls)}")
    moments = np.array(row[1 + len(counted) :], dtype=np.float64).reshape(-1, 3)
    not_finite = [name for name, moment in zip(names, moments, strict=True) if not np.isfinite(moment).all()]
    if not_finite:
        raise EstimationError(f"values that are not finite in {', '.join(not_finite)}")
    mean, low, high = moments.T
    spread = np.where(high > low, high - low, 1.0)
    unit = 2.0 ** (np.floor(np.log2(spread)) - 4)
    return np.where(high > low, np.round(mean / unit) * unit, low), n_rows


def _number_groups(
    connection: duckdb.DuckDBPyConnection, relation: str, groups: Sequence[str], weight: str | None
) -> tuple[tuple[IntArray, ...], int]:
    """Make the temporary table of numbered groups; give the parents of each level and the group count."""
    outermost_first = ", ".join(quoted_identifier(group) for group in reversed(groups))
    numbered = f"row_number() OVER (ORDER BY {outermost_first}) - 1 AS {_GROUP_CODE}"
    distinct = " ".join(("(SELECT DISTINCT", outermost_first, "FROM", _source(relation, weight), ")"))
    create = f"CREATE OR REPLACE TEMP TABLE {_GROUP_TABLE} AS"
    connection.execute(" ".join((create, "SELECT *,", numbered, "FROM", distinct)))
    ranks = []
    for level in range(len(groups)):
        ids = ", ".join(quoted_identifier(group) for group in reversed(groups[level:]))
        ranks.append(f"dense_rank() OVER (ORDER BY {ids}) - 1 AS level_{level}")
    table = connection.execute(
        " ".join(("SELECT", ", ".join(ranks), "FROM", _GROUP_TABLE, "ORDER BY", _GROUP_CODE))
    ).fetchnumpy()
    levels = [np.asarray(table[f"level_{level}"], dtype=np.int64) for level in range(len(groups))]
    parents = tuple(outer[_run_starts(inner)] for inner, outer in pairwise(levels))
    return parents, len(levels[0])


def _batches(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    names: Sequence[str],
    groups: Sequence[str],
    weight: str | None,
) -> Iterator[tuple[IntArray, FloatArray, FloatArray]]:
    """Group codes (rows), weights (rows) and values (rows, columns) of one batch after the other."""
    weights = f"CAST({'1' if weight is None else quoted_identifier(weight)} AS DOUBLE) AS {_WEIGHT}"
    values = [f"CAST({quoted_identifier(name)} AS DOUBLE) AS value_{i}" for i, name in enumerate(names)]
    query = " ".join(
        (
            "SELECT",
            ", ".join([_GROUP_CODE, weights, *values]),
            f"FROM {relation} JOIN {_GROUP_TABLE}",
            f"USING ({', '.join(quoted_identifier(group) for group in groups)})",
            "" if weight is None else f"WHERE {quoted_identifier(weight)} > 0",
        )
    )
    for batch in connection.sql(query).to_arrow_reader(_BATCH_ROWS):
        arrays = [column.to_numpy(zero_copy_only=False) for column in batch.columns]
        if len(arrays[0]):
            yield arrays[0], arrays[1], np.column_stack(arrays[2:])
