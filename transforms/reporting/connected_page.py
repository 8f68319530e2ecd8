"""The page of connected professional learning and of schools' self-assessments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import duckdb

from transforms.improvement.connected_indicators import FEEDBACK_DAYS, SUSTAINED_DAYS, SUSTAINED_HOURS
from transforms.improvement.next_steps import RULES, STEPS_A_SCHOOL, StepRule
from transforms.improvement.observables import OBSERVABLES
from transforms.reporting import connected_words as words
from transforms.reporting.catalogue import noted, say
from transforms.reporting.connected_charts import one_off_picture, ratings_picture, timing_picture
from transforms.reporting.connected_rows import CheckRow, ConnectedReport, read_connected
from transforms.reporting.indicator_rows import IndicatorRow, missing_reasons
from transforms.reporting.numerals import (
    NO_NUMBER,
    count,
    counted,
    decimal,
    interval,
    listed,
    percent,
    school_year,
)
from transforms.reporting.picture import Picture
from transforms.reporting.rows import Build
from transforms.reporting.sections import Section, SectionPage
from transforms.reporting.tables import DataTable, make_table
from transforms.reporting.terms import plain
from transforms.selfassessment.instrument import BY_ID, LEVEL_NAMES, LEVELS

_SOURCES = (
    "Darling-Hammond, Hyler and Gardner (2017), Effective Teacher Professional Development, Learning Policy"
    " Institute: what effective professional development has in common.",
    "Every Student Succeeds Act, section 8101(42): sustained (not stand-alone, one-day or short-term"
    " workshops),"
    " intensive, collaborative, job-embedded, data-driven and classroom-focused.",
    "Yoon, Duncan, Lee, Scarloss and Shapley (2007), REL 2007-033: effects on achievement from 14 hours on.",
)
_INDICATORS = (
    "one_off_hours_share", "one_off_money_share", "connected_hours", "curriculum_linked_hours",
    "collaborative_planning_hours", "feedback_hours", "feedback_cycles", "teachers_with_feedback_cycle",
    "feedback_in_time", "feedback_never", "days_to_feedback", "sustained_days", "sustained_hours",
    "schools_self_assessed",
)  # fmt: skip
_OF_SCHOOLS = (
    "one_off_hours_share", "one_off_money_share", "curriculum_linked_hours", "collaborative_planning_hours",
    "feedback_hours", "feedback_cycles", "feedback_in_time",
)  # fmt: skip


def connected_page(connection: duckdb.DuckDBPyConnection, build: Build) -> SectionPage:
    """Values of connected.html."""
    report = read_connected(connection, build)
    sections = (_one_off(report), _feedback(report), _ratings(report), _checks(report), _steps(report))
    return SectionPage(
        title=say("Connected professional learning"),
        study_name=report.study_name,
        year=school_year(report.year),
        sentences=words.answer(report),
        sections=tuple(section for section in sections if section is not None),
        stands_out=words.standing_out(report),
        missing=(*missing_reasons(report.indicators), *words.missing(report)),
        sources=_SOURCES,
    )


def _one_off(report: ConnectedReport) -> Section | None:
    if not report.district("one_off_hours_share"):
        return None
    picture_id = "one-off-years"
    caption = say(
        "Bar: share of the year's PD hours in one-off events; diamond: share of the money,"
        " where cost is on record; the line stands at half. All hours were counted, so there"
        " is no margin of error."
    )
    picture = Picture(picture_id, _one_off_title(report), one_off_picture(report, picture_id), caption)
    return Section(
        "one-off",
        say("One-off events or connected learning"),
        paragraphs=(
            say(
                "Connected learning is part of the job and goes on: coaching, planning together,"
                " work on the curriculum being taught, feedback, mentoring. One-off events end"
                " when people leave the room. Which kinds count as which is set for the whole"
                " study. This says how time and money were spent, not what they did."
            ),
        ),
        pictures=(picture,),
        open_tables=(_district_table(report),),
        tables=(_year_table(report), _school_table(report)),
        note=(
            say(
                "A school's money is its part, by hours, of what each activity cost."
                " Participations that went on: at least {sustained_days} days from the first to"
                " the last attended day, or {sustained_hours} hours or more in the year.",
                sustained_days=SUSTAINED_DAYS,
                sustained_hours=SUSTAINED_HOURS,
            )
        ),
    )


def _one_off_title(report: ConnectedReport) -> str:
    rows = report.district("one_off_hours_share")
    last = rows[-1]
    if len(rows) == 1:
        return say("{value} of PD hours went into one-off events", value=percent(last.value))
    first = rows[0]
    return say(
        "One-off events took {value} of PD hours in {school_year} and {value_2} in {school_year_2}",
        value=percent(first.value),
        school_year=school_year(first.school_year),
        value_2=percent(last.value),
        school_year_2=school_year(last.school_year),
    )


def _year_table(report: ConnectedReport) -> DataTable:
    money = {row.school_year: row for row in report.district("one_off_money_share")}
    rows = []
    for row in report.district("one_off_hours_share"):
        paid = money.get(row.school_year)
        rows.append(
            (
                school_year(row.school_year),
                decimal(row.numerator, 0),
                decimal(row.denominator, 0),
                percent(row.value),
                say(NO_NUMBER) if paid is None else decimal(paid.numerator, 0),
                say(NO_NUMBER) if paid is None else decimal(paid.denominator, 0),
                say(NO_NUMBER) if paid is None else percent(paid.value),
            )
        )
    return make_table(
        say("One-off events by year"),
        "Year|One-off hours #|All PD hours #|Share #|One-off cost #|All cost #|Share of cost #",
        rows,
    )


def _district_table(report: ConnectedReport) -> DataTable:
    rows = []
    for indicator in _INDICATORS:
        row = report.now(indicator)
        if row is None:
            continue
        values = [school.value for school in report.schools(indicator) if school.value is not None]
        reach = (
            say(
                "{number} to {number_2}", number=_number(row, min(values)), number_2=_number(row, max(values))
            )
            if values
            else say(NO_NUMBER)
        )
        rows.append((row.label, _with_interval(row), _number(row, row.comparison_value), reach))
    return make_table(
        say("The district in {year}", year=school_year(report.year)),
        "What|District #|Year before #|Lowest to highest school #",
        rows,
    )


def _school_table(report: ConnectedReport) -> DataTable:
    by_school: dict[str, dict[str, IndicatorRow]] = defaultdict(dict)
    for indicator in _OF_SCHOOLS:
        for row in report.schools(indicator):
            by_school[str(row.school_id)][indicator] = row
    shown = [name for name in _OF_SCHOOLS if any(name in found for found in by_school.values())]
    labels = {row.indicator: row.label for row in report.indicators}
    rows = [
        (
            next(iter(found.values())).school_name or school,
            *(_number(found[name], found[name].value) if name in found else say(NO_NUMBER) for name in shown),
        )
        for school, found in by_school.items()
    ]
    rows.sort(key=lambda cells: cells[0])
    titles = "|".join((noted("School"), *(f"{labels[name]} #" for name in shown)))
    return make_table(say("Every school in {year}", year=school_year(report.year)), titles, rows)


def _number(row: IndicatorRow, value: float | None) -> str:
    if value is None:
        return say(NO_NUMBER)
    if row.unit == "share":
        return percent(value)
    return decimal(value, 0 if row.unit == "days" else 1)


def _with_interval(row: IndicatorRow) -> str:
    said = _number(row, row.value)
    if row.ci_low is None or row.ci_high is None:
        return said
    return say(
        "{said} ({ci_low} to {ci_high})", said=said, ci_low=percent(row.ci_low), ci_high=percent(row.ci_high)
    )


def _feedback(report: ConnectedReport) -> Section | None:
    rows = report.district("feedback_in_time")
    if not rows:
        return None
    picture_id = "feedback-timing"
    last = rows[-1]
    caption = say(
        "Dark, at the left: feedback within {feedback_days} days; light, in the middle:"
        " later; red, at the right: none on record. Observations made less than"
        " {feedback_days} days before the last day on record are left out. All were counted,"
        " so there is no margin of error.",
        feedback_days=FEEDBACK_DAYS,
    )
    title = say(
        "{value} of observations in {school_year} had feedback within {feedback_days} days",
        value=percent(last.value),
        school_year=school_year(last.school_year),
        feedback_days=FEEDBACK_DAYS,
    )
    return Section(
        "feedback",
        say("Feedback after observations"),
        paragraphs=(
            say(
                "A feedback cycle here is an observation with feedback within {feedback_days}"
                " days. Feedback that was given but not entered counts as none.",
                feedback_days=FEEDBACK_DAYS,
            ),
        ),
        pictures=(Picture(picture_id, title, timing_picture(report, picture_id), caption),),
        tables=(_feedback_table(report),),
    )


def _feedback_table(report: ConnectedReport) -> DataTable:
    names = ("feedback_cycles", "feedback_in_time", "feedback_never", "days_to_feedback")
    found = {
        (row.school_year, row.category, row.indicator): row
        for row in report.indicators
        if row.school_id is None and row.indicator in names
    }
    rows = []
    for year, category in sorted(
        {key[:2] for key in found}, key=lambda key: (-key[0], key[1] != "all", key[1])
    ):
        cells = [found.get((year, category, name)) for name in names]
        rows.append(
            (
                school_year(year),
                "all" if category == "all" else plain(category).lower(),
                *(say(NO_NUMBER) if cell is None else _number(cell, cell.value) for cell in cells),
                say(NO_NUMBER) if cells[1] is None else count(int(cells[1].denominator or 0)),
            )
        )
    return make_table(
        say("Feedback by year and purpose of the observation"),
        "Year|Purpose|Cycles per teacher #|In time #|None on record #|Median days #|Observations #",
        rows,
    )


def _ratings(report: ConnectedReport) -> Section | None:
    if not report.practices:
        return None
    n_schools = len({row.school_id for row in report.ratings})
    best = max(report.practices, key=lambda row: row.n_high / row.n_schools)
    least = min(report.practices, key=lambda row: row.n_high / row.n_schools)
    title = (
        say(
            "{practice}: {n_high} of {n_schools} at 3 or 4",
            practice=least.practice,
            n_high=least.n_high,
            n_schools=counted(least.n_schools, "school"),
        )
        if best.practice == least.practice
        else say(
            "{practice} is rated 3 or 4 most often, {practice_2} least often",
            practice=best.practice,
            practice_2=least.practice.lower(),
        )
    )
    picture_id = "self-assessment"
    caption = say(
        "Each bar counts schools by their own rating: {level_key}. From left to right levels"
        " 1 to 4; 1 and 2 stand left of the line. Numbers too large for their part of the bar"
        " are in the table.",
        level_key=", ".join(
            f"{level} {say(name).lower()}" for level, name in zip(LEVELS, LEVEL_NAMES, strict=True)
        ),
    )
    return Section(
        "self-assessment",
        say("What schools say of themselves"),
        paragraphs=(
            say(
                "{n_schools} rated their practices on four levels, each described in words. A"
                " rating is a school's own view; schools that judge themselves strictly look"
                " worse than others.",
                n_schools=counted(n_schools, "school"),
            ),
        ),
        pictures=(Picture(picture_id, title, ratings_picture(report.practices, picture_id), caption),),
        tables=(_practice_table(report), _rating_table(report)),
    )


def _practice_table(report: ConnectedReport) -> DataTable:
    return make_table(
        say("Schools by level"),
        "Practice|1 #|2 #|3 #|4 #|Schools #|Median #",
        [
            (row.practice, *map(count, row.levels), count(row.n_schools), decimal(row.median_rating, 1))
            for row in report.practices
        ],
    )


def _rating_table(report: ConnectedReport) -> DataTable:
    return make_table(
        say("Each school beside its peers and the year before"),
        "School|Practice|Rating #|Median of peers (95% interval) #|Peers #|Year before #",
        [
            (
                row.school_name,
                row.practice,
                decimal(row.rating, 0 if row.rating == int(row.rating) else 1),
                _peers(row.peer_median, row.peer_ci_low, row.peer_ci_high),
                count(row.n_peers),
                decimal(row.rating_before, 0),
            )
            for row in sorted(report.ratings, key=lambda row: (row.school_name, row.school_id, row.practice))
        ],
    )


def _peers(median: float | None, low: float | None, high: float | None) -> str:
    if median is None:
        return say(NO_NUMBER)
    return f"{decimal(median, 1)} ({interval(low, high, 1)})" if low is not None else decimal(median, 1)


def _checks(report: ConnectedReport) -> Section | None:
    if not report.checks:
        return None
    above, below = words.contradictions(report), words.understatements(report)
    compared = [row for row in report.checks if row.value is not None]
    paragraphs = [
        say(
            "{n_ratings} can be held against what is on record. Of these, {are} 3 or 4 where"
            " little is on record, and {are_2} 1 or 2 where much is. Neither says who is wrong:"
            " hours may go unrecorded, and a practice is more than its hours.",
            n_ratings=counted(len(compared), "rating"),
            are=_are(len(above)),
            are_2=_are(len(below)),
        ),
        *words.widespread(report),
    ]
    shown = above[: words.NAMED_CONTRADICTIONS]
    if len(above) > len(shown):
        paragraphs.append(
            say(
                "The {n_shown} furthest apart of {n_above}; the table below has all.",
                n_shown=len(shown),
                n_above=len(above),
            )
        )
    return Section(
        "ratings-and-records",
        say("Ratings that do not fit the records"),
        paragraphs=tuple(paragraphs),
        points=tuple(words.contradiction_point(row) for row in shown),
        tables=(
            _check_table(say("Rated 3 or 4, little on record"), above),
            _check_table(say("Rated 1 or 2, much on record"), below),
            _observable_table(),
        ),
    )


def _are(n: int) -> str:
    return f"{count(n)} {(say('is') if n == 1 else say('are'))}"


def _check_table(caption: str, rows: Sequence[CheckRow]) -> DataTable:
    return make_table(
        caption,
        "School|Practice|Rating #|On record|Why",
        [(row.school_name, row.practice, f"{row.rating:g}", row.label, row.note) for row in rows],
    )


def _observable_table() -> DataTable:
    return make_table(
        say("What each practice is held against"),
        "Practice|On record|Little for a 3 below #|Because",
        [
            (
                BY_ID[row.practice].title,
                row.unit,
                row.number(row.floor),
                say("{why}; little is also the bottom quarter of schools of the level", why=row.why),
            )
            for row in OBSERVABLES
        ],
    )


def _steps(report: ConnectedReport) -> Section | None:
    if not report.steps:
        return None
    by_rule: dict[str, list[str]] = defaultdict(list)
    for row in report.steps:
        by_rule[row.rule].append(row.school_name)
    steps = {rule.name: rule for rule in RULES}
    ordered = sorted(by_rule, key=lambda name: (steps[name].priority, -len(by_rule[name]), name))
    return Section(
        "next-steps",
        say("Next steps"),
        paragraphs=(
            say(
                "Chosen by the rules below, {steps_a_school} a school at most, the most pressing"
                " first. They are where to begin a conversation, not findings about causes.",
                steps_a_school=STEPS_A_SCHOOL,
            ),
        ),
        open_tables=(
            make_table(
                say("What most schools have next"),
                "Step|Where it applies|Schools #|Which",
                [_step_cells(steps[name], by_rule[name]) for name in ordered],
                is_prose=True,
            ),
        ),
        tables=(
            make_table(
                say("Every school's next steps"),
                "School|#|Practice|Step|Why",
                [
                    (
                        row.school_name,
                        str(row.priority),
                        row.practice or say("all of it"),
                        row.step,
                        row.reason,
                    )
                    for row in report.steps
                ],
            ),
            make_table(
                say("The rules, in the order in which they are tried"),
                "Rule|Priority #|Where it applies|Step",
                [
                    (plain(rule.name), str(rule.priority), rule.condition, rule.step)
                    for rule in sorted(RULES, key=lambda rule: rule.priority)
                ],
            ),
        ),
    )


def _step_cells(rule: StepRule, schools: Sequence[str]) -> tuple[str, ...]:
    return rule.step, rule.condition, count(len(schools)), _names(schools)


def _names(names: Sequence[str]) -> str:
    shown = sorted(names)
    if len(shown) <= words.NAMED_SCHOOLS:
        return listed(shown)
    rest = counted(len(shown) - words.NAMED_SCHOOLS, "other school")
    return listed([*shown[: words.NAMED_SCHOOLS], rest])
