"""The tables of the page of changes, cell by cell."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.reporting import terms
from transforms.reporting.catalogue import noted, say, say_each
from transforms.reporting.history_changes import ComparisonPair, IndicatorChange, RecommendationPair
from transforms.reporting.history_rows import ComparisonRow, History, PastRecommendation
from transforms.reporting.history_words import (
    change_reading,
    date_of,
    decided,
    difference_text,
    followed,
    hours_text,
    how_sure,
    indicator_name,
    reading,
    turned_away,
    written,
)
from transforms.reporting.numerals import (
    NO_NUMBER,
    count,
    interval,
    interval_decimals,
    p_value,
    school_year,
    signed,
)
from transforms.reporting.tables import DataTable, make_table
from transforms.reporting.words import estimate_with_interval

_OVERLAPS = {
    "within": noted("each holds the other"),
    "overlap": noted("overlap"),
    "apart": noted("do not overlap"),
    "": NO_NUMBER,
}


def reports_table(history: History) -> DataTable:
    """Both reports: of which year, from how much."""
    rows = [row for row in (history.then, history.now) if row is not None]
    return make_table(
        say("Both reports"),
        "Report|Published|Teachers #|Students #|Schools #|Rows read #|Turned away #|Build",
        [
            (
                school_year(row.report_year),
                date_of(row),
                count(row.n_teachers),
                count(row.n_students),
                count(row.n_schools),
                count(row.rows_read),
                turned_away(row),
                row.build_id,
            )
            for row in rows
        ],
    )


def pairs_table(pairs: Sequence[ComparisonPair]) -> DataTable:
    """Every comparison then and now."""
    return make_table(
        say("Every comparison then and now"),
        "PD|Subject|Then, SD (95% interval) #|Now, SD (95% interval) #|Read then|Reads now|Tier then #"
        "|Tier now #|Intervals",
        [
            (
                terms.pd_type_name(pair.row.pd_type),
                terms.subject_name(pair.row.academic_subject),
                _estimate(pair.then),
                _estimate(pair.now),
                reading(pair.verdicts[0]),
                reading(pair.verdicts[1]),
                _tier(pair.then),
                _tier(pair.now),
                say_each(_OVERLAPS)[pair.overlap],
            )
            for pair in pairs
        ],
    )


def _estimate(row: ComparisonRow | None) -> str:
    return say(NO_NUMBER) if row is None or row.is_refused else estimate_with_interval(row)


def _tier(row: ComparisonRow | None) -> str:
    return say(NO_NUMBER) if row is None else say("none") if row.essa_tier is None else str(row.essa_tier)


def followed_table(pairs: Sequence[RecommendationPair], history: History) -> DataTable:
    """Each type from what was recommended to what was decided and to hours."""
    then = school_year(history.then.report_year) if history.then else ""
    return make_table(
        say("What was recommended, decided and done"),
        f"Kind of PD|Recommended then|Decided since|{say('Hours, {year}', year=then)} #"
        f"|{say('Hours, {year}', year=school_year(history.report_year))} #|Hours as recommended",
        [
            (
                terms.pd_type_name(pair.pd_type),
                _action(pair.then),
                decided(pair),
                hours_text(pair.hours_then),
                hours_text(pair.hours_now),
                followed(pair),
            )
            for pair in pairs
            if pair.then is not None
        ],
    )


def actions_table(pairs: Sequence[RecommendationPair]) -> DataTable:
    """Each type with its growth and its recommendation in both reports."""
    return make_table(
        say("Growth and recommendation then and now"),
        "Kind of PD|Growth told then, SD (95% interval) #|Growth told now, SD (95% interval) #"
        "|Recommended then|Recommended now",
        [
            (
                terms.pd_type_name(pair.pd_type),
                _effect(pair.then),
                _effect(pair.now),
                _action(pair.then),
                _action(pair.now),
            )
            for pair in pairs
        ],
    )


def _action(row: PastRecommendation | None) -> str:
    return say(NO_NUMBER) if row is None or row.action is None else row.action


def _effect(row: PastRecommendation | None) -> str:
    if row is None or row.expected_effect_sd is None or row.ci_low is None or row.ci_high is None:
        return say(NO_NUMBER)
    places = interval_decimals(row.ci_low, row.ci_high)
    return f"{signed(row.expected_effect_sd, places)} ({interval(row.ci_low, row.ci_high, places)})"


def told_table(changes: Sequence[IndicatorChange]) -> DataTable:
    """The clear changes."""
    return make_table(
        say("Values that changed clearly"),
        "Value|Then #|Now #|Change (95% interval) #|How sure",
        [
            (
                indicator_name(change),
                written(change, change.base.value),
                written(change, change.now.value),
                difference_text(change),
                how_sure(change),
            )
            for change in changes
            if change.is_told
        ],
    )


def indicators_table(changes: Sequence[IndicatorChange]) -> DataTable:
    """Every value of the district that both reports have."""
    return make_table(
        say("Values of the district then and now"),
        "Value|As reported then #|Then, as computed today #|Now #|Change (95% interval) #|p, adjusted #"
        "|Reads as|Unit",
        [
            (
                indicator_name(change),
                written(change, change.then.value),
                written(change, change.again.value if change.again else None),
                written(change, change.now.value),
                difference_text(change),
                p_value(change.difference.p_value_bh if change.difference else None),
                change_reading(change),
                change.now.unit or "",
            )
            for change in changes
        ],
    )
