"""The tables of the page of balance as text."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.improvement.balance_indicators import INDICATORS
from transforms.improvement.balance_rules import points
from transforms.reporting.balance_rows import BalanceReport, BalanceRow, RatingRow, level_name
from transforms.reporting.balance_words import INITIATORS, initiator_name
from transforms.reporting.catalogue import noted, say
from transforms.reporting.indicator_rows import IndicatorRow
from transforms.reporting.numerals import (
    NO_NUMBER,
    capitalised,
    count,
    decimal,
    interval,
    percent,
    school_year,
)
from transforms.reporting.tables import DataTable, make_table

_LEVELS = {
    "district": noted("The district's"),
    "own_school": noted("The participant's own school's"),
    "other_school": noted("Another school's"),
    "unplaced": noted("Cannot be told whose"),
    "none": noted("No priority"),
}


def quadrant_table(rows: Sequence[BalanceRow]) -> DataTable:
    """Every school with both shares, the cuts of its level and where it stands."""
    return make_table(
        say("Schools, aligned and differentiated"),
        "School|Level|On district priorities #|Cut #|Chosen locally #|Cut #|Margin #|Hours per teacher"
        " #|Stands",
        [
            (
                row.school,
                level_name(row.school_level),
                percent(row.alignment),
                percent(row.alignment_cut),
                percent(row.differentiation),
                percent(row.differentiation_cut),
                percent(row.margin),
                decimal(row.hours_per_teacher, 1),
                row.quadrant,
            )
            for row in rows
        ],
    )


def visits_table(rows: Sequence[BalanceRow]) -> DataTable:
    """Schools worth a visit, with the reasons."""
    return make_table(
        say("Worth a visit"),
        "School|Because",
        [(row.school, row.reasons or "") for row in rows],
        is_prose=True,
    )


def near_visits_table(rows: Sequence[BalanceRow]) -> DataTable:
    """Schools that miss one rule alone: what holds, and what does not."""
    return make_table(
        say("Miss one rule alone"),
        "School|What does not hold|What holds",
        [(row.school, row.reasons_against or "", row.reasons or "") for row in rows],
        is_prose=True,
    )


def gap_table(rows: Sequence[BalanceRow]) -> DataTable:
    """Need, fit and gap of every rated school."""
    rated = sorted((row for row in rows if row.mean_gap is not None), key=lambda row: -(row.mean_gap or 0))
    return make_table(
        say("Need and fit by school"),
        "School|Need #|Fit #|Gap #|Priorities rated #|Rated by|Where sources differ",
        [
            (
                row.school,
                decimal(row.mean_need, 1),
                decimal(row.mean_fit, 1),
                points(row.mean_gap or 0),
                count(row.n_ratings),
                row.sources or "",
                row.source_disagreement or "",
            )
            for row in rated
        ],
    )


def correlation_table(rows: Sequence[tuple[str, IndicatorRow]]) -> DataTable:
    """Rank correlation of need and hours by priority, or why there is none."""
    return make_table(
        say("Need and hours across schools"),
        "Priority|Rank correlation #|95% interval #|Schools #|Remark",
        [
            (
                label,
                decimal(row.value),
                interval(row.ci_low, row.ci_high),
                count(None if row.denominator is None else int(row.denominator)),
                row.note or "",
            )
            for label, row in rows
        ],
    )


def rating_table(rows: Sequence[RatingRow]) -> DataTable:
    """Every rating with the hours that were spent on the priority."""
    return make_table(
        say("Need, fit and hours by school and priority"),
        "School|Priority|Rated by|Need #|Fit #|Gap #|Hours per teacher on it #|Median of level #|Need and"
        " hours",
        [
            (
                row.school,
                row.priority_title,
                row.source,
                decimal(row.need, 1),
                decimal(row.fit, 1),
                say(NO_NUMBER) if row.gap is None else points(row.gap),
                decimal(row.hours_per_teacher, 1),
                decimal(row.peer_hours_per_teacher, 1),
                row.need_and_hours or say("not on record"),
            )
            for row in rows
        ],
    )


def initiator_table(report: BalanceReport) -> DataTable:
    """Shares by initiator and hours per teacher, a row a year."""
    years = report.years("hours_by_initiator")
    names = [capitalised(initiator_name(code)) for code in INITIATORS]
    header = "|".join(
        [f"{name} #" for name in names]
        + [
            say("Hours per teacher: {initiator_name} #", initiator_name=initiator_name(code))
            for code in INITIATORS
        ]
    )
    return make_table(
        say("Hours by initiator"),
        f"Year|{header}|Mandatory #",
        [
            (
                school_year(year),
                *(percent(report.value("hours_by_initiator", code, year)) for code in INITIATORS),
                *(decimal(report.value("teacher_hours_by_initiator", code, year), 1) for code in INITIATORS),
                percent(report.value("hours_mandatory", "all", year)),
            )
            for year in years
        ],
    )


def priority_table(report: BalanceReport) -> DataTable:
    """Share of hours by whose priority they served, a row a year."""
    header = "|".join(f"{name} #" for name in _LEVELS.values())
    return make_table(
        say("Hours by whose priority they served"),
        f"Year|{header}",
        [
            (
                school_year(year),
                *(percent(report.value("hours_by_priority_level", code, year)) for code in _LEVELS),
            )
            for year in report.years("hours_by_priority_level")
        ],
    )


def coherence_table(report: BalanceReport) -> DataTable:
    """Coherence of every school: hours on two priorities, spread over kinds of PD, activities per teacher."""
    values = {
        (row.indicator, row.school_id): row
        for row in report.indicators
        if row.school_year == report.report_year and row.category == "all" and not row.is_suppressed
    }
    places = sorted(
        {
            (row.school_name or "", row.school_id)
            for row in report.indicators
            if row.indicator == "pd_type_concentration" and (row.indicator, row.school_id) in values
        },
        key=lambda place: (place[1] is not None, place[0], place[1] or ""),
    )

    def value(indicator: str, school: str | None) -> float | None:
        row = values.get((indicator, school))
        return None if row is None else row.value

    names = [name for name, _ in places]
    return make_table(
        say("Coherence"),
        "School|Two largest priorities #|Herfindahl index of kinds #|Activities per teacher #"
        "|Coherence by survey, of 1 #",
        [
            (
                say("The district") if school is None else _unique(name, school, names),
                percent(value("hours_on_top_two_priorities", school)),
                decimal(value("pd_type_concentration", school)),
                decimal(value("activities_per_teacher", school), 1),
                decimal(value("coherence_reported", school)),
            )
            for name, school in places
        ],
    )


def _unique(name: str, school: str, names: Sequence[str]) -> str:
    return f"{name} ({school})" if names.count(name) > 1 else name


def rules_table(report: BalanceReport) -> DataTable:
    """Every indicator of the district with its meaning, its value and the rule of its status."""
    return make_table(
        say("Indicators of the district"),
        "Indicator|What it is|Value #|Rule|Status",
        [
            (
                row.label + ("" if row.category == "all" else f": {row.category.replace('_', ' ')}"),
                definition.meaning,
                _value(row),
                definition.rule or say("described, not judged"),
                row.status.replace("_", " "),
            )
            for definition in INDICATORS
            for row in report.indicators
            if row.indicator == definition.name
            and row.school_id is None
            and row.school_year == report.report_year
        ],
        is_prose=True,
    )


def _value(row: IndicatorRow) -> str:
    if row.value is None:
        return say(NO_NUMBER)
    if row.unit.startswith("share"):
        return percent(row.value)
    if row.unit == "records":
        return count(int(row.value))
    if row.ci_low is None:
        return decimal(row.value)
    return f"{decimal(row.value)} ({interval(row.ci_low, row.ci_high)})"
