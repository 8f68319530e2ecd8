"""From rows to sums: two grouped queries in the database, and the constants that the values stand about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Any

import duckdb
import numpy as np
from duckdb.sqltypes import DuckDBPyType

from sql import quoted_identifier, render_sql
from transforms.estimation.errors import EstimationError
from transforms.estimation.sums.consistency import check_mixture
from transforms.estimation.sums.crossproducts import CrossProducts, FloatArray
from transforms.estimation.sums.design import ALL_ROWS, INTERCEPT, Design, level_of
from transforms.estimation.sums.relation import (
    column_types,
    model_rows,
    require_columns,
    told_in_one_line,
)

# Enough for a mean that is right to a small part of the spread, and read in no time.
_SAMPLE_ROWS = 50_000
# Wider queries take longer than two narrower ones: their states no longer fit the cache.
_PRODUCTS_A_QUERY = 150
_GOLDEN = (5.0**0.5 - 1.0) / 2.0


def cross_products(connection: duckdb.DuckDBPyConnection, relation: str, design: Design) -> CrossProducts:
    """Sum the columns of ``design`` over a table, a view or a parenthesised query.

    One scan gives the sums by cell, one (or more, where there are many columns) the products by
    cluster; what they have in common must agree, and the products with the squares of one mixture of all
    columns, summed beside them. Rows with weight 0 are left out. Raises EstimationError where there are no
    rows, a value is null or not finite, an id is null or not a number, a weight is negative, or a name
    is not there; inside a transaction of the caller's an error leaves that to be rolled back.
    """
    query = _Query(connection, relation, design, column_types(connection, relation))
    query.check_weights()
    sampled = query.sampled()
    shifts = sampled.shifts
    cells = query.cells(shifts)
    query.check_complete(cells, shifts)
    moved = _means(cells, len(shifts))
    if design.terms.has_intercept and np.any(np.abs(moved) > sampled.spread):
        shifts = shifts + moved
        cells = query.cells(shifts)
    sums = np.column_stack([cells[f"s{j}"] for j in range(len(shifts) + 1)])
    found = CrossProducts(
        names=(INTERCEPT, *query.names),
        group_names=query.group_names,
        cluster_name=query.cluster_name,
        weight_name=design.weight,
        n_rows=int(cells["n_rows"].sum()),
        ids=tuple(cells[f"g{i}"] for i in range(len(query.group_names))),
        counts=cells["n_rows"],
        shifts=np.concatenate(([0.0], shifts)),
        sums=sums,
        products=query.products(shifts, sampled.probe()),
        weight_kind=design.weight_kind,
        has_intercept=design.terms.has_intercept,
        definitions={
            column.name: column.definition for column in (*design.terms.columns, design.terms.response)
        },
    )
    found.verify()
    return found


def _means(cells: dict[str, np.ndarray], n_values: int) -> FloatArray:
    """Mean of each value about its shift."""
    return np.array([cells[f"s{j + 1}"].sum() for j in range(n_values)]) / cells["s0"].sum()


@dataclass(frozen=True)
class _Sampled:
    """``shifts``, ``mean`` and ``spread`` (largest less smallest) of the sampled values (values).

    A shift is the nearest multiple of a power of two below the spread to the mean, so that the
    subtraction itself is exact for numbers of few digits; without an intercept nothing is shifted.
    """

    shifts: FloatArray
    mean: FloatArray
    spread: FloatArray

    def probe(self) -> FloatArray:
        """Weights (values) of a mixture in which no column is small beside the others, nor like another."""
        size = np.maximum(np.abs(self.mean - self.shifts), self.spread)
        irregular = 1.0 + np.modf(np.arange(1, len(size) + 1) * _GOLDEN)[0]
        return irregular / np.where(size > 0.0, size, 1.0)


@dataclass(frozen=True)
class _Query:
    """The queries of one design on one relation."""

    connection: duckdb.DuckDBPyConnection
    relation: str
    design: Design
    types: Mapping[str, DuckDBPyType]

    def __post_init__(self) -> None:
        weight = self.design.weight
        named = (name for name in (*self.design.groups, weight) if name is not None and name != ALL_ROWS)
        require_columns(named, self.types)
        if weight is not None and self.types[weight].id in ("varchar", "enum"):
            raise EstimationError(f"the weight {weight} has to be a number, it is text")

    @property
    def names(self) -> tuple[str, ...]:
        return (*(column.name for column in self.design.terms.columns), self.design.terms.response.name)

    @property
    def group_names(self) -> tuple[str, ...]:
        return self.design.groups or (ALL_ROWS,)

    @property
    def cluster_name(self) -> str:
        return self.design.cluster or self.group_names[-1]

    def check_weights(self) -> None:
        """Weights that cannot be used must not drop rows in silence."""
        if self.design.weight is None:
            return
        weight = quoted_identifier(self.design.weight)
        text = render_sql("estimation/weight_faults.sql.j2", weight=weight, relation=self.relation)
        row = self.connection.execute(text).fetchone()
        if row is not None and row[0]:
            raise EstimationError(
                f"{row[0]} rows have a {self.design.weight} that is missing, negative or not finite"
            )

    def sampled(self) -> _Sampled:
        """Where the values of each column lie, told from the first rows."""
        row = self._fetch("estimation/sampled_moments.sql.j2", None, limit=_SAMPLE_ROWS)
        moments = np.array([np.nan if value is None else value for value in row]).reshape(-1, 3)
        mean, low, high = np.where(np.isfinite(moments).all(axis=1, keepdims=True), moments, 0.0).T
        spread = high - low
        unit = 2.0 ** (np.floor(np.log2(np.where(spread > 0.0, spread, 1.0))) - 4)
        shifts = np.where(spread > 0.0, np.round(mean / unit) * unit, low)
        return _Sampled(shifts if self.design.terms.has_intercept else np.zeros(len(mean)), mean, spread)

    def cells(self, shifts: FloatArray) -> dict[str, np.ndarray]:
        """Columns g0.., n_rows, n_complete, s0.. of each cell, outermost id first in the order."""
        complete = " + ".join(f"v{j}" for j in range(len(shifts)))
        return self._fetch_arrays("estimation/cell_sums.sql.j2", shifts, complete=complete)

    def check_complete(self, cells: dict[str, np.ndarray], shifts: FloatArray) -> None:
        """Say which column holds nulls or values that are not finite, if any does."""
        if not len(cells["n_rows"]):
            raise EstimationError("no rows to sum")
        is_finite = all(np.isfinite(cells[f"s{j + 1}"]).all() for j in range(len(shifts)))
        is_grouped = not any(np.ma.is_masked(cells[f"g{i}"]) for i in range(len(self.group_names)))
        if is_finite and is_grouped and (cells["n_complete"] == cells["n_rows"]).all():
            return
        row = [int(count) for count in self._fetch("estimation/column_faults.sql.j2", None)]
        n_ids = len(self.group_names)
        nulls = [name for name, n in zip(self.group_names, row[:n_ids], strict=True) if n]
        nulls += [name for name, n in zip(self.names, row[n_ids::2], strict=True) if n]
        if nulls:
            raise EstimationError(f"nulls in {', '.join(nulls)}")
        infinite = [name for name, n in zip(self.names, row[n_ids + 1 :: 2], strict=True) if n]
        raise EstimationError(f"values that are not finite in {', '.join(infinite or self.names)}")

    def products(self, shifts: FloatArray, probe: FloatArray) -> FloatArray:
        """X'WX of each cluster with the constant first and the response last: (clusters, q, q).

        Raises CorruptSumsError where the squares of the mixture ``probe`` are not those of the products.
        """
        q = len(shifts) + 1
        clusters = range(level_of(self.cluster_name, self.group_names), len(self.group_names))
        bound = {f"probe_{j}": float(weight) for j, weight in enumerate(probe)}
        found = []
        for pairs in _chunks(list(combinations_with_replacement(range(-1, q - 1), 2))):
            # (constant, v) is summed as (v, constant): the weight stands in the first of the two.
            turned = [(max(pair), min(pair)) for pair in pairs]
            arrays = self._fetch_arrays(
                "estimation/cluster_products.sql.j2", shifts, bound, pairs=turned, clusters=clusters
            )
            found += [arrays[f"p{k}"] for k in range(len(pairs))]
        products = np.empty((len(found[0]), q, q))
        row, column = np.triu_indices(q)
        products[:, row, column] = products[:, column, row] = np.column_stack(found)
        check_mixture(products, np.concatenate(([0.0], probe)), arrays["squares"])
        return products

    def _fetch(self, template: str, shifts: FloatArray | None, **options: object) -> tuple[Any, ...]:
        row = self._execute(template, shifts, options).fetchone()
        assert row is not None  # noqa: S101 - an aggregate without groups has one row
        return row

    def _fetch_arrays(
        self, template: str, shifts: FloatArray, bound: dict[str, float] | None = None, **options: object
    ) -> dict[str, Any]:
        return self._execute(template, shifts, options, bound).fetchnumpy()

    def _execute(
        self,
        template: str,
        shifts: FloatArray | None,
        options: dict[str, object],
        bound: dict[str, float] | None = None,
    ) -> duckdb.DuckDBPyConnection:
        rows, parameters = model_rows(self.relation, self.design, self.group_names, self.types, shifts)
        text = render_sql(
            template,
            rows=rows,
            n_ids=len(self.group_names),
            n_values=len(self.names),
            is_weighted=self.design.weight is not None,
            **options,
        )
        with told_in_one_line(self.relation):
            return self.connection.execute(text, parameters | (bound or {}))


def _chunks(pairs: list[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    for start in range(0, len(pairs), _PRODUCTS_A_QUERY):
        yield pairs[start : start + _PRODUCTS_A_QUERY]
