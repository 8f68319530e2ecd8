"""What the page of the chain is made from, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, fields

import duckdb

from transforms.reporting.catalogue import noted
from transforms.reporting.fill import filled

LEVELS = ("reaction", "learning", "organization_support", "use_reported", "use_observed", "student_outcomes")
LEVEL_NAMES = {
    "reaction": noted("Reaction"),
    "learning": noted("Learning"),
    "organization_support": noted("Support"),
    "use_reported": noted("Use, reported"),
    "use_observed": noted("Use, observed"),
    "student_outcomes": noted("Growth"),
}


@dataclass(frozen=True)
class LinkRow:
    """One row of report.guskey_chain; no ``school_year``: all years; no ``value``: hidden or not shown."""

    pd_type: str
    school_year: int | None
    level: str
    academic_subject: str
    basis: str | None
    value: float | None
    unit: str
    ci_low: float | None
    ci_high: float | None
    n_persons: int | None
    n_surveys: int | None
    criterion: str
    holds: str
    note: str | None
    is_suppressed: bool


@dataclass(frozen=True)
class BreakRow:
    """One row of estimates.guskey_break; no ``level``: the chain is whole."""

    pd_type: str
    level: str | None
    outcome: str
    n_levels_held: int
    later_levels: str | None


@dataclass(frozen=True)
class ObservationRow:
    """One row of report.guskey_observation."""

    pd_type: str
    unit: str | None
    participants_before: float | None
    participants_after: float | None
    comparison_before: float | None
    comparison_after: float | None
    difference: float | None
    ci_low: float | None
    ci_high: float | None
    p_value_bh: float | None
    n_participants: int | None
    n_comparison: int | None
    note: str | None
    is_suppressed: bool


@dataclass(frozen=True)
class ThemeRow:
    """One row of report.survey_theme; theme 0: answers of no theme."""

    wording: str
    school_year: int | None
    pd_type: str
    theme_number: int
    top_words: str | None
    n_answers: int | None
    n_respondents: int | None
    share: float | None
    quote: str | None
    note: str | None
    is_suppressed: bool


@dataclass(frozen=True)
class ChainReport:
    """All that the page shows."""

    links: tuple[LinkRow, ...]
    breaks: tuple[BreakRow, ...]
    observations: tuple[ObservationRow, ...]
    themes: tuple[ThemeRow, ...]
    unavailable: tuple[str, ...]


def read_chain(connection: duckdb.DuckDBPyConnection) -> ChainReport:
    """Read the tables of the page."""
    order = "pd_type, school_year nulls first, level, academic_subject"
    reasons = connection.execute(
        "select distinct topic || ': ' || reason from meta.unavailable where topic = 'themes of open answers'"
    ).fetchall()
    return ChainReport(
        links=filled(connection, LinkRow, _select(LinkRow, "report.guskey_chain", order)),
        breaks=filled(connection, BreakRow, _select(BreakRow, "estimates.guskey_break", "pd_type")),
        observations=filled(
            connection, ObservationRow, _select(ObservationRow, "report.guskey_observation", "pd_type")
        ),
        themes=filled(
            connection,
            ThemeRow,
            _select(
                ThemeRow,
                "report.survey_theme",
                "wording, school_year nulls first, pd_type, theme_number",
            ),
        ),
        unavailable=tuple(reason for (reason,) in sorted(reasons)),
    )


def _select(row: type, table: str, order: str) -> str:
    names = ", ".join(field.name for field in fields(row))
    return f"select {names} from {table} order by {order}"  # noqa: S608 - names of our own fields and tables
