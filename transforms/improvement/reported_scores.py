"""What respondents score on one scale of all surveys, by school and in the district."""

from __future__ import annotations

import duckdb

from sql import render_sql


def reported_scores(
    connection: duckdb.DuckDBPyConnection, scale_kind: str, scale: str
) -> list[dict[str, object]]:
    """Rows of an indicator: mean score share of a construct or evaluation level with errors by survey."""
    cursor = connection.execute(
        render_sql("improvement/reported_score.sql"), {"scale_kind": scale_kind, "scale": scale}
    )
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
