"""The rows of balance that the page is made from, read from the tables that may be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from transforms.reporting.catalogue import say
from transforms.reporting.fill import filled
from transforms.reporting.indicator_rows import IndicatorRow, read_indicators

_BALANCES = """
select case when count(distinct school_id) over (partition by school_name) > 1
        then school_name || ' (' || school_id || ')' else school_name end as school,
    school_level, n_activities, alignment, alignment_cut, differentiation, differentiation_cut, margin,
    coherence, coherence_median, other_school_share, hours_per_teacher, mean_need, mean_fit, mean_gap,
    n_ratings, sources,
    quadrant, is_worth_a_visit, reasons, reasons_against, not_judged, is_to_look_at_first,
    look_at_first_reasons, source_disagreement, is_suppressed
from report.school_balance where school_year = $report_year
order by school_level, school
"""
_RATINGS = """
select case when count(distinct school_id) over (partition by school_name) > 1
        then school_name || ' (' || school_id || ')' else school_name end as school,
    priority_id, priority_title, priority_level, source, need, fit, gap, hours_per_teacher,
    peer_hours_per_teacher, need_and_hours, is_suppressed
from report.school_need_fit where school_year = $report_year
order by school, priority_title, priority_id
"""


@dataclass(frozen=True)
class BalanceRow:
    """One school in the report year; numbers None where hidden or not on record."""

    school: str
    school_level: str
    n_activities: int | None
    alignment: float | None
    alignment_cut: float | None
    differentiation: float | None
    differentiation_cut: float | None
    margin: float | None
    coherence: float | None
    coherence_median: float | None
    other_school_share: float | None
    hours_per_teacher: float | None
    mean_need: float | None
    mean_fit: float | None
    mean_gap: float | None
    n_ratings: int | None
    sources: str | None
    quadrant: str
    is_worth_a_visit: bool
    reasons: str | None
    reasons_against: str | None
    not_judged: str | None
    is_to_look_at_first: bool
    look_at_first_reasons: str | None
    source_disagreement: str | None
    is_suppressed: bool

    @property
    def is_drawn(self) -> bool:
        """Whether the school has a place between alignment and differentiation."""
        return self.alignment is not None and self.differentiation is not None


@dataclass(frozen=True)
class RatingRow:
    """Need and fit of one priority in one school in the report year; None where hidden."""

    school: str
    priority_id: str
    priority_title: str
    priority_level: str | None
    source: str
    need: float | None
    fit: float | None
    gap: float | None
    hours_per_teacher: float | None
    peer_hours_per_teacher: float | None
    need_and_hours: str | None
    is_suppressed: bool


@dataclass(frozen=True)
class BalanceReport:
    """Everything that the page of one report year shows."""

    report_year: int
    indicators: tuple[IndicatorRow, ...]
    schools: tuple[BalanceRow, ...]
    ratings: tuple[RatingRow, ...]

    def district(self, indicator: str, category: str = "all", year: int | None = None) -> IndicatorRow | None:
        """The district's row of an indicator, by default of the report year; None where there is none."""
        wanted = self.report_year if year is None else year
        return next(
            (
                row
                for row in self.indicators
                if row.indicator == indicator
                and row.school_id is None
                and row.category == category
                and row.school_year == wanted
            ),
            None,
        )

    def value(self, indicator: str, category: str = "all", year: int | None = None) -> float | None:
        """The district's value of an indicator; None where there is none."""
        row = self.district(indicator, category, year)
        return None if row is None else row.value

    def years(self, indicator: str) -> list[int]:
        """Years up to the report year in which the district has a value of an indicator."""
        return sorted(
            {
                row.school_year
                for row in self.indicators
                if row.indicator == indicator
                and row.school_id is None
                and row.value is not None
                and row.school_year <= self.report_year
            }
        )

    @property
    def shown(self) -> list[BalanceRow]:
        """Schools that may be shown."""
        return [row for row in self.schools if not row.is_suppressed]


def read_balance(connection: duckdb.DuckDBPyConnection, report_year: int) -> BalanceReport:
    """Read the balance of ``report_year``; indicators of all years."""
    of_year = {"report_year": report_year}
    return BalanceReport(
        report_year,
        read_indicators(connection, "balance"),
        filled(connection, BalanceRow, _BALANCES, of_year),
        filled(connection, RatingRow, _RATINGS, of_year),
    )


def level_name(code: str) -> str:
    """A school level at the beginning of a line; without levels all schools are of one."""
    return (
        say("All schools")
        if code == "unknown"
        else say("{level} schools", level=f"{code[:1].upper()}{code[1:]}")
    )


def levels_of(rows: Sequence[BalanceRow]) -> list[str]:
    """School levels in the order of the rows."""
    return list(dict.fromkeys(row.school_level for row in rows))
