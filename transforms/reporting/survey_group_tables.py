"""The tables of schools, roles and changes on the page of surveys."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.reporting import terms
from transforms.reporting.catalogue import noted, say
from transforms.reporting.numerals import NO_NUMBER, count, decimal, interval, school_year, signed
from transforms.reporting.survey_rows import AggregationRow, ChangeRow, SchoolScaleRow
from transforms.reporting.survey_words import VERDICT_WORDS, construct_name
from transforms.reporting.tables import DataTable, make_table

_DIRECTIONS = {
    "rose": noted("rose"),
    "fell": noted("fell"),
    "no_clear_change": noted("no clear change"),
    "not_computed": noted("not told"),
}


def aggregation_table(rows: Sequence[AggregationRow]) -> DataTable:
    """Whether answers may be averaged to schools."""
    return make_table(
        say("May answers be averaged to schools?"),
        "Survey|Construct|Schools #|ICC(1) #|ICC(2) #|Median r_wg #|Reads as",
        [
            (
                row.questionnaire_title,
                construct_name(row.construct),
                count(row.n_schools),
                decimal(row.icc1),
                decimal(row.icc2),
                decimal(row.median_r_wg),
                say(VERDICT_WORDS[row.verdict]),
            )
            for row in rows
        ],
    )


def role_table(rows: Sequence[SchoolScaleRow]) -> DataTable:
    """Means of the district by role."""
    return make_table(
        say("The district by role"),
        "Survey|Construct|Role|Answers #|Mean (95% interval) #",
        [
            (
                row.questionnaire_title,
                construct_name(row.construct),
                say("Everybody") if row.respondent_role == "all" else terms.plain(row.respondent_role),
                count(row.n_responses),
                _mean(row),
            )
            for row in rows
            if row.school_id is None
        ],
    )


def school_table(rows: Sequence[SchoolScaleRow]) -> DataTable:
    """Means of schools where they may be shown, everybody together."""
    return make_table(
        say("Schools"),
        "School|Survey|Construct|Answers #|Mean (95% interval) #|Agreement, r_wg #",
        [
            (
                row.school_name or "",
                row.questionnaire_title,
                construct_name(row.construct),
                count(row.n_responses),
                _mean(row),
                decimal(row.r_wg),
            )
            for row in sorted(
                rows, key=lambda row: (row.school_name or "", row.questionnaire_title, row.construct)
            )
            if row.school_id is not None
            and row.respondent_role == "all"
            and (row.mean is not None or row.is_suppressed)
        ],
    )


def _mean(row: SchoolScaleRow) -> str:
    if row.mean is None:
        return say("hidden") if row.is_suppressed else say("not reported")
    return f"{decimal(row.mean)} ({interval(row.ci_low, row.ci_high, 2)})"


def change_table(rows: Sequence[ChangeRow]) -> DataTable:
    """Changes between administrations of the same items."""
    return make_table(
        say("Changes between surveys with the same items"),
        "Survey|Construct|From|To|People|First, later answers #|First, later mean #|Change (95% interval)"
        " #|Reads as",
        [
            (
                row.title,
                construct_name(row.construct),
                school_year(row.first_year),
                school_year(row.later_year),
                say("the same") if row.comparison == "matched" else say("different or unknown"),
                f"{count(row.n_first)}, {count(row.n_later)}",
                f"{decimal(row.mean_first)}, {decimal(row.mean_later)}",
                f"{signed(row.change)} ({interval(row.ci_low, row.ci_high)})"
                if row.change is not None
                else (row.note or say(NO_NUMBER)),
                say(_DIRECTIONS[row.direction]),
            )
            for row in rows
        ],
    )
