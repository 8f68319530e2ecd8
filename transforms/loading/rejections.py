"""What was turned away, in a few lines for the person who has to mend the files."""

from __future__ import annotations

import duckdb

from sql import render_sql

LINES_SHOWN = 10


def rejection_lines(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """The rules that turned most rows of a file away, a line each, without any value of the rows."""
    rows = connection.execute(render_sql("core/rejections.sql"), {"n_lines": LINES_SHOWN}).fetchall()
    return tuple(
        f"{file}:{line}: {f'column {column}: ' if column else ''}{reason}"
        f" (rule {rule}, {count:,} rows of {entity})"
        for file, line, column, reason, count, entity, rule in rows
    )
