"""The page of balance and coherence: the district's priorities, and what schools need and choose."""

from __future__ import annotations

from dataclasses import asdict

import duckdb

from transforms.improvement.balance_rules import RULES, BalanceRules
from transforms.reporting import balance_words as words
from transforms.reporting.balance_charts import (
    LARGEST_GAPS,
    coherence_picture,
    correlation_picture,
    initiator_picture,
    need_fit_picture,
)
from transforms.reporting.balance_quadrants import KEY, quadrant_picture
from transforms.reporting.balance_rows import BalanceReport, BalanceRow, read_balance
from transforms.reporting.balance_tables import (
    coherence_table,
    initiator_table,
    near_visits_table,
    priority_table,
    quadrant_table,
    rating_table,
    rules_table,
    visits_table,
)
from transforms.reporting.indicator_rows import IndicatorRow, missing_reasons
from transforms.reporting.numerals import counted, decimal, interval, listed, percent, school_year
from transforms.reporting.picture import Picture
from transforms.reporting.rows import Build
from transforms.reporting.sections import Section, SectionPage

_SOURCES = (
    "Bonett, D. G., and Wright, T. A. (2000). Sample size requirements for estimating Pearson, Kendall and"
    " Spearman correlations. Psychometrika 65(1).",
    "Newmann, F. M., Smith, B., Allensworth, E., and Bryk, A. S. (2001). Instructional program coherence."
    " Educational Evaluation and Policy Analysis 23(4).",
)


def balance_page(connection: duckdb.DuckDBPyConnection, build: Build) -> SectionPage:
    """Values of the page."""
    report = read_balance(connection, build.report_year)
    return SectionPage(
        kicker="Balance and coherence",
        study_name=build.study_name,
        year=school_year(build.report_year),
        sentences=words.balance_sentences(report),
        stands_out=words.standing_out(report),
        sections=(
            _quadrants(report),
            _visits(report),
            _need_and_fit(report),
            _initiators(report),
            _hours_and_need(report),
            _coherence(report),
            _rules(report),
        ),
        missing=_missing(report),
        sources=_SOURCES,
    )


def _missing(report: BalanceReport) -> tuple[str, ...]:
    reasons = [f"{reason}." for reason in missing_reasons(report.indicators)]
    not_judged = {row.not_judged for row in report.shown if row.not_judged}
    return tuple(
        dict.fromkeys([*reasons, *(f"Schools worth a visit: {text}." for text in sorted(not_judged))])
    )


def _hidden(report: BalanceReport) -> str:
    n = sum(row.is_suppressed for row in report.schools)
    return f" {counted(n, 'school')} with fewer than five staff not shown." if n else ""


def _quadrants(report: BalanceReport) -> Section:
    return Section(
        id="quadrants",
        title="Aligned and differentiated",
        paragraphs=(
            "A school is aligned where more of its PD hours serve priorities of the district than is usual at its"
            " level, and differentiated where more of them were initiated by the school or its teachers, or serve"
            " priorities that the school set. Both at once is possible: a school can choose its own way to a goal"
            " of the district.",
            "A cut is the median of schools of the level, so that about half of them lie above it whatever they"
            f" do; but it is never below {percent(RULES.fixed_alignment)} (aligned) or"
            f" {percent(RULES.fixed_differentiation)} (differentiated). A school is on the line where one activity"
            " of average size, more or less, could carry it across.",
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


def _visits(report: BalanceReport) -> Section:
    visits = [row for row in report.shown if row.is_worth_a_visit]
    near = near_visits(report.shown)
    if visits:
        names = listed([row.school for row in visits])
        said = f"Worth a visit because they balance well: {names}."
    else:
        said = "No school meets all rules for a visit this year."
    if near:
        said += " Those that miss one rule alone stand in the second table."
    return Section(
        id="visits",
        title="Schools worth a visit",
        paragraphs=(
            f"{said} A visit can find out how a school does it; that these things go together does not say that one"
            " brings about the other.",
        ),
        points=visit_rules(),
        open_tables=(visits_table(visits), near_visits_table(near)),
    )


def near_visits(rows: list[BalanceRow]) -> list[BalanceRow]:
    """Schools that miss exactly one rule of a visit."""
    return [row for row in rows if row.reasons_against and row.reasons and "; " not in row.reasons_against]


def visit_rules(rules: BalanceRules = RULES) -> tuple[str, ...]:
    """The rules of a visit in words, with their thresholds."""
    return (
        "Aligned and differentiated, not on the line.",
        f"Rated need exceeds rated fit by at most {decimal(rules.small_gap, 1)} points (mean over priorities,"
        " weighted by need).",
        "Coherence, the share of hours on the two largest priorities, at or above the median of its level; with"
        f" fewer than {rules.minimum_peers} schools of the level, at {percent(rules.fixed_coherence)} or more.",
        f"Staff climate (trust, leadership, capacity building, collaboration) at {decimal(rules.minimum_climate, 1)}"
        f" of 1 or more, from at least {rules.minimum_responses} answers, its interval not wholly below the median"
        " of its level.",
        "Value-added of students in no subject with an interval wholly below zero.",
        "What the district has no source for is not judged; what a school alone has no value for is not met.",
    )


def _need_and_fit(report: BalanceReport) -> Section:
    row = report.district("need_fit_gap")
    paragraphs = [
        "Schools were rated, for each priority, on how much they need it and how well the PD on offer fits, both"
        " from 1 to 5. Need less fit is the gap; a priority counts by how much it is needed."
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
        tables=(rating_table([one for one in report.ratings if not one.is_suppressed]),),
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
            f"Within {counted(n, 'school')} two sources lie {decimal(RULES.source_disagreement, 0)} points apart or"
            " more; each priority of a school has one rating, so that this may be the priorities."
        )
    return [" ".join(said)] if said else []


def _initiators(report: BalanceReport) -> Section:
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
            f"All staff, all attended hours.{extra} No share is right by itself: a system can be coherent with a"
            " large share of the district, and a school can meet its needs within it.",
        ),
        pictures=(
            Picture(
                "initiators",
                words.initiator_title(report),
                initiator_picture(report, "initiators"),
                "From left to right: the district, schools, teachers, and, where there are any, hours without a"
                " recorded initiator.",
            ),
        ),
        tables=(initiator_table(report), priority_table(report)),
    )


