"""The rows of the page of a system that learns, from tables that may be shown.

Every field has the name and the meaning of its column in ``expectations.learning_outputs``.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TypeVar

import duckdb

from transforms.reporting.catalogue import noted, say
from transforms.reporting.fill import filled
from transforms.reporting.indicator_rows import IndicatorRow, read_indicators

_Row = TypeVar("_Row")

DRIVERS = ("trust", "leadership", "capacity_building", "collaboration")
DRIVER_NAMES = {
    "trust": noted("Trust"),
    "leadership": noted("Leadership"),
    "capacity_building": noted("Capacity building"),
    "collaboration": noted("Collaboration"),
}
ROLE_NAMES = {
    "teacher": noted("teachers"),
    "coach": noted("coaches and teacher leaders"),
    "principal": noted("principals and assistants"),
    "central_office": noted("central office"),
    "other": noted("other roles or none said"),
}


@dataclass(frozen=True)
class ScoreRow:
    """Mean answer of a role; no ``school_id``: the district; no ``mean_score``: hidden."""

    driver: str
    school_id: str | None
    school_name: str | None
    school_year: int
    role: str
    mean_score: float | None
    ci_low: float | None
    ci_high: float | None
    n_persons: int | None
    n_schools: int | None
    note: str | None
    is_suppressed: bool


@dataclass(frozen=True)
class GapRow:
    """A role compared with the teachers of the same school."""

    driver: str
    school_id: str | None
    school_name: str | None
    school_year: int
    role: str
    gap: float | None
    ci_low: float | None
    ci_high: float | None
    n_schools: int | None
    n_role: int | None
    n_teachers: int | None
    note: str | None
    is_suppressed: bool


@dataclass(frozen=True)
class ChangeRow:
    """Change per year of a role, or of all."""

    driver: str
    role: str
    change_per_year: float | None
    ci_low: float | None
    ci_high: float | None
    p_value_bh: float | None
    first_year: int | None
    last_year: int | None
    n_years: int
    n_schools: int | None
    note: str | None
    is_suppressed: bool


@dataclass(frozen=True)
class AssociationRow:
    """How teachers' answers go with growth of schools in one subject."""

    driver: str
    academic_subject: str
    slope_sd: float | None
    ci_low: float | None
    ci_high: float | None
    p_value_bh: float | None
    correlation: float | None
    slope_disattenuated_sd: float | None
    icc1: float | None
    icc2: float | None
    n_schools: int
    n_school_years: int
    note: str | None


@dataclass(frozen=True)
class AdoptionRow:
    """Schools that took a PD type up by a year, and that live it in the year."""

    pd_type: str
    school_year: int
    n_schools: int
    n_adopted: int
    share: float
    n_new: int
    n_practising: int


@dataclass(frozen=True)
class SpreadRow:
    """How one PD type spread, and whether schools followed their neighbours."""

    pd_type: str
    is_connected: bool | None
    median_hours: float | None
    half_status: str
    half_year: float | None
    n_schools: int
    n_adopted: int
    n_left_censored: int
    n_events: int | None
    odds_ratio: float | None
    ci_low: float | None
    ci_high: float | None
    p_value: float | None
    p_value_bh: float | None
    note: str | None


@dataclass(frozen=True)
class SchoolAdoptionRow:
    """When a school took a PD type up; None: not yet, or hidden."""

    pd_type: str
    school_id: str
    school_name: str
    adoption_year: int | None
    is_left_censored: bool | None
    is_suppressed: bool


@dataclass(frozen=True)
class Learning:
    """All that the page shows."""

    report_year: int
    scores: tuple[ScoreRow, ...]
    gaps: tuple[GapRow, ...]
    changes: tuple[ChangeRow, ...]
    associations: tuple[AssociationRow, ...]
    adoption: tuple[AdoptionRow, ...]
    spreads: tuple[SpreadRow, ...]
    school_adoption: tuple[SchoolAdoptionRow, ...]
    indicators: tuple[IndicatorRow, ...]

    def district(self, role: str, year: int | None = None) -> list[ScoreRow]:
        """Mean answers of a role in the district that are shown, in the order of the drivers."""
        return [
            row
            for driver in DRIVERS
            for row in self.scores
            if (row.driver, row.role, row.school_id) == (driver, role, None)
            and row.mean_score is not None
            and year in (None, row.school_year)
        ]

    def district_gaps(self, role: str) -> list[GapRow]:
        """Gaps of a role in the district in the report year, in the order of the drivers."""
        return [
            row
            for driver in DRIVERS
            for row in self.gaps
            if (row.driver, row.role, row.school_id, row.school_year)
            == (driver, role, None, self.report_year)
        ]

    def change(self, driver: str, role: str = "all") -> ChangeRow | None:
        """Change of a driver, where it is shown."""
        found = (row for row in self.changes if (row.driver, row.role) == (driver, role))
        return next((row for row in found if row.change_per_year is not None), None)


def read_learning(connection: duckdb.DuckDBPyConnection, report_year: int) -> Learning:
    """Read the tables of the page."""
    return Learning(
        report_year,
        _read(
            connection,
            ScoreRow,
            "driver_score",
            "driver, school_name nulls first, school_id, school_year, role",
        ),
        _read(
            connection, GapRow, "driver_gap", "driver, school_name nulls first, school_id, school_year, role"
        ),
        _read(connection, ChangeRow, "driver_change", "driver, role"),
        _read(connection, AssociationRow, "climate_growth", "driver, academic_subject"),
        _read(connection, AdoptionRow, "adoption", "pd_type, school_year"),
        _read(connection, SpreadRow, "adoption_spread", "pd_type"),
        _read(connection, SchoolAdoptionRow, "school_adoption", "pd_type, school_name, school_id"),
        read_indicators(connection, "learning_system"),
    )


def _read(
    connection: duckdb.DuckDBPyConnection, row_type: type[_Row], table: str, order: str
) -> tuple[_Row, ...]:
    names = ", ".join(field.name for field in fields(row_type))  # type: ignore[arg-type]
    return filled(connection, row_type, f"select {names} from report.{table} order by {order}")  # noqa: S608


def driver_name(driver: str) -> str:
    """Name of a driver at the beginning of a line."""
    return say(DRIVER_NAMES.get(driver, driver))


def driver_in_sentence(driver: str) -> str:
    """Name of a driver within a sentence."""
    return driver_name(driver).lower()
