"""Small frames in memory for the tests of estimation."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb


def frame(columns: str, rows: Sequence[tuple[object, ...]]) -> duckdb.DuckDBPyConnection:
    """A connection with the table ``frame`` of the given column definitions and rows."""
    connection = duckdb.connect()
    connection.execute(f"create table frame ({columns})")
    marks = ", ".join("?" for _ in rows[0])
    connection.executemany(f"insert into frame values ({marks})", [list(row) for row in rows])
    return connection
