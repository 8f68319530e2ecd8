"""The tables of a school's page, cell by cell; hidden numbers as words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from transforms.reporting import terms
from transforms.reporting.catalogue import noted, say
from transforms.reporting.connected_rows import CheckRow, RatingRow
from transforms.reporting.indicator_rows import IndicatorRow
from transforms.reporting.learning_rows import ROLE_NAMES, GapRow, SchoolAdoptionRow, ScoreRow, driver_name
from transforms.reporting.numerals import (
    NO_NUMBER,
    capitalised,
    count,
    decimal,
    interval,
    percent,
    school_year,
    signed,
)
from transforms.reporting.school_page_rows import (
    NeedRow,
    SchoolGrowthRow,
    SchoolReachRow,
    SchoolScaleRow,
    SchoolSpreadRow,
)
from transforms.reporting.school_page_words import growth_figures, growth_verdict, indicator_number
from transforms.reporting.school_peers import Peers
from transforms.reporting.school_tables import TOO_FEW
from transforms.reporting.survey_words import construct_name
from transforms.reporting.tables import DataTable, make_table

_Z = 1.96


def reach_table(rows: Sequence[SchoolReachRow]) -> DataTable:
    """Share of teachers reached by type, beside comparable schools and the year before."""
    return make_table(
        say("Share of teachers reached by kind of PD"),
        "PD|Share here #|Year before #|Middle of its level #|Middle half of its level #|Hours each #",
        [
            (
                terms.pd_type_name(row.pd_type),
                say(TOO_FEW) if row.is_suppressed else percent(row.share),
                percent(row.share_before),
                _between(row.peer_middle_low, row.peer_middle_high),
                _between(row.peer_quarter_low, row.peer_quarter_high),
                say(TOO_FEW) if row.is_suppressed else decimal(row.hours_per_participant, 1),
            )
            for row in rows
        ],
    )


def _between(low: float | None, high: float | None) -> str:
    """A share, or both ends where hidden shares leave it open."""
    if percent(low) == percent(high):
        return percent(low)
    return say("{low} to {high}", low=percent(low), high=percent(high))


def adoption_table(rows: Sequence[SchoolAdoptionRow]) -> DataTable:
    """Since when each kind of PD is part of the school."""
    return make_table(
        say("Since when each kind of PD is in use here"),
        "PD|Taken up",
        [(terms.pd_type_name(row.pd_type), _taken_up(row)) for row in rows],
    )


def _taken_up(row: SchoolAdoptionRow) -> str:
    if row.is_suppressed:
        return say(TOO_FEW)
    if row.adoption_year is None:
        return say("not yet")
    return f"{school_year(row.adoption_year)}{(say(' or before') if row.is_left_censored else '')}"


def growth_years_table(rows: Sequence[SchoolGrowthRow], peers: Mapping[tuple[str, int], Peers]) -> DataTable:
    """Growth by subject and year with its interval, comparable schools, and value-added."""
    return make_table(
        say("Student growth by subject and year"),
        "Subject|Year|Median growth percentile (95% interval) #|Reads as|Middle of its level #"
        "|Value-added, SD (95% interval) #|Students #",
        [
            (
                terms.subject_name(row.academic_subject),
                school_year(row.school_year),
                say(TOO_FEW) if row.median_sgp is None else growth_figures(row),
                say(growth_verdict(row)),
                _middle(peers.get((row.academic_subject, row.school_year)), 0),
                _value_added(row),
                say(TOO_FEW) if row.n_students is None else count(row.n_students),
            )
            for row in rows
        ],
    )


def _middle(peers: Peers | None, decimals: int) -> str:
    return say(NO_NUMBER) if peers is None else decimal(peers.middle, decimals)


def _value_added(row: SchoolGrowthRow) -> str:
    if row.value_added_sd is None or row.std_error is None:
        return say(TOO_FEW) if row.is_suppressed else say(NO_NUMBER)
    half = _Z * row.std_error
    return f"{signed(row.value_added_sd)} ({interval(row.value_added_sd - half, row.value_added_sd + half)})"


def spread_table(rows: Sequence[SchoolSpreadRow], year: int) -> DataTable:
    """How far the students of the school lie apart in their growth."""
    return make_table(
        say("How growth percentiles are spread in {year}", year=school_year(year)),
        "Subject|One in ten below #|A quarter below #|Half below #|Three quarters below #|Nine in ten below #"
        "|Students #",
        [
            (
                terms.subject_name(row.academic_subject),
                *(
                    say(TOO_FEW) if row.is_suppressed else decimal(value, 0)
                    for value in (row.sgp_p10, row.sgp_p25, row.sgp_p50, row.sgp_p75, row.sgp_p90)
                ),
                say(TOO_FEW) if row.n_students is None else count(row.n_students),
            )
            for row in rows
        ],
    )


def needs_table(rows: Sequence[NeedRow]) -> DataTable:
    """Rated need and fit of each priority beside the hours that served it."""
    return make_table(
        say("Need and fit of each priority, rated from 1 to 5"),
        "Priority|Rated in|Need #|Fit #|Hours a teacher here #|Middle of its level #|Reads as",
        [
            (
                row.priority_title or row.priority_id,
                row.source or say(NO_NUMBER),
                *(
                    say(TOO_FEW) if row.is_suppressed else decimal(value, 1)
                    for value in (row.need, row.fit, row.hours_per_teacher)
                ),
                decimal(row.peer_hours_per_teacher, 1),
                row.need_and_hours or say(NO_NUMBER),
            )
            for row in rows
        ],
    )


def drivers_table(
    rows: Sequence[ScoreRow], before: Mapping[str, ScoreRow], peers: Mapping[str, Peers]
) -> DataTable:
    """Mean answers of teachers with intervals, the year before, and comparable schools."""
    return make_table(
        say("Mean answers of teachers, 1 to 5"),
        "Driver|Here (95% interval) #|Year before #|Middle of its level #|Middle half of its level"
        " #|Teachers #",
        [
            (
                driver_name(row.driver),
                say(TOO_FEW)
                if row.mean_score is None
                else f"{decimal(row.mean_score)} ({interval(row.ci_low, row.ci_high)})",
                decimal(before[row.driver].mean_score) if row.driver in before else say(NO_NUMBER),
                _middle(peers.get(row.driver), 2),
                _half(peers.get(row.driver)),
                say(TOO_FEW) if row.n_persons is None else count(row.n_persons),
            )
            for row in rows
        ],
    )


def _half(peers: Peers | None) -> str:
    return (
        say(NO_NUMBER)
        if peers is None
        else say(
            "{quarter_low} to {quarter_high}",
            quarter_low=decimal(peers.quarter_low),
            quarter_high=decimal(peers.quarter_high),
        )
    )


def roles_table(rows: Sequence[GapRow]) -> DataTable:
    """How far other roles answer from the teachers of the school, where enough of them answered."""
    return make_table(
        say("Other roles less teachers of this school, points from 1 to 5"),
        "Driver|Role|Difference (95% interval) #|People #",
        [
            (
                driver_name(row.driver),
                capitalised(say(ROLE_NAMES.get(row.role, terms.plain(row.role).lower()))),
                f"{signed(row.gap)} ({interval(row.ci_low, row.ci_high)})",
                count(row.n_role),
            )
            for row in rows
            if row.gap is not None
        ],
    )


def scales_table(rows: Sequence[SchoolScaleRow]) -> DataTable:
    """Other scales of questionnaires, of all who answered; why a scale has no number."""
    return make_table(
        say("Other scales of questionnaires, all who answered"),
        "Scale|Questionnaire|Mean (95% interval) #|Answers #|Why not shown",
        [
            (
                construct_name(row.construct),
                row.questionnaire_title or say(NO_NUMBER),
                say(NO_NUMBER)
                if row.mean is None
                else f"{decimal(row.mean)} ({interval(row.ci_low, row.ci_high)})",
                say(NO_NUMBER) if row.mean is None else count(row.n_responses),
                "" if row.mean is not None else (row.note or say("nothing on record")).partition(": see ")[0],
            )
            for row in rows
        ],
    )


def ratings_table(rows: Sequence[RatingRow]) -> DataTable:
    """The school's own ratings of its practice."""
    return make_table(
        say("The school's rating of its own practice, 1 to 4"),
        "Practice|Rating #|The time before #|Middle of its level #",
        [
            (row.practice, decimal(row.rating, 0), decimal(row.rating_before, 0), decimal(row.peer_median, 1))
            for row in rows
        ],
    )


