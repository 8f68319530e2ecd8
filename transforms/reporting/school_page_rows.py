"""What the pages of schools are made from: read for all schools at once, handed out by school."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Generic, Protocol, TypeVar

import duckdb

from transforms.reporting.connected_rows import CheckRow, RatingRow, StepRow
from transforms.reporting.fill import filled
from transforms.reporting.indicator_rows import IndicatorRow
from transforms.reporting.leadership_rows import SuccessorRow
from transforms.reporting.learning_rows import GapRow, SchoolAdoptionRow, ScoreRow
from transforms.reporting.rows import Report

_SCHOOLS = """
with named as (
    select school_id, school_name, school_level from core.school
    union all by name
    select school_id, school_name, school_level from report.school_balance
    union all by name
    select school_id, school_name from report.pd_reach
    union all by name
    select school_id, school_name from report.growth_by_school
    union all by name
    select school_id, school_name from report.indicator where school_id is not null
),

one_row_each as (
    select
        school_id,
        coalesce(min(nullif(trim(school_name), '')), trim('School ' || school_id)) as name_of_it,
        min(school_level) as school_level
    from named
    group by school_id
)

select
    school_id,
    case
        when count(*) over (partition by lower(name_of_it)) > 1 then name_of_it || ' (' || school_id || ')'
        else name_of_it
    end as school_name,
    school_level
