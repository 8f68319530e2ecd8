"""Which earlier reports a build goes on remembering, and the tables that it leaves for the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from expectations.history_outputs import HISTORY
from transforms.designs.main_design import main_design_and_contrast
from transforms.history.recall import Memory
from transforms.warehouse import Lineage, build_tables, insert_records, sql_files


@dataclass(frozen=True)
class Remembered:
    """One report: its build, what year it was about, when it was published."""

    build_id: str
    report_year: int
    published_at: datetime | None

    @property
    def _age(self) -> tuple[datetime, str]:
        return self.published_at or datetime.min, self.build_id


def kept(reports: Sequence[Remembered], build_id: str, report_year: int) -> tuple[Remembered, ...]:
    """The reports that the build of ``report_year`` keeps: one a year, the last published.

    Of its own year none, for it takes that place; except where there is no report of an earlier year: then
    the build before it is all there is to compare with.
    """
    newest: dict[int, Remembered] = {}
    for report in sorted(reports, key=lambda one: one._age):
        if report.build_id != build_id:
            newest[report.report_year] = report
    if any(year < report_year for year in newest):
        newest.pop(report_year, None)
    return tuple(newest[year] for year in sorted(newest))


def last_report(reports: Sequence[Remembered], build_id: str, report_year: int) -> Remembered | None:
    """The report that the build is compared with: the newest of an earlier year, else the build before it of
    the same year; None where this is the first."""
    earlier = [one for one in kept(reports, build_id, report_year) if one.report_year <= report_year]
    return earlier[-1] if earlier else None


def keep_history(
    connection: duckdb.DuckDBPyConnection, memory: Memory, parameters: Mapping[str, object]
) -> tuple[Lineage, ...]:
    """Make the history tables of a finished build: its own rows, and of ``memory`` what is to be kept.

    The report tables are there and meta.build says that it is published; ``parameters`` hold the minimum
    cells.
    """
    ((build_id, report_year),) = connection.execute("select build_id, report_year from meta.build").fetchall()
    kept_reports = kept(remembered(memory.reports), build_id, report_year)
    design, contrast = main_design_and_contrast(connection)
    lineage = build_tables(
        connection,
        sql_files("history"),
        {
            **parameters,
            "design": design,
            "contrast": contrast,
            "history_note": _note(memory, kept_reports, report_year),
        },
    )
    kept_builds = {report.build_id for report in kept_reports}
    for table in HISTORY:
        rows = memory.records.get(table.qualified_name, ())
        insert_records(connection, table, [row for row in rows if row["build_id"] in kept_builds])
    return lineage


def remembered(records: Sequence[Mapping[str, object]]) -> tuple[Remembered, ...]:
    """Rows of history.report as far as the choice among them looks at them."""
    return tuple(
        Remembered(str(row["build_id"]), int(str(row["report_year"])), _time(row.get("published_at")))
        for row in records
    )


def _time(value: object) -> datetime | None:
    return value if isinstance(value, datetime) else None


def _note(memory: Memory, kept_reports: Sequence[Remembered], report_year: int) -> str | None:
    """Why no report of an earlier year is remembered: newly, or as the build before this one said."""
    if any(report.report_year < report_year for report in kept_reports):
        return None
    if not memory.reports:
        return memory.reason
    notes = [row.get("history_note") for row in memory.reports if row["report_year"] == report_year]
    return next((str(note) for note in notes if note), None)