def _hours_and_need(report: BalanceReport) -> Section:
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
                    "Schools in the order of their need for a priority, and in the order of the hours that a teacher"
                    " spent on it: the rank correlation is 1 where both orders are the same, −1 where one is the"
                    " other upside down, 0 where they have nothing to do with each other.",
                    words.need_and_hours_sentence([row for row in report.ratings if not row.is_suppressed]),
                ),
            )
        ),
        pictures=(
            Picture(
                "hours-and-need",
                correlation_title(overall),
                correlation_picture(rows, "hours-and-need"),
                "Mark: rank correlation across schools; line: 95% interval. A line that crosses zero leaves open"
                " whether hours follow need.",
            ),
        ),
    )


def correlation_title(row: IndicatorRow | None) -> str:
    """Whether hours follow need, as far as the interval tells."""
    if row is None or row.value is None:
        return "Whether hours follow need cannot be computed"
    return {
        "strength": "Hours go where the need is higher",
        "concern": "Hours go where the need is lower",
    }.get(row.status, "It cannot be told that hours follow need")


def _coherence(report: BalanceReport) -> Section:
    index = report.value("pd_type_concentration")
    activities = report.value("activities_per_teacher")
    parts = [
        "Coherence is measured by how few things the hours go to: the share of a school's hours on its two largest"
        " priorities. Hours without a priority count as hours. It says nothing of whether these fit together well."
    ]
    if index:
        parts.append(
            f"By kind of PD the district's hours are as spread as {decimal(1 / index, 1)} kinds of equal size would"
            f" be (Herfindahl index {decimal(index)}, the sum of squared shares)."
        )
    if activities is not None:
        parts.append(f"A teacher attended {decimal(activities, 1)} different activities on average.")
    reported = report.district("coherence_reported")
    if reported is not None and reported.value is not None:
        parts.append(
            f"Asked in surveys, staff put the coherence of their PD at {decimal(reported.value)} of 1 (95% interval"
            f" {interval(reported.ci_low, reported.ci_high)})."
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


def _rules(report: BalanceReport) -> Section:
    rules = asdict(RULES)
    return Section(
        id="rules",
        title="Rules",
        paragraphs=("The thresholds are conventions of this report, the same for every district and year.",),
        points=(
            "Look at first, many hours without fit: hours per teacher in the top quarter of the level, mean need"
            f" {rules['high_need']:g} or more and mean fit {rules['low_fit']:g} or less of 5.",
            "Look at first, high need and few hours: mean need"
            f" {rules['high_need']:g} or more and hours per teacher in the bottom quarter of the level.",
            f"Quarters and medians need {rules['minimum_peers']} schools of the level.",
        ),
        tables=(rules_table(report),),
    )
