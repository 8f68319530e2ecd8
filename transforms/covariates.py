"""Which covariates a sample has: columns of a model, each with an indicator where values are missing."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from sql import quoted_identifier


def usable_covariates(
    connection: duckdb.DuckDBPyConnection, rows: str, bound: Sequence[object], covariates: Sequence[str]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """SQL expression by column of the usable covariates, and the unusable ones with the reason.

    ``rows`` is a table or a parenthesised query whose placeholders take ``bound``. A missing value counts as
    0 and has a column NAME_missing of its own; a covariate that nobody has, or all alike, is left out.
    """
    expressions: dict[str, str] = {}
    left_out = []
    for name in covariates:
        column = quoted_identifier(name)
        summary = (
            f"SELECT count(*), count({column}),",
            f"min(CAST({column} AS DOUBLE)), max(CAST({column} AS DOUBLE)) FROM",
            rows,
        )
        n, known, low, high = connection.execute(" ".join(summary), list(bound)).fetchall()[0]
        if known == 0:
            left_out.append(f"{name} (not in the data)")
        elif low == high and known == n:
            left_out.append(f"{name} (the same for all)")
        else:
            expressions[name] = f"coalesce(CAST({column} AS DOUBLE), 0)"
            if known < n:
                expressions[f"{name}_missing"] = f"{column} IS NULL"
    return expressions, tuple(left_out)
