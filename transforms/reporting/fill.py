"""Rows of a query as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

import duckdb

_Row = TypeVar("_Row")


def filled(
    connection: duckdb.DuckDBPyConnection,
    row_type: type[_Row],
    query: str,
    parameters: Mapping[str, object] | None = None,
) -> tuple[_Row, ...]:
    """Run ``query`` and fill ``row_type`` by column name; a column that the type lacks is a TypeError."""
    cursor = connection.execute(query, parameters) if parameters else connection.execute(query)
    names = [column[0] for column in cursor.description or ()]
    expected = [field.name for field in fields(row_type)]  # type: ignore[arg-type]
    if names != expected:
        raise TypeError(f"{row_type.__name__} wants {expected}, the query gives {names}")
    make: Any = row_type
    return tuple(make(*row) for row in cursor.fetchall())
