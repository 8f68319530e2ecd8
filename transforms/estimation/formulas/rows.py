"""The rows that a formula is compiled for: their columns, the levels and the statistics over them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import cast

import duckdb
from duckdb.sqltypes import DuckDBPyType

from sql import quoted_identifier
from transforms.estimation.formulas.errors import FormulaError
from transforms.estimation.formulas.expression import Expression, combine
from transforms.estimation.sums.relation import column_types, no_column

MAX_LEVELS = 1_000
_TEXTS = frozenset({"varchar", "enum"})
_INTEGERS = frozenset(
    {"tinyint", "smallint", "integer", "bigint", "hugeint"}
    | {"utinyint", "usmallint", "uinteger", "ubigint", "uhugeint"}
)
_DECIMALS = frozenset({"decimal", "float", "double"})


@dataclass(frozen=True)
class Rows:
    """``source`` is what follows FROM: the relation without the rows of weight 0 or less."""

    connection: duckdb.DuckDBPyConnection
    source: str
    types: Mapping[str, DuckDBPyType]
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def bind(self, value: object) -> Expression:
        """A value under a placeholder that no other value of the formula has."""
        name = f"f_{next(self._numbers)}"
        return Expression(f"${name}", {name: value}, "text" if isinstance(value, str) else "number")

    def require(self, name: str, part: str) -> None:
        """FormulaError where there is no column of that name; ``part`` of the formula is where it stands."""
        if name in self.types:
            return
        where = "" if part == name else f"`{part}`: "
        raise FormulaError(where + no_column(name, self.types))

    def kind_of(self, name: str, part: str) -> str:
        """The DuckDB type of a column. FormulaError unless it is a number, text or a boolean."""
        self.require(name, part)
        kind = self.types[name].id
        if kind != "boolean" and kind not in _TEXTS | _INTEGERS | _DECIMALS:
            raise FormulaError(f"`{part}`: column `{name}` is a {kind}, not a number, text or a boolean")
        return kind

    def is_text(self, name: str, part: str) -> bool:
        """Whether a column is a factor without being told so."""
        return self.kind_of(name, part) in _TEXTS

    def number(self, name: str) -> Expression:
        """A column of numbers or booleans as it is."""
        return Expression(f"CAST({quoted_identifier(name)} AS DOUBLE)")

    def operand(self, name: str, part: str) -> Expression:
        """A column as it stands in a function. What is not a number (NaN) is null there: DuckDB has it
        greater than any number, so that a comparison would make it an ordinary value."""
        kind = self.kind_of(name, part)
        quoted = quoted_identifier(name)
        if kind in _TEXTS:
            return Expression(f"CAST({quoted} AS VARCHAR)", kind="text")
        if kind in _DECIMALS:
            return Expression(f"nullif(CAST({quoted} AS DOUBLE), CAST('NaN' AS DOUBLE))")
        return Expression(f"CAST({quoted} AS DOUBLE)", kind="condition" if kind == "boolean" else "number")

    def levels(self, name: str, part: str) -> tuple[Expression, list[object]]:
        """A column as a factor, and its levels: ENUMs in their own order, all else sorted."""
        kind = self.kind_of(name, part)
        # Integers and booleans stay what they are: the names of the columns are made of their levels.
        exact = kind == "boolean" or kind in _INTEGERS
        operand = Expression(quoted_identifier(name)) if exact else self.operand(name, part)
        levels = self.distinct(operand, part, name)
        if kind == "enum":
            ((_, order),) = self.types[name].children
            levels.sort(key=cast(list[object], order).index)
        return operand, levels

    def distinct(self, operand: Expression, part: str, absorbable: str) -> list[object]:
        """The sorted values of an expression that are not null."""
        distinct = " ".join(("SELECT DISTINCT", operand.sql, "AS level FROM", self.source))
        query = " ".join(("SELECT level FROM (", distinct, ") WHERE level IS NOT NULL LIMIT $most"))
        found = self.connection.execute(query, {**operand.parameters, "most": MAX_LEVELS + 1})
        levels = [row[0] for row in found.fetchall()]
        if len(levels) > MAX_LEVELS:
            raise FormulaError(
                f"`{part}`: more than {MAX_LEVELS:,} levels; absorb the factor instead: `| {absorbable}`"
            )
        return sorted(levels)

    def statistics(self, part: str, template: str, *operands: Expression) -> list[float]:
        """Aggregates over the rows, {0}, {1}, ... being the operands; FormulaError unless all are finite."""
        query = combine(template, *operands)
        row = self.connection.execute(
            " ".join(("SELECT", query.sql, "FROM", self.source)), query.parameters
        ).fetchone()
        found = [value for cell in row or () for value in (cell if isinstance(cell, list) else [cell])]
        if not all(value is not None and math.isfinite(value) for value in found):
            raise FormulaError(f"`{part}`: has no values, or values that are not finite")
        return found


def rows_of(connection: duckdb.DuckDBPyConnection, relation: str, weight: str | None) -> Rows:
    """The rows of a relation with weight above 0; FormulaError where there are none."""
    types = column_types(connection, relation)
    source = relation
    if weight is not None:
        if Rows(connection, relation, types).is_text(weight, weight):
            raise FormulaError(f"`{weight}`: the weight has to be a number, it is text")
        source = f"{relation} WHERE {quoted_identifier(weight)} > 0"
    rows = Rows(connection, source, types)
    if rows.statistics("the rows", "count(*)") == [0]:
        raise FormulaError("no rows with a weight above 0" if weight is not None else "no rows")
    return rows
