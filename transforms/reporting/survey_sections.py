"""The sections of the page of surveys."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from transforms.reporting import survey_change_words as change_words
from transforms.reporting import survey_group_tables as group_tables
from transforms.reporting import survey_tables as tables
from transforms.reporting import survey_words as words
from transforms.reporting.catalogue import noted, say
from transforms.reporting.numerals import counted, listed, percent
from transforms.reporting.picture import Picture
from transforms.reporting.sections import Section
from transforms.reporting.survey_charts import items_picture, scales_picture, years_picture
from transforms.reporting.survey_rows import ItemRow, ScaleRow, SurveyReport
from transforms.surveys.rules import ADEQUATE, EXCELLENT, GOOD, ITEM_RULE, NOT_REPORTED_BELOW

PICTURED = 4  # questionnaires with pictures; tables have all
_HOW_TO_READ_BARS = noted(
    "Bars to the left: share of answers below the middle of the scale, the darkest part at its"
    " lowest value; grey: at the middle; to the right: above it, the darkest part at the"
    " highest value. Items worded the other way round are turned round first. A scale's mean"
    " has its 95% interval in brackets."
)


def survey_sections(report: SurveyReport, scales: Sequence[ScaleRow]) -> tuple[Section, ...]:
    return (
        _answered(report, scales),
        _said(report, scales),
        _items(report),
        _trust(scales),
        _changes(report),
        _schools(report),
    )


def _answered(report: SurveyReport, scales: Sequence[ScaleRow]) -> Section:
    return Section(
        "answered",
        say("Who answered"),
        tuple(
            filter(
                None,
                [
                    say(
                        "Surveys that ask the same items are read together as one questionnaire."
                        " People who did not answer may think otherwise; the interval says only"
                        " how much chance there is in the number who did."
                    ),
                    words.weights_sentence(scales),
                ],
            )
        ),
        points=tuple(words.response_sentences(report)),
        open_tables=(tables.response_table(report),),
        tables=(tables.group_table(report),),
        note=(
            say(
                "Respondents of an anonymous survey are never joined to staff: their role and"
                " school are what they themselves said, set against the staff of the year."
            )
        ),
    )


def _said(report: SurveyReport, scales: Sequence[ScaleRow]) -> Section:
    groups = by_questionnaire(scales)
    pictures = _pictured(groups, "scales", _scales_title, scales_picture)
    left_out = [f"{rows[0].title}. {told}" for rows in groups if (told := words.not_shown_sentence(rows))]
    more = (
        say(
            " {n_more_questionnaires} in the table.",
            n_more_questionnaires=counted(len(groups) - PICTURED, "more questionnaire"),
        )
        if len(groups) > PICTURED
        else ""
    )
    return Section(
        "said",
        say("What they said"),
        (
            say(
                "A construct is what several items ask about together. Its score is the mean of a"
                " person’s answers to them, where at least half are answered.{more}",
                more=more,
            ),
        ),
        points=tuple(left_out),
        pictures=pictures,
        tables=(
            tables.scale_table(scales),
            *([tables.survey_table(report.scales, report.year)] if report.year else []),
        ),
    )


def _pictured(
    groups: Sequence[Sequence[object]],
    name: str,
    title: Callable[..., str],
    draw: Callable[..., object],
) -> tuple[Picture, ...]:
    found = []
    for position, rows in enumerate(groups[:PICTURED]):
        picture_id = f"{name}-{position}"
        found.append(Picture(picture_id, title(rows), draw(rows, picture_id), say(_HOW_TO_READ_BARS)))  # type: ignore[arg-type]
    return tuple(found)


def _scales_title(rows: Sequence[ScaleRow]) -> str:
    shown = [row for row in rows if row.mean is not None]
    title = rows[0].title
    if not shown:
        return say("{title}: no scale can be shown", title=title)
    positive = [row.positive_share for row in shown if row.positive_share is not None]
    if not positive:
        return say("{title}: answers by construct", title=title)
    low, high = (percent(choose(positive)) for choose in (min, max))
    span = (
        say("{low} of answers", low=low)
        if low == high
        else say("between {low} and {high} of answers", low=low, high=high)
    )
    return say("{title}: {span} lie above the middle of the scale", title=title, span=span)


def _items(report: SurveyReport) -> Section:
    ids = dict.fromkeys(row.questionnaire_id for row in report.items)
    groups = [[row for row in report.items if row.questionnaire_id == found] for found in ids]
    groups.sort(key=lambda rows: (-max(row.n_answers for row in rows), rows[0].questionnaire_title))
    return Section(
        "items",
        say("Item by item"),
        (ITEM_RULE,),
        pictures=_pictured(groups, "items", _items_title, items_picture),
        tables=(tables.item_table(report.items),),
    )


def _items_title(rows: Sequence[ItemRow]) -> str:
    n = sum(row.flag != "none" for row in rows)
    of = say("of {n_rows} items", n_rows=len(rows))
    told = (
        say("none {of} is flagged", of=of)
        if not n
        else say("{n} {of} {words} flagged", n=n, of=of, words=say("is") if n == 1 else say("are"))
    )
    return f"{rows[0].questionnaire_title}: {told}"


def _trust(scales: Sequence[ScaleRow]) -> Section:
    groups = by_questionnaire(scales)
    return Section(
        "trust",
        say("How far the scales can be trusted"),
        (
            say(
                "Items of a scale should agree with one another. Cronbach’s alpha says how"
                " closely they do, from 0 (not at all) to 1; below zero they go against each"
                " other. A scale below {not_reported_below:.2f} is not reported; {adequate:.2f}"
                " is adequate, {good:.2f} good, {excellent:.2f} excellent. Omega allows items to"
                " measure the construct unequally well; it needs three items. For two, the"
                " Spearman-Brown coefficient stands beside alpha.",
                not_reported_below=NOT_REPORTED_BELOW,
                adequate=ADEQUATE,
                good=GOOD,
                excellent=EXCELLENT,
            ),
        ),
        open_tables=tuple(tables.reliability_table(rows) for rows in groups[:PICTURED]),
        tables=tuple(tables.reliability_table(rows) for rows in groups[PICTURED:]),
        note=(
            say(
                "Alpha and omega rest on people who answered every item of the scale. Their"
                " intervals take respondents as independent."
            )
        ),
    )


def _changes(report: SurveyReport) -> Section:
    groups = by_questionnaire(report.questionnaire_scales)
    pictures = []
    for position, rows in enumerate(groups[:PICTURED]):
        picture_id = f"years-{position}"
        title = rows[0].questionnaire_title
        clear = [
            row
            for row in report.changes
            if row.title == title and row.later_year == report.year and row.direction in ("rose", "fell")
        ]
        names = dict.fromkeys(words.construct_in_sentence(row.construct) for row in clear)
        told = say("a clear change in {list}", list=listed(list(names))) if names else say("no clear change")
        pictures.append(
            Picture(
                picture_id,
                f"{title}: {told}",
                years_picture(sorted(rows, key=lambda row: (row.construct, row.school_year)), picture_id),
                say(
                    "Point: mean of a school year, from the first to the last one shown; line"
                    " through it: its 95% interval. Only a part of the scale is shown."
                ),
            )
        )
    return Section(
        "change",
        say("What changed"),
        (
            say(
                "Compared are surveys with the same items: before and after the same activity,"
                " first and last survey of a year, and school years. The same people are compared"
                " where they are known and answered both times; otherwise the people of two"
                " surveys differ, and so may their answers for that reason alone."
            ),
        ),
        points=tuple(change_words.change_sentences(report)),
        pictures=tuple(pictures),
        tables=(group_tables.change_table(report.changes),),
        note=change_words.chance_note(report.changes),
    )


def _schools(report: SurveyReport) -> Section:
    rule = report.aggregations[0].rule if report.aggregations else ""
    return Section(
        "schools",
        say("Schools and roles"),
        (
            say(
                "Before answers are averaged to schools two things are looked at: whether schools"
                " differ by more than chance (ICC(1) is the share of all differences that lies"
                " between schools, ICC(2) how reliable a school’s mean is), and whether people"
                " within a school agree (r_wg, from 0, as spread as by chance, to 1)."
            ),
        ),
        points=tuple(words.aggregation_sentences(report.aggregations)),
        open_tables=(group_tables.aggregation_table(report.aggregations),),
        tables=(group_tables.role_table(report.schools), group_tables.school_table(report.schools)),
        note=say("{rule} Answers of too few people of a school or role are hidden.", rule=rule).strip(),
    )


def by_questionnaire(scales: Sequence[ScaleRow]) -> list[list[ScaleRow]]:
    """Scales by questionnaire, those with most responses first."""
    ids = dict.fromkeys(row.questionnaire_id for row in scales)
    groups = [[row for row in scales if row.questionnaire_id == found] for found in ids]
    return sorted(groups, key=lambda rows: (-max(row.n_responses or 0 for row in rows), rows[0].title))