_VERDICTS = {
    "in_line": noted("in line"),
    "rated_above_records": noted("rated above the records"),
    "rated_below_records": noted("rated below the records"),
    "not_comparable": noted("cannot be compared"),
}


def checks_table(rows: Sequence[CheckRow]) -> DataTable:
    """Ratings beside what the records say."""
    return make_table(
        say("Ratings beside what is on record"),
        "Practice|Rating #|On record|Value #|Reads as",
        [
            (
                row.practice,
                decimal(row.rating, 0),
                f"{row.label} ({row.unit})",
                say(NO_NUMBER) if row.value is None else decimal(row.value, 1),
                say(_VERDICTS.get(row.verdict, terms.plain(row.verdict).lower())),
            )
            for row in rows
        ],
    )


def indicators_table(rows: Sequence[IndicatorRow], year: int, rules: Mapping[str, str]) -> DataTable:
    """All indicators beside comparable schools and the year before, with the rule of a status."""
    before = {(row.indicator, row.category): row.value for row in rows if row.school_year == year - 1}
    return make_table(
        say("Indicators of the school"),
        "Indicator|Of|Value (95% interval) #|Year before #|Comparable schools #|Unit|Reads as|Rule",
        [
            (
                row.label,
                "" if row.category == "all" else terms.plain(row.category).lower(),
                _indicator_value(row),
                indicator_number(row, before.get((row.indicator, row.category))),
                indicator_number(row, row.comparison_value),
                row.unit,
                row.status.replace("_", " "),
                rules.get(row.indicator, ""),
            )
            for row in rows
            if row.school_year == year
        ],
    )


def _indicator_value(row: IndicatorRow) -> str:
    if row.value is None:
        return say(TOO_FEW) if row.is_suppressed else say(NO_NUMBER)
    said = indicator_number(row, row.value)
    if row.ci_low is None or row.ci_high is None:
        return said
    return say(
        "{said} ({indicator_number} to {indicator_number_2})",
        said=said,
        indicator_number=indicator_number(row, row.ci_low),
        indicator_number_2=indicator_number(row, row.ci_high),
    )