from one_row_each
order by lower(school_name), school_id
"""
_MAIN_WINDOW = """
select assessment_id, growth_window from report.growth_quadrant
where school_year = $report_year and not is_suppressed
group by all order by count(*) desc, assessment_id, growth_window limit 1
"""


@dataclass(frozen=True)
class SchoolName:
    """A school and what it is called, which tells it from the others; the id stands beside equal names."""

    school_id: str
    school_name: str
    school_level: str | None


@dataclass(frozen=True)
class SchoolReachRow:
    """One row of report.school_reach."""

    school_id: str
    pd_type: str
    share_of_teachers: float | None
    share_before: float | None
    n_peers: int | None
    peer_quarter_low: float | None
    peer_middle_low: float | None
    peer_middle_high: float | None
    peer_quarter_high: float | None
    hours_per_participant: float | None
    is_suppressed: bool

    @property
    def share(self) -> float | None:
        """The share, None where it is hidden."""
        return None if self.is_suppressed else self.share_of_teachers


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
class SchoolSpreadRow:
    """One row of report.growth_distribution of a school in the report year."""

    group_id: str
    academic_subject: str
    n_students: int | None
    sgp_p10: float | None
    sgp_p25: float | None
    sgp_p50: float | None
    sgp_p75: float | None
    sgp_p90: float | None
    is_suppressed: bool

    @property
    def school_id(self) -> str:
        """The school, which is the group here."""
        return self.group_id


@dataclass(frozen=True)
class SchoolBalanceRow:
    """One row of report.school_balance of the report year or the year before."""

    school_id: str
    school_year: int
    n_teachers: int | None
    hours_per_teacher: float | None
    alignment: float | None
    alignment_cut: float | None
    differentiation: float | None
    differentiation_cut: float | None
    margin: float | None
    quadrant: str
    coherence: float | None
    coherence_median: float | None
    reasons: str | None
    not_judged: str | None
    is_worth_a_visit: bool
    look_at_first_reasons: str | None
    source_disagreement: str | None
    is_suppressed: bool


@dataclass(frozen=True)
class NeedRow:
    """One row of report.school_need_fit of the report year."""

    school_id: str
    priority_id: str
    priority_title: str | None
    source: str | None
    need: float | None
    fit: float | None
    gap: float | None
    hours_per_teacher: float | None
    peer_hours_per_teacher: float | None
    need_and_hours: str | None
    is_suppressed: bool


@dataclass(frozen=True)
class SchoolScaleRow:
    """One row of report.survey_school_scale of all respondents: no driver, no role of few people."""

    school_id: str
    questionnaire_title: str | None
    construct: str
    mean: float | None
    ci_low: float | None
    ci_high: float | None
    n_responses: int | None
    note: str | None


@dataclass(frozen=True)
class SchoolCostRow:
    """One row of report.cost_equity of a school in the report year or the year before."""

    group_name: str
    school_year: int
    cost: float | None
    cost_per_teacher: float | None
    currency: str
    is_suppressed: bool

    @property
    def school_id(self) -> str:
        """The school, which is the group here."""
        return self.group_name


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

    def all(self) -> list[_Row]:
        """The rows of all schools, those of the district left out."""
        return [row for school, rows in self.rows.items() if school is not None for row in rows]


def by_school(rows: Sequence[_Row]) -> BySchool[_Row]:
    """Rows handed out by school."""
    found: dict[str | None, list[_Row]] = {}
    for row in rows:
        found.setdefault(row.school_id, []).append(row)
    return BySchool({school: tuple(of_school) for school, of_school in found.items()})


@dataclass(frozen=True)
class Schools:
    """The rows behind the pages of all schools.

    ``balance``, ``drivers``, ``indicators``, ``costs`` hold the report year and the year before, ``growth``
    all years up to it, the others the report year alone. ``rules`` says how an indicator gets its status,
    ``entities`` what the study has sources of.
    """

    report: Report
    names: tuple[SchoolName, ...]
    reach: BySchool[SchoolReachRow]
    adoption: BySchool[SchoolAdoptionRow]
    growth: BySchool[SchoolGrowthRow]
    growth_test: tuple[str, str] | None
    spread: BySchool[SchoolSpreadRow]
    balance: BySchool[SchoolBalanceRow]
    needs: BySchool[NeedRow]
    drivers: BySchool[ScoreRow]
    gaps: BySchool[GapRow]
    scales: BySchool[SchoolScaleRow]
    ratings: BySchool[RatingRow]
    checks: BySchool[CheckRow]
    steps: BySchool[StepRow]
    successors: BySchool[SuccessorRow]
    indicators: BySchool[IndicatorRow]
    rules: Mapping[str, str]
    costs: BySchool[SchoolCostRow]
    entities: frozenset[str]

    @property
    def year(self) -> int:
        """The year that the pages are of."""
        return self.report.build.report_year

    @property
    def levels(self) -> dict[str, str | None]:
        """The level of each school."""
        return {name.school_id: name.school_level for name in self.names}


def read_schools(connection: duckdb.DuckDBPyConnection, report: Report) -> Schools:
    """Read what the pages of schools show: tables that may be shown, and the names of schools."""
    year = {"report_year": report.build.report_year}

    def read(row: type[_Any], table: str, order: str, where: str) -> tuple[_Any, ...]:
        return filled(connection, row, _select(row, f"report.{table}", where, order), year)

    now = "school_year = $report_year"
    two_years = "school_year between $report_year - 1 and $report_year"
    test = connection.execute(_MAIN_WINDOW, year).fetchone()
    return Schools(
        report=report,
        names=filled(connection, SchoolName, _SCHOOLS),
        reach=by_school(read(SchoolReachRow, "school_reach", "pd_type", now)),
        adoption=by_school(read(SchoolAdoptionRow, "school_adoption", "pd_type", "$report_year is not null")),
        growth=by_school(
            _of_test(
                connection, SchoolGrowthRow, "growth_quadrant", "school_year <= $report_year", test, year
            )
        ),
        growth_test=test,
        spread=by_school(
            _of_test(
                connection,
                SchoolSpreadRow,
                "growth_distribution",
                f"group_kind = 'school' and {now}",
                test,
                year,
            )
        ),
        balance=by_school(read(SchoolBalanceRow, "school_balance", "school_year desc", two_years)),
        needs=by_school(read(NeedRow, "school_need_fit", "need desc nulls last, priority_id, source", now)),
        drivers=by_school(read(ScoreRow, "driver_score", "driver, role, school_year desc", two_years)),
        gaps=by_school(read(GapRow, "driver_gap", "driver, role", now)),
        scales=by_school(_scales(connection, year)),
        ratings=by_school(read(RatingRow, "self_assessment", "practice", now)),
        checks=by_school(read(CheckRow, "self_assessment_check", "practice, indicator", now)),
        steps=by_school(read(StepRow, "next_step", "priority, rule", now)),
        successors=by_school(read(SuccessorRow, "school_successor", "school_id", now)),
        indicators=by_school(
            read(
                IndicatorRow,
                "indicator",
                "idea, label, indicator, category, school_year desc",
                f"school_id is not null and {two_years}",
            )
        ),
        rules=dict(
            connection.execute("select indicator, rule from estimates.indicator_definition").fetchall()
        ),
        costs=by_school(
            read(SchoolCostRow, "cost_equity", "school_year desc", f"grouping = 'school' and {two_years}")
        ),
        entities=frozenset(row.entity for row in report.intake if row.rows_loaded),
    )


def _of_test(
    connection: duckdb.DuckDBPyConnection,
    row: type[_Any],
    table: str,
    where: str,
    test: tuple[str, str] | None,
    year: Mapping[str, int],
) -> tuple[_Any, ...]:
    """Rows of one assessment and window; a mixture of several would compare what cannot be compared."""
    if test is None:
        return ()
    condition = f"assessment_id = $assessment and growth_window = $growth_window and {where}"
    query = _select(row, f"report.{table}", condition, "academic_subject, school_year")
    return filled(connection, row, query, {**year, "assessment": test[0], "growth_window": test[1]})


def _scales(connection: duckdb.DuckDBPyConnection, year: Mapping[str, int]) -> tuple[SchoolScaleRow, ...]:
    # The drivers are shown of teachers; with the mean of all beside it, that of few others could be worked
    # out.
    where = """school_year = $report_year and respondent_role = 'all' and not is_suppressed
        and construct not in (select driver from report.driver_score)"""
    query = _select(SchoolScaleRow, "report.survey_school_scale", where, "questionnaire_title, construct")
    return filled(connection, SchoolScaleRow, query, year)


def _select(row: type, table: str, where: str, order: str) -> str:
    names = ", ".join(field.name for field in fields(row))
    return " ".join(("select", names, "from", table, "where", where, "order by", order))
