"""Balance of district priorities and school needs in words, by rules that a test holds.

Nothing here is put down to a school's doing, and no share of hours is called good or bad by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from transforms.improvement.balance_rules import NOT_AVAILABLE, ON_THE_LINE, QUADRANTS, points
from transforms.reporting import style
from transforms.reporting.balance_rows import BalanceReport, BalanceRow, RatingRow
from transforms.reporting.catalogue import noted, say
from transforms.reporting.indicator_rows import IndicatorRow
from transforms.reporting.numerals import count, counted, decimal, interval, listed, percent, school_year

WIDE_GAP = 1.0
_BOTH = QUADRANTS[True, True]
_MOST_NAMED = 5
_OTHER_SCHOOL = 0.05
_NOT_RECORDED = 0.1
INITIATORS = ("district", "school", "teacher", "unknown")
# tints from left to right, as everywhere where who started PD is drawn
INITIATOR_FILLS = (style.REACH_STEPS[4], style.REACH_STEPS[2], style.REACH_STEPS[1], style.PAPER)
_INITIATOR_NAMES = {
    "district": noted("district"),
    "school": noted("schools"),
    "teacher": noted("teachers"),
    "unknown": noted("not recorded"),
}
_SOURCE_NAMES = {"visit": noted("visits"), "survey": noted("surveys"), "plan": noted("plans")}


def initiator_name(code: str) -> str:
    """An initiator as a label."""
    return say(_INITIATOR_NAMES[code])


def balance_sentences(report: BalanceReport) -> tuple[str, ...]:
    """Whose hours they were and what they served; how schools stand between both."""
    return (_hours_sentence(report), _schools_sentence(report))


def _hours_sentence(report: BalanceReport) -> str:
    year = school_year(report.report_year)
    shares = {name: report.value("hours_by_initiator", name) for name in INITIATORS}
    if shares["district"] is None:
        first = say("For {year} it is not on record who initiated PD hours", year=year)
    else:
        unknown = shares["unknown"] or 0.0
        rest = say(" (for {unknown} nobody recorded it)", unknown=percent(unknown)) if unknown else ""
        first = say(
            "In {year} the district initiated {shares} of PD hours, schools {shares_2} and"
            " teachers {shares_3}{rest}",
            year=year,
            shares=percent(shares["district"]),
            shares_2=percent(shares["school"]),
            shares_3=percent(shares["teacher"]),
            rest=rest,
        )
    district = report.value("hours_by_priority_level", "district")
    own = report.value("hours_by_priority_level", "own_school")
    if district is None or own is None:
        return say("{first}; which priorities the hours served is not on record.", first=first)
    return say(
        "{first}; {district} of hours served a priority of the district, {own} one of the"
        " participant's own school.",
        first=first,
        district=percent(district),
        own=percent(own),
    )


def _schools_sentence(report: BalanceReport) -> str:
    placed = [row for row in report.shown if row.quadrant != NOT_AVAILABLE]
    rated = [row for row in report.shown if row.mean_gap is not None]
    if placed:
        both = sum(row.quadrant == _BOTH for row in placed)
        line = sum(row.quadrant == ON_THE_LINE for row in placed)
        first = say(
            "{both} of {n_schools} {words} hours on the district's priorities with hours of"
            " their own choice more than comparable schools do",
            both=both,
            n_schools=counted(len(placed), "school"),
            words=say("combines") if both == 1 else say("combine"),
        )
        if line:
            first += say(
                ", {line} {words} too close to the line to say",
                line=line,
                words=say("lies") if line == 1 else say("lie"),
            )
    else:
        first = say("Which schools combine the district's priorities with their own choice cannot be told")
    if not rated:
        return say("{first}; no school has ratings of need and fit that can be shown.", first=first)
    wide = sum((row.mean_gap or 0) >= WIDE_GAP for row in rated)
    return say(
        "{first}; in {wide} of {n_rated_schools} rated need exceeds the rated fit of PD by"
        " {wide_gap} point or more (ratings from 1 to 5).",
        first=first,
        wide=wide,
        n_rated_schools=counted(len(rated), "rated school"),
        wide_gap=decimal(WIDE_GAP, 0),
    )


def standing_out(report: BalanceReport) -> tuple[str, ...]:
    """What a reader must not miss, each with its place and numbers."""
    found = [
        *_named(report.shown, "look_at_first_reasons"),
        *_stray_hours(report),
        *_unserved(report),
        *_hours_and_need(report),
        *_sources(report),
        *_records(report),
    ]
    return tuple(found)


def _named(rows: Sequence[BalanceRow], field: str) -> list[str]:
    """Schools with their reasons: those with the widest gap first, then how many more there are."""
    chosen = sorted(
        (row for row in rows if getattr(row, field)), key=lambda row: (-(row.mean_gap or 0), row.school)
    )
    sentences = [f"{row.school}: {getattr(row, field)}." for row in chosen[:_MOST_NAMED]]
    if len(chosen) > _MOST_NAMED:
        sentences.append(
            say(
                "{n_more_schools} in the table of schools below.",
                n_more_schools=counted(len(chosen) - _MOST_NAMED, "more school"),
            )
        )
    return sentences


def _stray_hours(report: BalanceReport) -> list[str]:
    stray = [row for row in report.shown if (row.other_school_share or 0) >= _OTHER_SCHOOL]
    share = report.value("hours_by_priority_level", "other_school") or 0.0
    if not stray and share < _OTHER_SCHOOL:
        return []
    named = [f"{row.school} ({percent(row.other_school_share)})" for row in stray[:_MOST_NAMED]]
    where = say(", most in {named}", named=listed(named)) if named else ""
    return [
        say(
            "{share} of hours served a priority that another school set{where}: is that meant, or"
            " a wrong entry?",
            share=percent(share),
            where=where,
        )
    ]


def _unserved(report: BalanceReport) -> list[str]:
    row = report.district("own_priorities_served")
    if row is None or row.numerator is None or row.denominator is None or row.status != "concern":
        return []
    n, served = int(row.denominator), int(row.numerator)
    schools = counted(n, "school")
    if served == 0:
        return [
            say(
                "{schools} set a priority of {words} own, but no hour is recorded as serving one:"
                " either the work is not done or the catalogue does not name it.",
                schools=schools,
                words=say("its") if n == 1 else say("their"),
            )
        ]
    return [
        say(
            "Of {schools} with a priority of their own, {served} had any hours that served it.",
            schools=schools,
            served=served,
        )
    ]


def _hours_and_need(report: BalanceReport) -> list[str]:
    row = report.district("hours_meet_need")
    if row is None or row.value is None or row.status == "strength":
        return []
    figures = say(
        "rank correlation {value}, 95% interval {interval}",
        value=decimal(row.value),
        interval=interval(row.ci_low, row.ci_high),
    )
    if row.status == "concern":
        return [say("Hours go where the need is lower: {figures}.", figures=figures)]
    return [say("It cannot be told that hours go where the need is: {figures}.", figures=figures)]


def _sources(report: BalanceReport) -> list[str]:
    return [
        source_difference_sentence(row)
        for row in source_differences(report)
        if row.value is not None and is_clear(row)
    ]


def source_differences(report: BalanceReport) -> list[IndicatorRow]:
    """Differences between sources of ratings in the report year."""
    return [
        row
        for row in report.indicators
        if row.indicator == "rating_source_difference" and row.school_year == report.report_year
    ]


def is_clear(row: IndicatorRow) -> bool:
    """Whether the interval leaves out zero; one that touches it does not."""
    return row.ci_low is not None and row.ci_high is not None and (row.ci_low > 0 or row.ci_high < 0)


def source_pair(category: str) -> tuple[str, str]:
    """Both sources of a difference as words: visit_less_plan is visits and plans."""
    first, second = category.split("_less_")
    return say(_SOURCE_NAMES.get(first, first)), say(_SOURCE_NAMES.get(second, second))


def source_difference_sentence(row: IndicatorRow) -> str:
    """What the difference of two sources of ratings says."""
    first, second = source_pair(row.category)
    if row.value is None:
        return say("{first} and {second}: {note}.", first=first, second=second, note=row.note)
    figures = say(
        "{points} points, 95% interval {interval}",
        points=points(row.value),
        interval=interval(row.ci_low, row.ci_high),
    )
    if not is_clear(row):
        return say(
            "Ratings from {first} and from {second} cannot be told apart ({figures}).",
            first=first,
            second=second,
            figures=figures,
        )
    more = say("more") if row.value > 0 else say("less")
    return say(
        "Ratings from {first} show {more} unmet need than those from {second} for the same"
        " priorities ({figures}); it may be the schools that were rated, not the source.",
        first=first,
        more=more,
        second=second,
        figures=figures,
    )


def _records(report: BalanceReport) -> list[str]:
    found = []
    unknown = report.value("hours_without_initiator") or 0.0
    if unknown >= _NOT_RECORDED:
        found.append(
            say(
                "For {unknown} of hours nobody recorded who initiated them: shares by initiator"
                " are of all hours and may be off by as much.",
                unknown=percent(unknown),
            )
        )
    for category, words in (
        (
            "disagreement",
            say("two sources rate the same school, priority and year differently; the first file counts"),
        ),
        (
            "conflicting_key",
            say("rate the same school, priority and year twice with different values; none counts"),
        ),
    ):
        n = int(report.value("rating_conflicts", category) or 0)
        if n:
            found.append(say("{n_records} of ratings: {words}.", n_records=counted(n, "record"), words=words))
    coherence = report.district("coherence_reported")
    if coherence is not None and coherence.status == "concern":
        found.append(
            say(
                "Staff do not see their PD as coherent: {value} of 1, 95% interval {interval}.",
                value=decimal(coherence.value),
                interval=interval(coherence.ci_low, coherence.ci_high),
            )
        )
    return found


def initiator_title(report: BalanceReport) -> str:
    """Title of the picture of hours by initiator: the district's share now and the year before."""
    now = report.value("hours_by_initiator", "district")
    if now is None:
        return say("Who initiated PD hours is not on record")
    before = report.value("hours_by_initiator", "district", report.report_year - 1)
    title = say(
        "The district initiated {now} of PD hours in {report_year}",
        now=percent(now),
        report_year=school_year(report.report_year),
    )
    return (
        title
        if before is None
        else say("{title}, {before} the year before", title=title, before=percent(before))
    )


