"""The sections of the page of balance: a question each, with its picture and its numbers."""

from __future__ import annotations

from transforms.improvement.balance_rules import RULES
from transforms.reporting import balance_words as words
from transforms.reporting.balance_charts import (
    LARGEST_GAPS,
    coherence_picture,
    correlation_picture,
    initiator_picture,
    need_fit_picture,
)
from transforms.reporting.balance_quadrants import KEY, quadrant_picture
from transforms.reporting.balance_rows import BalanceReport
from transforms.reporting.balance_tables import (
    coherence_table,
    correlation_table,
    gap_table,
    initiator_table,
    priority_table,
    quadrant_table,
    rating_table,
)
from transforms.reporting.catalogue import say
from transforms.reporting.indicator_rows import IndicatorRow
from transforms.reporting.numerals import counted, decimal, interval, percent
from transforms.reporting.picture import Picture
from transforms.reporting.sections import Section


def _hidden(report: BalanceReport) -> str:
    n = sum(row.is_suppressed for row in report.schools)
    return say(" {n_schools} with too few people not shown.", n_schools=counted(n, "school")) if n else ""


def quadrants_section(report: BalanceReport) -> Section:
    return Section(
        id="quadrants",
        title=say("Aligned and differentiated"),
        paragraphs=(
            say(
                "A school is aligned where more of its PD hours serve priorities of the district"
                " than is usual at its level, and differentiated where more of them were"
                " initiated by the school or its teachers, or serve priorities that the school"
                " set. Both at once is possible: a school can choose its own way to a goal of the"
                " district."
            ),
            say(
                "A cut is the median of schools of the level, so that about half of them lie"
                " above it whatever they do; but it is never below {fixed_alignment} (aligned) or"
                " {fixed_differentiation} (differentiated). A school is on the line where one"
                " activity of average size, more or less, could carry it across.",
                fixed_alignment=percent(RULES.fixed_alignment),
                fixed_differentiation=percent(RULES.fixed_differentiation),
            ),
        ),
        pictures=(
            Picture(
                "quadrants",
                words.quadrant_title(report.shown),
                quadrant_picture(report.shown, "quadrants"),
                say("A point is a school. {key}{hidden}", key=say(KEY), hidden=_hidden(report)),
            ),
        ),
        tables=(quadrant_table(report.shown),),
    )


def need_and_fit_section(report: BalanceReport) -> Section:
    row = report.district("need_fit_gap")
    paragraphs = [
        say(
            "Schools were rated, for each priority, on how much they need it and how well the PD"
            " on offer fits, both from 1 to 5. Need less fit is the gap; a priority counts by how"
            " much it is needed."
        )
    ]
    if row is not None and row.value is not None:
        paragraphs.append(gap_sentence(row))
    paragraphs += _source_paragraphs(report)
    n_rated = sum(one.mean_gap is not None for one in report.shown)
    more = (
        say(
            " The {largest_gaps} widest gaps of {n_rated} schools.",
            largest_gaps=LARGEST_GAPS,
            n_rated=n_rated,
        )
        if n_rated > LARGEST_GAPS
        else ""
    )
    return Section(
        id="need-and-fit",
        title=say("Need and fit"),
        paragraphs=tuple(paragraphs),
        pictures=(
            Picture(
                "need-and-fit",
                words.gap_title(report.shown),
                need_fit_picture(report.shown, "need-and-fit"),
                say(
                    "◆ need, ○ fit; the number is need less fit.{more}{hidden}",
                    more=more,
                    hidden=_hidden(report),
                ),
            ),
        ),
        tables=(
            gap_table(report.shown),
            rating_table([one for one in report.ratings if not one.is_suppressed]),
        ),
    )


def gap_sentence(row: IndicatorRow) -> str:
    """What the mean gap of the district says; an interval with zero in it says that nothing can be told."""
    value = row.value or 0.0
    if row.ci_low is None or row.ci_high is None:
        return say(
            "Mean gap over schools: {points} points, of too few schools for an interval.",
            points=words.points(value),
        )
    figures = say(
        "{points} points, 95% interval {interval}",
        points=words.points(value),
        interval=interval(row.ci_low, row.ci_high),
    )
    if row.ci_low > 0:
        return say("Over all rated schools need exceeds fit: {figures}.", figures=figures)
    if row.ci_high < 0:
        return say("Over all rated schools fit exceeds need: {figures}.", figures=figures)
    return say("Over all rated schools need and fit cannot be told apart: {figures}.", figures=figures)


