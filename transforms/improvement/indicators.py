"""Indicators: what each is, and how its rows get into ``estimates.indicator``.

An indicator is defined once, as an ``Indicator``. Its rows come from ``sql/indicators/<name>.sql``, or from
code where SQL cannot compute them. One whose source is missing has one row that says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

import duckdb
import sqlglot
from sqlglot import exp

from expectations.outputs import OUTPUTS
from sql import render_sql
from transforms.improvement.settings import ImprovementSettings
from transforms.warehouse import WarehouseError, insert_records

_COLUMNS = {column.name for column in OUTPUTS["estimates.indicator"].columns} - {"lea_id", "indicator"}

_BEHIND = {
    "temp.placed_activity": "frames.staff_activity",
    "temp.placed_staff": "frames.staff_year",
    "temp.placed_teacher_hours": "frames.staff_activity",
    "temp.placed_observation": "core.observation",
    "temp.main_effect": "estimates.effect",
    "temp.leadership_entry": "frames.leadership_pathway",
}


@dataclass(frozen=True)
class Indicator:
    """What an indicator is. ``sources`` are the entities without which it cannot be computed.

    ``rule`` says in words how ``status`` follows from the value; empty where nothing is judged. With
    ``is_sql`` its rows come from ``sql/indicators/<name>.sql``.
    """

    idea: str
    name: str
    label: str
    meaning: str
    unit: str
    higher_is: Literal["better", "worse", "neither"]
    sources: tuple[str, ...]
    rule: str = ""
    is_sql: bool = True

    @property
    def record(self) -> dict[str, object]:
        """Its row of estimates.indicator_definition."""
        return {
            "indicator": self.name,
            "idea": self.idea,
            "label": self.label,
            "meaning": self.meaning,
            "unit": self.unit,
            "higher_is": self.higher_is,
            "rule": self.rule or "described, not judged",
            "sources": ", ".join(self.sources),
        }


def loaded_entities(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Entities that have a source in this build."""
    rows = connection.execute("select distinct entity from meta.reconciliation").fetchall()
    return frozenset(entity for (entity,) in rows)


def missing_sources(connection: duckdb.DuckDBPyConnection, sources: Sequence[str]) -> str:
    """Why something that needs ``sources`` cannot be computed; empty when all are there."""
    absent = [name for name in sources if name not in loaded_entities(connection)]
    return f"not available: no {' and no '.join(absent)} source" if absent else ""


def fill_indicators(
    connection: duckdb.DuckDBPyConnection,
    indicators: Sequence[Indicator],
    settings: ImprovementSettings,
    parameters: Mapping[str, object] | None = None,
) -> None:
    """Define ``indicators`` and fill those of SQL; ``parameters`` are what their files want bound.

    ``report_year`` is always bound where a file names it. WarehouseError where a file gives a column that
    estimates.indicator lacks or wants a parameter that nobody gives.
    """
    insert_records(
        connection,
        OUTPUTS["estimates.indicator_definition"],
        [indicator.record for indicator in indicators],
    )
    given = {"report_year": settings.report_year, **(parameters or {})}
    for indicator in indicators:
        if indicator.is_sql:
            reason = missing_sources(connection, indicator.sources)
            records = [] if reason else _rows_of_sql(connection, indicator.name, given)
            insert_indicator_rows(connection, indicator, settings, records, reason)


def insert_indicator_rows(
    connection: duckdb.DuckDBPyConnection,
    indicator: Indicator,
    settings: ImprovementSettings,
    records: Sequence[Mapping[str, object]],
    reason: str = "",
) -> None:
    """Insert the rows of one indicator, each by column of estimates.indicator; without any, say why.

    A record without ``category`` is of all, one without ``status`` is described, one without ``school_id``
    is of the district. An indicator that stands in fewer rows than nobody can see: ``reason`` is required
    where a source is missing, else the sources are said to hold nothing for it.
    """
    lea_id = connection.execute("select max(lea_id) from meta.build").fetchall()[0][0]
    rows: Sequence[Mapping[str, object]] = records or [
        {
            "school_year": settings.report_year,
            "status": "not_available",
            "note": reason or f"not computed: nothing in {', '.join(indicator.sources)} to compute it from",
        }
    ]
    insert_records(
        connection,
        OUTPUTS["estimates.indicator"],
        [
            {"category": "all", "status": "described", **row, "lea_id": lea_id, "indicator": indicator.name}
            for row in rows
        ],
    )


def _rows_of_sql(
    connection: duckdb.DuckDBPyConnection, name: str, parameters: Mapping[str, object]
) -> list[dict[str, object]]:
    text = render_sql(f"indicators/{name}.sql")
    wanted = _parameters_of(name)
    unbound = sorted(wanted - set(parameters))
    if unbound:
        raise WarehouseError(f"sql/indicators/{name}.sql: no value for parameter {', '.join(unbound)}")
    cursor = connection.execute(text, {key: parameters[key] for key in wanted})
    columns = [column[0] for column in cursor.description or ()]
    unknown = sorted(set(columns) - _COLUMNS)
    if unknown:
        raise WarehouseError(f"sql/indicators/{name}.sql: estimates.indicator has no column {unknown[0]}")
    return [
        {key: value for key, value in zip(columns, row, strict=True) if value is not None}
        for row in cursor.fetchall()
    ]


@cache
def _parameters_of(name: str) -> frozenset[str]:
    statement = sqlglot.parse_one(render_sql(f"indicators/{name}.sql"), read="duckdb")
    return frozenset(found.name for found in statement.find_all(exp.Placeholder))


def tables_behind_indicators() -> tuple[str, ...]:
    """Tables that the files of ``sql/indicators`` read; a temporary one stands for what it is made from."""
    read: set[str] = set()
    for entry in resources.files("sql").joinpath("indicators").iterdir():
        if entry.name.endswith(".sql"):
            statement = sqlglot.parse_one(entry.read_text(encoding="utf-8"), read="duckdb")
            read |= {f"{table.db}.{table.name}" for table in statement.find_all(exp.Table) if table.db}
    published = {name for name in read if not name.startswith("temp.")}
    return tuple(sorted(published | {_BEHIND[name] for name in read & _BEHIND.keys()}))