def quadrant_title(rows: Sequence[BalanceRow]) -> str:
    """Title of the picture of quadrants: who is aligned and differentiated, by name where few."""
    both = [row.school for row in rows if row.quadrant == _BOTH]
    if not both:
        return say("No school is clearly both aligned and differentiated")
    if len(both) <= 3:
        return say("Aligned and differentiated: {both}", both=listed(both))
    return say(
        "{n_both} of {n_schools} are clearly aligned and differentiated",
        n_both=count(len(both)),
        n_schools=counted(len(rows), "school"),
    )


def gap_title(rows: Sequence[BalanceRow]) -> str:
    """Title of the picture of need and fit: where need exceeds fit most."""
    rated = [row for row in rows if row.mean_gap is not None]
    if not rated:
        return say("No ratings of need and fit can be shown")
    widest = max(rated, key=lambda row: row.mean_gap or 0)
    if (widest.mean_gap or 0) <= 0:
        return say("In no school does rated need exceed rated fit")
    return say(
        "Need exceeds fit most in {school}: {points} points",
        school=widest.school,
        points=points(widest.mean_gap or 0),
    )


def coherence_title(rows: Sequence[BalanceRow]) -> str:
    """Title of the picture of coherence: the two ends, by name."""
    known = [row for row in rows if row.coherence is not None]
    if not known:
        return say("Coherence cannot be shown")
    low = min(known, key=lambda row: row.coherence or 0)
    high = max(known, key=lambda row: row.coherence or 0)
    if low is high or low.coherence == high.coherence:
        return say(
            "{coherence} of hours went to the two largest priorities", coherence=percent(low.coherence)
        )
    return say(
        "From {coherence} ({school}) to {coherence_2} ({school_2}) of hours went to the"
        " school's two largest priorities",
        coherence=percent(low.coherence),
        school=low.school,
        coherence_2=percent(high.coherence),
        school_2=high.school,
    )


def need_and_hours_sentence(rows: Sequence[RatingRow]) -> str:
    """How often high need met few hours; empty where hours by priority are not on record."""
    placed = [row for row in rows if row.need_and_hours]
    high = [row for row in placed if (row.need_and_hours or "").startswith("high need")]
    if not high:
        return ""
    few = sum(row.need_and_hours == "high need, few hours" for row in high)
    return say(
        "A need of 4 or more was rated in {n_cases} (a school and a priority); in {few} of"
        " them teachers spent less time on the priority than is usual at that level.",
        n_cases=counted(len(high), "case"),
        few=few,
    )
