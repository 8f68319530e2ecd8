"""Indicators as frozen values, read from the table that may be shown."""

from __future__ import annotations

from dataclasses import dataclass, fields

import duckdb

from transforms.reporting.fill import filled


@dataclass(frozen=True)
class IndicatorRow:
    """One row of report.indicator; no ``school_id``: the district; no ``value``: hidden or missing."""

    indicator: str
    label: str
    unit: str
    school_id: str | None
    school_name: str | None
    school_year: int
    category: str
    value: float | None
    numerator: float | None
    denominator: float | None
    ci_low: float | None
    ci_high: float | None
    comparison_value: float | None
    status: str
    n_persons: int | None
    note: str | None
    is_suppressed: bool


def read_indicators(connection: duckdb.DuckDBPyConnection, idea: str) -> tuple[IndicatorRow, ...]:
    """All rows of one idea, by indicator, school, year and category."""
    names = ", ".join(field.name for field in fields(IndicatorRow))
    query = f"""select {names} from report.indicator where idea = $idea
    order by indicator, school_id nulls first, school_year, category"""  # noqa: S608 - names of our own fields
    return filled(connection, IndicatorRow, query, {"idea": idea})


def missing_reasons(rows: tuple[IndicatorRow, ...]) -> tuple[str, ...]:
    """Why indicators have no value, one line each: the label and the reason."""
    return tuple(
        dict.fromkeys(
            f"{row.label}: {row.note}" for row in rows if row.status == "not_available" and row.note
        )
    )
