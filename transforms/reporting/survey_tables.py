"""The tables of the page of surveys, cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from transforms.reporting import terms
from transforms.reporting.catalogue import noted, say
from transforms.reporting.numerals import NO_NUMBER, count, decimal, interval, percent
from transforms.reporting.survey_rows import (
    ItemRow,
    ResponseRow,
    ScaleRow,
    SurveyReport,
)
from transforms.reporting.survey_words import (
    construct_name,
    main_responses,
    mean_with_interval,
    reliability,
)
from transforms.reporting.tables import DataTable, make_table

_GROUPS = {
    "role": noted("Role"),
    "school_level": noted("Level of school"),
    "novice": noted("Experience"),
    "school": noted("School"),
}
_FLAGS = {
    "against_scale": noted("against its scale"),
    "cannot_tell_which": noted("one of these is against the scale"),
    "weak": noted("hangs together with nothing"),
    "none": "",
}


def response_table(report: SurveyReport) -> DataTable:
    """How many were invited and answered, a row a questionnaire."""
    return _without_empty_end(
        make_table(
            say("Who answered"),
            "Survey|Surveys #|Invited #|Answered #|Response rate #|95% interval #|Remark",
            [_response_cells(row.title or "", row) for row in main_responses(report)],
        )
    )


def _response_cells(name: str, row: ResponseRow) -> tuple[str, ...]:
    ends = (
        say("{ci_low} to {ci_high}", ci_low=percent(row.ci_low), ci_high=percent(row.ci_high))
        if row.ci_low is not None
        else say(NO_NUMBER)
    )
    return (
        name,
        count(row.n_surveys),
        count(row.n_invited),
        count(row.n_responses),
        percent(row.response_rate),
        ends,
        row.note or "",
    )


def group_table(report: SurveyReport) -> DataTable:
    """Response by role, level, experience and school."""
    rows = [row for row in report.responses if row.group_kind in _GROUPS]
    rows.sort(key=lambda row: (row.title or "", list(_GROUPS).index(row.group_kind), row.group_value))
    return make_table(
        say("Response by role, level, experience and school"),
        "Survey|Kind|Group|Invited #|Answered #|Response rate #|95% interval #|Remark",
        [
            (row.title or "", say(_GROUPS[row.group_kind]), _group_name(row), *_response_cells("", row)[2:])
            for row in rows
        ],
    )


def _group_name(row: ResponseRow) -> str:
    return row.group_value if row.group_kind == "school" else terms.plain(row.group_value)


def scale_table(rows: Sequence[ScaleRow]) -> DataTable:
    """Means and reliabilities of the year's questionnaires."""
    return make_table(
        say("What they said, by construct"),
        "Survey|Construct|Items #|Answers #|Mean (95% interval) #|Below, at, above the middle #|Reliability",
        [
            (
                row.title,
                construct_name(row.construct),
                count(row.n_items),
                count(row.n_responses),
                mean_with_interval(row),
                _shares(row) if row.mean is not None else say(NO_NUMBER),
                reliability(row),
            )
            for row in rows
        ],
    )


def _shares(row: ScaleRow | ItemRow) -> str:
    if row.positive_share is None:
        return say(NO_NUMBER)
    return f"{percent(row.negative_share)}, {percent(row.neutral_share)}, {percent(row.positive_share)}"


def reliability_table(rows: Sequence[ScaleRow]) -> DataTable:
    """Alpha with interval, and omega or the Spearman-Brown coefficient, of one questionnaire."""
    return _without_empty_end(
        make_table(
            say("Reliability: {title}", title=rows[0].title),
            "Construct|Items #|Complete answers #|Alpha (95% interval) #|Omega #|Spearman-Brown"
            " #|Rating|Remark",
            [
                (
                    construct_name(row.construct),
                    count(row.n_items),
                    count(row.n_complete),
                    _alpha(row),
                    decimal(row.omega),
                    decimal(row.spearman_brown),
                    terms.plain(row.rating).lower(),
                    _remark(row),
                )
                for row in rows
            ],
        )
    )


def _without_empty_end(table: DataTable) -> DataTable:
    """The table without its last column where no row says anything in it."""
    if any(row[-1] for row in table.rows):
        return table
    return replace(table, columns=table.columns[:-1], rows=tuple(row[:-1] for row in table.rows))


def _alpha(row: ScaleRow) -> str:
    if row.alpha is None:
        return say(NO_NUMBER)
    return f"{decimal(row.alpha)} ({interval(row.alpha_ci_low, row.alpha_ci_high, 2)})"


def _remark(row: ScaleRow) -> str:
    """Why a number is missing; two items are told by their count."""
    reasons = [row.note if row.alpha is None else None, row.omega_note if row.n_items > 2 else None]
    return "; ".join(filter(None, reasons))


def survey_table(rows: Sequence[ScaleRow], year: int) -> DataTable:
    """Single surveys of questionnaires that were given several times."""
    singles = [row for row in rows if row.school_year == year and row.n_surveys == 1]
    several = {row.questionnaire_id for row in rows if row.school_year == year and row.n_surveys > 1}
    return make_table(
        say("Each survey of a questionnaire that was given several times"),
        "Survey|Construct|Answers #|Response rate #|Mean (95% interval) #",
        [
            (
                row.title,
                construct_name(row.construct),
                count(row.n_responses),
                percent(row.response_rate),
                mean_with_interval(row),
            )
            for row in sorted(singles, key=lambda row: (row.title, row.construct, row.survey_id or ""))
            if row.questionnaire_id in several
        ],
    )


def item_table(rows: Sequence[ItemRow]) -> DataTable:
    """How each item works within its scale."""
    return make_table(
        say("Every item"),
        "Survey|Item|Construct|Answers #|Missing #|Mean #|Below, at, above the middle #|Lowest, highest"
        " answer #"
        "|Correlation with the rest #|Alpha without it #|Flag",
        [
            (
                row.questionnaire_title,
                f"{row.item_id} {row.wording}",
                construct_name(row.construct) if row.construct else "none",
                count(row.n_answers),
                percent(row.missing_share),
                decimal(row.mean),
                _shares(row),
                f"{percent(row.floor_share)}, {percent(row.ceiling_share)}",
                decimal(row.item_rest_r),
                decimal(row.alpha_without),
                say(_FLAGS[row.flag]),
            )
            for row in rows
        ],
    )
