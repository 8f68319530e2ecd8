"""What the last report showed beside what this one shows, read from the tables that may be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import TypeVar

import duckdb

from transforms.history.keep import Remembered, last_report
from transforms.reporting.decision_rows import ReviewRow
from transforms.reporting.fill import filled
from transforms.reporting.rows import Build

_Row = TypeVar("_Row")


@dataclass(frozen=True)
class ReportRow:
    """One row of history.report."""

    build_id: str
    report_year: int
    published_at: datetime | None
    pdeval_version: str | None
    schema_version: str | None
    settings: str | None
    design: str | None
    contrast: str | None
    n_teachers: int | None
    n_students: int | None
    n_schools: int | None
    rows_read: int | None
    rows_turned_away: int | None
    history_note: str | None


@dataclass(frozen=True)
class ComparisonRow:
    """One row of history.comparison, or the same comparison in estimates.effect."""

    pd_type: str
    academic_subject: str
    design: str | None
    contrast: str | None
    estimate_sd: float | None
    df: float | None
    ci_low: float | None
    ci_high: float | None
    p_value_bh: float | None
    essa_tier: int | None
    is_struck_out: bool | None
    note: str | None

    @property
    def is_refused(self) -> bool:
        """Whether no number could be computed."""
        return self.estimate_sd is None or self.ci_low is None or self.ci_high is None

    @property
    def question(self) -> tuple[str, str]:
        """PD type and subject."""
        return self.pd_type, self.academic_subject


@dataclass(frozen=True)
class PastRecommendation:
    """One row of history.recommendation."""

    pd_type: str
    action: str | None
    expected_effect_sd: float | None
    ci_low: float | None
    ci_high: float | None
    probability_positive: float | None
    probability_above_threshold: float | None
    evidence_tier: int | None
    reasons: str | None


@dataclass(frozen=True)
class DistrictIndicator:
    """One value of the district: a row of history.indicator, or of report.indicator."""

    indicator: str
    category: str
    label: str | None
    unit: str | None
    value: float | None
    ci_low: float | None
    ci_high: float | None
    status: str | None

    @property
    def name(self) -> tuple[str, str]:
        """Indicator and category."""
        return self.indicator, self.category


@dataclass(frozen=True)
class HoursRow:
    """Hours and reach of a PD type in a year, as report.pd_reach_district has them."""

    school_year: int
    pd_type: str
    hours: float | None
    n_staff: int | None
    n_teachers_reached: int | None
    n_teachers: int | None
    is_suppressed: bool


@dataclass(frozen=True)
class History:
    """The last report (``then``) beside this one (``now``); without ``then`` only ``reason`` is there.

    ``now_as_then`` are this build's estimates by the design and contrast that the last report led with,
    ``again`` its own values of the last report's year. ``entities`` are the sources by entity, with rows
    read.
    """

    report_year: int
    reason: str
    then: ReportRow | None = None
    now: ReportRow | None = None
    comparisons_then: tuple[ComparisonRow, ...] = ()
    now_as_then: tuple[ComparisonRow, ...] = ()
    comparisons_now: tuple[ComparisonRow, ...] = ()
    recommendations_then: tuple[PastRecommendation, ...] = ()
    recommendations_now: tuple[PastRecommendation, ...] = ()
    indicators_then: tuple[DistrictIndicator, ...] = ()
    indicators_again: tuple[DistrictIndicator, ...] = ()
    indicators_now: tuple[DistrictIndicator, ...] = ()
    decisions: tuple[ReviewRow, ...] = ()
    hours: tuple[HoursRow, ...] = ()
    entities_then: Mapping[str, int] = field(default_factory=dict)
    entities_now: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_same_year(self) -> bool:
        """Whether the last report is an earlier build of the same year."""
        return self.then is not None and self.then.report_year == self.report_year

    @property
    def is_led_alike(self) -> bool:
        """Whether both reports lead with the same design and contrast."""
        if self.then is None or self.now is None:
            return False
        return (self.then.design, self.then.contrast) == (self.now.design, self.now.contrast)


def read_history(connection: duckdb.DuckDBPyConnection, build: Build) -> History:
    """Read what the build remembers of the last report, and the same of itself."""
    reports = {row.build_id: row for row in _read(connection, ReportRow, "history.report")}
    last = last_report(
        [Remembered(row.build_id, row.report_year, row.published_at) for row in reports.values()],
        build.build_id,
        build.report_year,
    )
    now = reports.get(build.build_id)
    reason = (now.history_note if now else None) or ""
    if last is None:
        return History(build.report_year, reason, now=now)
    then = reports[last.build_id]
    of_then, of_now = {"build_id": then.build_id}, {"build_id": build.build_id}
    return History(
        build.report_year,
        reason,
        then,
        now,
        comparisons_then=_read(connection, ComparisonRow, "history.comparison", of_then),
        now_as_then=filled(
            connection,
            ComparisonRow,
            f"select {_names(ComparisonRow)} from estimates.effect where design = $design"  # noqa: S608
            " and contrast = $contrast and subgroup = 'all' order by academic_subject, pd_type",
            {"design": then.design, "contrast": then.contrast},
        ),
        comparisons_now=_read(connection, ComparisonRow, "history.comparison", of_now),
        recommendations_then=_read(connection, PastRecommendation, "history.recommendation", of_then),
        recommendations_now=_read(connection, PastRecommendation, "history.recommendation", of_now),
        indicators_then=_read(connection, DistrictIndicator, "history.indicator", of_then),
        indicators_again=_indicators(connection, then.report_year),
        indicators_now=_indicators(connection, build.report_year),
        decisions=_decisions(connection, then.report_year),
        hours=_hours(connection, then.report_year, build.report_year),
        entities_then=_entities(connection, then.build_id),
        entities_now=_entities(connection, build.build_id),
    )


def _names(row_type: type) -> str:
    return ", ".join(one.name for one in fields(row_type))


def _read(
    connection: duckdb.DuckDBPyConnection,
    row_type: type[_Row],
    table: str,
    of_build: Mapping[str, str] | None = None,
) -> tuple[_Row, ...]:
    where = "where build_id = $build_id" if of_build else ""
    query = f"select {_names(row_type)} from {table} {where} order by all"  # noqa: S608 - our own names
    return filled(connection, row_type, query, of_build)


def _indicators(connection: duckdb.DuckDBPyConnection, school_year: int) -> tuple[DistrictIndicator, ...]:
    query = f"""select {_names(DistrictIndicator)} from report.indicator
    where school_id is null and school_year = $school_year order by idea, rowid"""  # noqa: S608
    return filled(connection, DistrictIndicator, query, {"school_year": school_year})


def _decisions(connection: duckdb.DuckDBPyConnection, since: int) -> tuple[ReviewRow, ...]:
    query = f"""select {_names(ReviewRow)} from report.decision_review
    where school_year >= $since order by pd_type, school_year, decision_id"""  # noqa: S608
    return filled(connection, ReviewRow, query, {"since": since})


def _hours(connection: duckdb.DuckDBPyConnection, then: int, now: int) -> tuple[HoursRow, ...]:
    query = f"""select {_names(HoursRow)} from report.pd_reach_district
    where school_year in ($then, $now) order by pd_type, school_year"""  # noqa: S608
    return filled(connection, HoursRow, query, {"then": then, "now": now})


def _entities(connection: duckdb.DuckDBPyConnection, build_id: str) -> dict[str, int]:
    rows = connection.execute(
        "select entity, rows_read from history.source where build_id = ? order by entity", [build_id]
    ).fetchall()
    return {entity: n or 0 for entity, n in rows}
