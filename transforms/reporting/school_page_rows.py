"""What the pages of schools are made from: read for all schools at once, handed out by school."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Generic, Protocol, TypeVar

import duckdb

from transforms.reporting.connected_rows import CheckRow, RatingRow, StepRow
from transforms.reporting.fill import filled
from transforms.reporting.indicator_rows import IndicatorRow
from transforms.reporting.learning_rows import ScoreRow
from transforms.reporting.rows import Report

_SCHOOLS = """
with named as (
    select school_id, school_name, school_level from core.school
    union all by name
    select school_id, school_name from report.pd_reach
    union all by name
    select school_id, school_name from report.growth_by_school
    union all by name
    select school_id, school_name from report.indicator where school_id is not null
)
select school_id, coalesce(any_value(school_name), school_id) as school_name,
    any_value(school_level) as school_level
from named group by school_id order by school_name, school_id
"""
_MAIN_WINDOW = """
select assessment_id, growth_window from report.growth_quadrant
where school_year = $report_year and not is_suppressed
group by all order by count(*) desc, assessment_id, growth_window limit 1
"""


@dataclass(frozen=True)
class SchoolName:
    """A school and what it is called; names need not differ, ids do."""

    school_id: str
    school_name: str
    school_level: str | None


@dataclass(frozen=True)
class SchoolReachRow:
    """One row of report.school_reach."""

    school_id: str
    school_year: int
    pd_type: str
    share_of_teachers: float | None
    share_before: float | None
    peer_share: float | None
    n_peers: int
    hours_per_participant: float | None
    is_suppressed: bool


@dataclass(frozen=True)
class SchoolGrowthRow:
    """One row of report.growth_quadrant, of the assessment and window that most schools have."""

    school_id: str
    academic_subject: str
    school_year: int
    n_students: int | None
    median_sgp: float | None
    median_sgp_ci_low: float | None
    median_sgp_ci_high: float | None
    value_added_sd: float | None
    std_error: float | None
    is_suppressed: bool


@dataclass(frozen=True)
class SchoolBalanceRow:
    """One row of report.school_balance of the report year."""

    school_id: str
    hours_per_teacher: float | None
    alignment: float | None
    alignment_cut: float | None
    differentiation: float | None
    differentiation_cut: float | None
    quadrant: str
    coherence: float | None
    coherence_median: float | None
    reasons: str | None
    not_judged: str | None
    is_worth_a_visit: bool
    is_suppressed: bool


@dataclass(frozen=True)
class NeedRow:
    """One row of report.school_need_fit of the report year."""

    school_id: str
    priority_title: str | None
    priority_level: str | None
    source: str | None
    need: float | None
    fit: float | None
    hours_per_teacher: float | None
    peer_hours_per_teacher: float | None
    need_and_hours: str | None
    is_suppressed: bool


@dataclass(frozen=True)
class SchoolCostRow:
    """One row of report.cost_equity of a school in the report year."""

    group_name: str
    n_teachers: int | None
    cost: float | None
    cost_per_teacher: float | None
    currency: str
    is_suppressed: bool


class _OfSchool(Protocol):
    @property
    def school_id(self) -> str | None: ...


_Row = TypeVar("_Row", bound=_OfSchool)
_Any = TypeVar("_Any")


@dataclass(frozen=True)
class BySchool(Generic[_Row]):
    """Rows by the school that they are of; those of no school are the district's."""

    rows: Mapping[str | None, tuple[_Row, ...]]

    def of(self, school_id: str | None) -> tuple[_Row, ...]:
        """The rows of one school, in the order in which they were read."""
        return self.rows.get(school_id, ())


def by_school(rows: Sequence[_Row]) -> BySchool[_Row]:
    """Rows handed out by school."""
    found: dict[str | None, list[_Row]] = {}
    for row in rows:
        found.setdefault(row.school_id, []).append(row)
    return BySchool({school: tuple(of_school) for school, of_school in found.items()})


@dataclass(frozen=True)
class Schools:
    """The rows behind the pages of all schools; of the report year where no year is in a row."""

    report: Report
    names: tuple[SchoolName, ...]
    reach: BySchool[SchoolReachRow]
    growth: BySchool[SchoolGrowthRow]
    balance: BySchool[SchoolBalanceRow]
    needs: BySchool[NeedRow]
    drivers: BySchool[ScoreRow]
    ratings: BySchool[RatingRow]
    checks: BySchool[CheckRow]
    steps: BySchool[StepRow]
    indicators: BySchool[IndicatorRow]
    costs: Mapping[str, SchoolCostRow]


def read_schools(connection: duckdb.DuckDBPyConnection, report: Report) -> Schools:
    """Read what the pages of schools show: tables that may be shown, and the names of schools."""
    year = {"report_year": report.build.report_year}

    def read(row: type[_Any], table: str, order: str, condition: str = "true") -> tuple[_Any, ...]:
        where = f"school_year = $report_year and {condition}"
        return filled(connection, row, _select(row, f"report.{table}", where, order), year)

    costs = read(SchoolCostRow, "cost_equity", "group_name", "grouping = 'school'")
    return Schools(
        report=report,
        names=filled(connection, SchoolName, _SCHOOLS),
        reach=by_school(read(SchoolReachRow, "school_reach", "pd_type")),
        growth=by_school(_growth(connection, year)),
        balance=by_school(read(SchoolBalanceRow, "school_balance", "school_id")),
        needs=by_school(read(NeedRow, "school_need_fit", "need desc nulls last, priority_title")),
        drivers=by_school(read(ScoreRow, "driver_score", "driver", "role = 'teacher'")),
        ratings=by_school(read(RatingRow, "self_assessment", "practice")),
        checks=by_school(read(CheckRow, "self_assessment_check", "practice, indicator")),
        steps=by_school(read(StepRow, "next_step", "priority")),
        indicators=by_school(
            read(IndicatorRow, "indicator", "idea, label, category", "school_id is not null")
        ),
        costs={row.group_name: row for row in costs},
    )


def _growth(connection: duckdb.DuckDBPyConnection, year: Mapping[str, int]) -> tuple[SchoolGrowthRow, ...]:
    found = connection.execute(_MAIN_WINDOW, year).fetchall()
    if not found:
        return ()
    assessment, window = found[0]
    where = "assessment_id = $assessment and growth_window = $window and school_year <= $report_year"
    return filled(
        connection,
        SchoolGrowthRow,
        _select(SchoolGrowthRow, "report.growth_quadrant", where, "academic_subject, school_year"),
        {**year, "assessment": assessment, "window": window},
    )


def _select(row: type, table: str, where: str, order: str) -> str:
    names = ", ".join(field.name for field in fields(row))
    return " ".join(("select", names, "from", table, "where", where, "order by", order))
