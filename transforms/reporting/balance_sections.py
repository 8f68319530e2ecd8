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
from transforms.reporting.indicator_rows import IndicatorRow
from transforms.reporting.numerals import counted, decimal, interval, percent
from transforms.reporting.picture import Picture
from transforms.reporting.sections import Section


def _hidden(report: BalanceReport) -> str:
    n = sum(row.is_suppressed for row in report.schools)
    return f" {counted(n, 'school')} with fewer than five staff not shown." if n else ""


def quadrants_section(report: BalanceReport) -> Section:
    return Section(
        id="quadrants",
        title="Aligned and differentiated",
        paragraphs=(
            "A school is aligned where more of its PD hours serve priorities of the district than is usual"
            " at its level, and differentiated where more of them were initiated by the school or its"
            " teachers, or serve priorities that the school set. Both at once is possible: a school can"
            " choose its own way to a goal of the district.",
            "A cut is the median of schools of the level, so that about half of them lie above it whatever"
            f" they do; but it is never below {percent(RULES.fixed_alignment)} (aligned) or"
            f" {percent(RULES.fixed_differentiation)} (differentiated). A school is on the line where one"
            " activity of average size, more or less, could carry it across.",
        ),
        pictures=(
            Picture(
                "quadrants",
                words.quadrant_title(report.shown),
                quadrant_picture(report.shown, "quadrants"),
                f"A point is a school. {KEY}{_hidden(report)}",
            ),
        ),
        tables=(quadrant_table(report.shown),),
    )


def need_and_fit_section(report: BalanceReport) -> Section:
    row = report.district("need_fit_gap")
    paragraphs = [
        "Schools were rated, for each priority, on how much they need it and how well the PD on offer"
        " fits, both from 1 to 5. Need less fit is the gap; a priority counts by how much it is needed."
    ]
    if row is not None and row.value is not None:
        paragraphs.append(gap_sentence(row))
    paragraphs += _source_paragraphs(report)
    n_rated = sum(one.mean_gap is not None for one in report.shown)
    more = f" The {LARGEST_GAPS} widest gaps of {n_rated} schools." if n_rated > LARGEST_GAPS else ""
    return Section(
        id="need-and-fit",
        title="Need and fit",
        paragraphs=tuple(paragraphs),
        pictures=(
            Picture(
                "need-and-fit",
                words.gap_title(report.shown),
                need_fit_picture(report.shown, "need-and-fit"),
                f"◆ need, ○ fit; the number is need less fit.{more}{_hidden(report)}",
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
        return f"Mean gap over schools: {words.points(value)} points, of too few schools for an interval."
    figures = f"{words.points(value)} points, 95% interval {interval(row.ci_low, row.ci_high)}"
    if row.ci_low > 0:
        return f"Over all rated schools need exceeds fit: {figures}."
    if row.ci_high < 0:
        return f"Over all rated schools fit exceeds need: {figures}."
    return f"Over all rated schools need and fit cannot be told apart: {figures}."


def _source_paragraphs(report: BalanceReport) -> list[str]:
    differences = words.source_differences(report)
    said = [words.source_difference_sentence(row) for row in differences if row.value is not None]
    n = sum(row.source_disagreement is not None for row in report.shown)
    if n:
        said.append(
            f"Within {counted(n, 'school')} two sources lie {decimal(RULES.source_disagreement, 0)} points"
            " apart or more; each priority of a school has one rating, so that this may be the priorities."
        )
    return [" ".join(said)] if said else []


def initiators_section(report: BalanceReport) -> Section:
    mandatory = report.value("hours_mandatory")
    extra = (
        f" Of the hours for which it is on record, {percent(mandatory)} were mandatory."
        if mandatory is not None
        else " Whether hours were mandatory is not on record."
    )
    return Section(
        id="initiators",
        title="Who initiated the hours, and what they served",
        paragraphs=(
            f"All staff, all attended hours.{extra} No share is right by itself: a system can be coherent"
            " with a large share of the district, and a school can meet its needs within it.",
        ),
        pictures=(
            Picture(
                "initiators",
                words.initiator_title(report),
                initiator_picture(report, "initiators"),
                "From left to right: the district, schools, teachers, and, where there are any, hours"
                " without a recorded initiator.",
            ),
        ),
        tables=(initiator_table(report), priority_table(report)),
    )


def hours_and_need_section(report: BalanceReport) -> Section:
    titles = {row.priority_id: row.priority_title for row in report.ratings}
    rows = [
        ("All priorities" if row.category == "all" else titles.get(row.category, row.category), row)
        for row in report.indicators
        if row.indicator == "hours_meet_need" and row.school_year == report.report_year
    ]
    overall = report.district("hours_meet_need")
    return Section(
        id="hours-and-need",
        title="Do hours go where the need is?",
        paragraphs=tuple(
            filter(
                None,
                (
                    "Schools in the order of their need for a priority, and in the order of the hours that"
                    " a teacher spent on it: the rank correlation is 1 where both orders are the same, −1"
                    " where one is the other upside down, 0 where they have nothing to do with each other.",
                    words.need_and_hours_sentence([row for row in report.ratings if not row.is_suppressed]),
                ),
            )
        ),
        pictures=(
            Picture(
                "hours-and-need",
                correlation_title(overall),
                correlation_picture(rows, "hours-and-need"),
                "Mark: rank correlation across schools; line: 95% interval. A line that crosses zero"
                " leaves open whether hours follow need.",
            ),
        ),
        tables=(correlation_table(rows),),
    )


def correlation_title(row: IndicatorRow | None) -> str:
    """Whether hours follow need, as far as the interval tells."""
    if row is None or row.value is None:
        return "Whether hours follow need cannot be computed"
    return {
        "strength": "Hours go where the need is higher",
        "concern": "Hours go where the need is lower",
    }.get(row.status, "It cannot be told that hours follow need")


def coherence_section(report: BalanceReport) -> Section:
    index = report.value("pd_type_concentration")
    activities = report.value("activities_per_teacher")
    parts = [
        "Coherence is measured by how few things the hours go to: the share of a school's hours on its two"
        " largest priorities. Hours without a priority count as hours. It says nothing of whether these"
        " fit together well."
    ]
    if index:
        parts.append(
            f"By kind of PD the district's hours are as spread as {decimal(1 / index, 1)} kinds of equal"
            f" size would be (Herfindahl index {decimal(index)}, the sum of squared shares)."
        )
    if activities is not None:
        parts.append(f"A teacher attended {decimal(activities, 1)} different activities on average.")
    reported = report.district("coherence_reported")
    if reported is not None and reported.value is not None:
        parts.append(
            f"Asked in surveys, staff put the coherence of their PD at {decimal(reported.value)} of 1 (95%"
            f" interval {interval(reported.ci_low, reported.ci_high)})."
        )
    return Section(
        id="coherence",
        title="Coherence",
        paragraphs=(parts[0], " ".join(parts[1:])) if len(parts) > 1 else (parts[0],),
        pictures=(
            Picture(
                "coherence",
                words.coherence_title(report.shown),
                coherence_picture(report.shown, "coherence"),
                f"A circle is a school, the upright line the median of the level.{_hidden(report)}",
            ),
        ),
        tables=(coherence_table(report),),
    )
