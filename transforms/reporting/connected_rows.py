"""What the page of connected professional learning reads, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, fields

import duckdb

from transforms.reporting.fill import filled
from transforms.reporting.indicator_rows import IndicatorRow, read_indicators
from transforms.reporting.rows import Build

_UNRATED = """
select source_file, sum(rows_skipped)::bigint as n_unrated
from meta.reconciliation where entity = 'self_assessment' and rows_skipped > 0
group by source_file order by source_file
"""


@dataclass(frozen=True)
class PracticeRow:
    """One row of report.self_assessment_practice."""

    practice: str
    n_schools: int
    n_level_1: int
    n_level_2: int
    n_level_3: int
    n_level_4: int
    median_rating: float

    @property
    def levels(self) -> tuple[int, int, int, int]:
        """Schools at levels 1 to 4."""
        return self.n_level_1, self.n_level_2, self.n_level_3, self.n_level_4

    @property
    def n_low(self) -> int:
        """Schools at level 1 or 2."""
        return self.n_level_1 + self.n_level_2

    @property
    def n_high(self) -> int:
        """Schools at level 3 or 4."""
        return self.n_level_3 + self.n_level_4


@dataclass(frozen=True)
class RatingRow:
    """One row of report.self_assessment."""

    school_id: str
    school_name: str
    practice: str
    rating: float
    n_peers: int
    peer_median: float | None
    peer_ci_low: float | None
    peer_ci_high: float | None
    rating_before: float | None


@dataclass(frozen=True)
class CheckRow:
    """One row of report.self_assessment_check; no ``value``: hidden or nothing on record."""

    school_id: str
    school_name: str
    practice: str
    indicator: str
    label: str
    unit: str
    rating: float
    value: float | None
    floor_value: float
    lower_quartile: float | None
    verdict: str
    note: str


@dataclass(frozen=True)
class StepRow:
    """One row of report.next_step."""

    school_id: str
    school_name: str
    priority: int
    rule: str
    practice: str | None
    step: str
    reason: str


@dataclass(frozen=True)
class UnratedRow:
    """A file of self-assessments in which practices were left without a rating."""

    source_file: str
    n_unrated: int


@dataclass(frozen=True)
class ConnectedReport:
    """Everything on the page; all but the indicators of ``year`` alone, ``checks`` with a verdict first."""

    study_name: str
    year: int
    indicators: tuple[IndicatorRow, ...]
    practices: tuple[PracticeRow, ...]
    ratings: tuple[RatingRow, ...]
    checks: tuple[CheckRow, ...]
    steps: tuple[StepRow, ...]
    unrated: tuple[UnratedRow, ...]

    def district(self, indicator: str, category: str = "all") -> tuple[IndicatorRow, ...]:
        """Rows of the district by year, those with a value."""
        return tuple(
            row
            for row in self.indicators
            if row.indicator == indicator
            and row.school_id is None
            and row.category == category
            and row.value is not None
        )

    def now(self, indicator: str, category: str = "all") -> IndicatorRow | None:
        """The district's row of the report year."""
        return next((row for row in self.district(indicator, category) if row.school_year == self.year), None)

    def schools(self, indicator: str) -> tuple[IndicatorRow, ...]:
        """Rows of schools in the report year, also hidden ones."""
        return tuple(
            row
            for row in self.indicators
            if row.indicator == indicator and row.school_id is not None and row.school_year == self.year
        )


def read_connected(connection: duckdb.DuckDBPyConnection, build: Build) -> ConnectedReport:
    """Read the page's tables."""
    year = build.report_year
    bound = {"year": year}
    return ConnectedReport(
        build.study_name,
        year,
        read_indicators(connection, "connected_learning"),
        filled(connection, PracticeRow, _of_year(PracticeRow, "self_assessment_practice", "practice"), bound),
        filled(connection, RatingRow, _of_year(RatingRow, "self_assessment", "school_id, practice"), bound),
        filled(
            connection,
            CheckRow,
            _of_year(CheckRow, "self_assessment_check", "practice, rating desc, value, school_id"),
            bound,
        ),
        filled(
            connection, StepRow, _of_year(StepRow, "next_step", "school_name, school_id, priority"), bound
        ),
        filled(connection, UnratedRow, _UNRATED),
    )


def _of_year(row_type: type, table: str, order: str) -> str:
    names = ", ".join(field.name for field in fields(row_type))
    return f"select {names} from report.{table} where school_year = $year order by {order}"  # noqa: S608 - our names