def _source_paragraphs(report: BalanceReport) -> list[str]:
    differences = words.source_differences(report)
    said = [words.source_difference_sentence(row) for row in differences if row.value is not None]
    n = sum(row.source_disagreement is not None for row in report.shown)
    if n:
        said.append(
            say(
                "Within {n_schools} two sources lie {source_disagreement} points apart or more;"
                " each priority of a school has one rating, so that this may be the priorities.",
                n_schools=counted(n, "school"),
                source_disagreement=decimal(RULES.source_disagreement, 0),
            )
        )
    return [" ".join(said)] if said else []


def initiators_section(report: BalanceReport) -> Section:
    mandatory = report.value("hours_mandatory")
    extra = (
        say(
            " Of the hours for which it is on record, {mandatory} were mandatory.",
            mandatory=percent(mandatory),
        )
        if mandatory is not None
        else say(" Whether hours were mandatory is not on record.")
    )
    return Section(
        id="initiators",
        title=say("Who initiated the hours, and what they served"),
        paragraphs=(
            say(
                "All staff, all attended hours.{extra} No share is right by itself: a system can"
                " be coherent with a large share of the district, and a school can meet its needs"
                " within it.",
                extra=extra,
            ),
        ),
        pictures=(
            Picture(
                "initiators",
                words.initiator_title(report),
                initiator_picture(report, "initiators"),
                say(
                    "From left to right: the district, schools, teachers, and, where there are"
                    " any, hours without a recorded initiator."
                ),
            ),
        ),
        tables=(initiator_table(report), priority_table(report)),
    )


def hours_and_need_section(report: BalanceReport) -> Section:
    titles = {row.priority_id: row.priority_title for row in report.ratings}
    rows = [
        (say("All priorities") if row.category == "all" else titles.get(row.category, row.category), row)
        for row in report.indicators
        if row.indicator == "hours_meet_need" and row.school_year == report.report_year
    ]
    overall = report.district("hours_meet_need")
    return Section(
        id="hours-and-need",
        title=say("Do hours go where the need is?"),
        paragraphs=tuple(
            filter(
                None,
                (
                    say(
                        "Schools in the order of their need for a priority, and in the order of"
                        " the hours that a teacher spent on it: the rank correlation is 1 where"
                        " both orders are the same, \u22121 where one is the other upside down, 0"
                        " where they have nothing to do with each other."
                    ),
                    words.need_and_hours_sentence([row for row in report.ratings if not row.is_suppressed]),
                ),
            )
        ),
        pictures=(
            Picture(
                "hours-and-need",
                correlation_title(overall),
                correlation_picture(rows, "hours-and-need"),
                say(
                    "Mark: rank correlation across schools; line: 95% interval. A line that"
                    " crosses zero leaves open whether hours follow need."
                ),
            ),
        ),
        tables=(correlation_table(rows),),
    )


def correlation_title(row: IndicatorRow | None) -> str:
    """Whether hours follow need, as far as the interval tells."""
    if row is None or row.value is None:
        return say("Whether hours follow need cannot be computed")
    return {
        "strength": say("Hours go where the need is higher"),
        "concern": say("Hours go where the need is lower"),
    }.get(row.status, say("It cannot be told that hours follow need"))


def coherence_section(report: BalanceReport) -> Section:
    index = report.value("pd_type_concentration")
    activities = report.value("activities_per_teacher")
    parts = [
        say(
            "Coherence is measured by how few things the hours go to: the share of a school's"
            " hours on its two largest priorities. Hours without a priority count as hours. It"
            " says nothing of whether these fit together well."
        )
    ]
    if index:
        parts.append(
            say(
                "By kind of PD the district's hours are as spread as {value} kinds of equal size"
                " would be (Herfindahl index {index}, the sum of squared shares).",
                value=decimal(1 / index, 1),
                index=decimal(index),
            )
        )
    if activities is not None:
        parts.append(
            say(
                "A teacher attended {activities} different activities on average.",
                activities=decimal(activities, 1),
            )
        )
    reported = report.district("coherence_reported")
    if reported is not None and reported.value is not None:
        parts.append(
            say(
                "Asked in surveys, staff put the coherence of their PD at {value} of 1 (95%"
                " interval {interval}).",
                value=decimal(reported.value),
                interval=interval(reported.ci_low, reported.ci_high),
            )
        )
    return Section(
        id="coherence",
        title=say("Coherence"),
        paragraphs=(parts[0], " ".join(parts[1:])) if len(parts) > 1 else (parts[0],),
        pictures=(
            Picture(
                "coherence",
                words.coherence_title(report.shown),
                coherence_picture(report.shown, "coherence"),
                say(
                    "A circle is a school, the upright line the median of the level.{hidden}",
                    hidden=_hidden(report),
                ),
            ),
        ),
        tables=(coherence_table(report),),
    )
