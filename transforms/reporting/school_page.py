"""The page of each school, and the list of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import duckdb

from transforms.reporting import school_page_tables as tables
from transforms.reporting import school_page_words as words
from transforms.reporting.cost_words import money
from transforms.reporting.numerals import NO_NUMBER, counted, decimal, percent, school_year
from transforms.reporting.paths import school_path
from transforms.reporting.picture import Picture
from transforms.reporting.rows import Report
from transforms.reporting.school_page_charts import drivers_strip, growth_years, reach_strip
from transforms.reporting.school_page_rows import SchoolName, Schools, read_schools
from transforms.reporting.school_tables import TOO_FEW, reach_heat
from transforms.reporting.sections import Card, Section, SectionPage
from transforms.reporting.tables import DataTable, make_table

INDEX = "schools/index.html"
_CAUTION = (
    "This page describes a school; it does not rank it, and it says nothing about why numbers are as they"
    " are. In a small school they move by chance from year to year."
)
_OTHER_LEVELS = "Level not on record"


def school_pages(
    connection: duckdb.DuckDBPyConnection, report: Report, school_ids: Collection[str] | None = None
) -> dict[str, SectionPage]:
    """The list of schools and the page of each by path; with ``school_ids`` the pages of these alone.

    KeyError with the id where the build has no such school.
    """
    schools = read_schools(connection, report)
    if school_ids is None:
        pages = {school_path(name.school_id): school_page(schools, name) for name in schools.names}
        return {INDEX: _index(schools), **pages}
    by_id = {name.school_id: name for name in schools.names}
    return {school_path(school): school_page(schools, by_id[school]) for school in school_ids}


def school_page(schools: Schools, name: SchoolName) -> SectionPage:
    """The page of one school."""
    report = schools.report
    year = report.build.report_year
    school = name.school_id
    return SectionPage(
        title=name.school_name,
        study_name=report.build.study_name,
        year=school_year(year),
        sentences=(
            words.hours_sentence(schools.balance.of(school), schools.reach.of(school), year),
            words.growth_sentence(schools.growth.of(school), year),
            _CAUTION,
        ),
        stands_out=_stands_out(schools, school),
        sections=tuple(_sections(schools, name)),
        missing=_missing(schools, school),
    )


def _sections(schools: Schools, name: SchoolName) -> Iterator[Section]:
    school, year = name.school_id, schools.report.build.report_year
    reach, growth = schools.reach.of(school), schools.growth.of(school)
    if reach:
        yield Section(
            "pd",
            "Professional development here",
            pictures=(
                Picture(
                    "school-reach",
                    words.reach_title(reach),
                    reach_strip(reach, "school-reach"),
                    "● this school; the dark tick is the middle of schools of the same level. Shares of one"
                    " to four teachers are not shown.",
                ),
            ),
            tables=(tables.reach_table(reach),),
        )
    if growth:
        yield Section(
            "growth",
            "How its students grew",
            paragraphs=(
                "A growth percentile compares a student with all students who had the same scores before; 50"
                " is the middle. The median of the school is its student in the middle.",
            ),
            pictures=(
                Picture(
                    "school-growth",
                    words.growth_title(growth, year),
                    growth_years(growth, "school-growth"),
                    "● median growth percentile with its 95% interval. Where it holds 50, growth cannot be"
                    " told apart from that of all students.",
                ),
            ),
            tables=(tables.growth_years_table(growth),),
        )
    yield from _fit(schools, school)
    yield from _voice(schools, school)
    yield from _practice(schools, school)
    yield from _numbers(schools, school)


def _fit(schools: Schools, school: str) -> Iterator[Section]:
    balance, needs = schools.balance.of(school), schools.needs.of(school)
    if balance or needs:
        yield Section(
            "fit",
            "What the hours were for",
            paragraphs=(words.balance_sentence(balance),),
            open_tables=(tables.needs_table(needs),),
            note="Need and fit are ratings from visits, surveys or plans. Comparable schools are those of the"
            " same level.",
        )


def _voice(schools: Schools, school: str) -> Iterator[Section]:
    drivers, district = schools.drivers.of(school), schools.drivers.of(None)
    if drivers:
        yield Section(
            "voice",
            "What teachers say",
            pictures=(
                Picture(
                    "school-drivers",
                    words.drivers_title(drivers, district),
                    drivers_strip(drivers, district, "school-drivers"),
                    "● mean answer of this school's teachers with its 95% interval; the dark tick is the mean"
                    " of all teachers of the district.",
                ),
            ),
            tables=(tables.drivers_table(drivers, district),),
        )


def _practice(schools: Schools, school: str) -> Iterator[Section]:
    ratings, checks = schools.ratings.of(school), schools.checks.of(school)
    steps = schools.steps.of(school)
    if ratings or steps:
        yield Section(
            "practice",
            "Its own view, and next steps",
            points=tuple(f"{row.step} Why: {row.reason}." for row in steps),
            tables=(tables.ratings_table(ratings), tables.checks_table(checks)),
            note="Next steps are chosen by rules; the page on connected learning prints them.",
        )


def _numbers(schools: Schools, school: str) -> Iterator[Section]:
    indicators = schools.indicators.of(school)
    cost = schools.costs.get(school)
    facts = []
    if cost is not None and not cost.is_suppressed:
        facts = [
            ("Cost of its teachers' PD", money(cost.cost, cost.currency)),
            ("For each teacher", money(cost.cost_per_teacher, cost.currency)),
        ]
    if indicators or facts:
        yield Section(
            "numbers",
            "All numbers",
            facts=tuple(facts),
            tables=(tables.indicators_of_school_table(indicators),),
            note="Values of fewer than five people are hidden. “Strength” and “concern” follow rules that the"
            " data dictionary prints with each indicator.",
        )


def _stands_out(schools: Schools, school: str) -> tuple[str, ...]:
    """What the rules of the other pages name this school for."""
    return tuple(
        f"Worth a visit: {row.reasons}."
        for row in schools.balance.of(school)
        if row.is_worth_a_visit and row.reasons and not row.is_suppressed
    )


def _missing(schools: Schools, school: str) -> tuple[str, ...]:
    wanted = {
        "Professional development": schools.reach.of(school),
        "Student growth": schools.growth.of(school),
        "Need and fit": schools.needs.of(school),
        "Teachers' answers": schools.drivers.of(school),
        "Its own view of its practice": schools.ratings.of(school),
    }
    return tuple(
        f"{what}: nothing is on record, or there are too few people to show it."
        for what, rows in wanted.items()
        if not rows
    )


def _index(schools: Schools) -> SectionPage:
    report = schools.report
    year = report.build.report_year
    levels = dict.fromkeys(name.school_level for name in schools.names)
    sections = [
        Section(
            f"level-{position}",
            _OTHER_LEVELS if level is None else f"{level.replace('_', ' ').capitalize()} schools",
            cards=tuple(_card(schools, name) for name in schools.names if name.school_level == level),
        )
        for position, level in enumerate(levels)
    ]
    return SectionPage(
        title="Schools",
        study_name=report.build.study_name,
        year=school_year(year),
        sentences=(
            f"{counted(len(schools.names), 'school')}, each with a page of its own.",
            "Schools stand in the order of their names; the report does not rank them. Beside each: growth in"
            " the report year, with the median growth percentile of its students and its 95% interval; 50 is"
            " the middle of all students with the same earlier scores.",
        ),
        sections=(
            *sections,
            Section(
                "reach",
                "Whom PD reached, by school",
                heat=reach_heat(report.reach, year),
                open_tables=(_glance(schools),),
            ),
        ),
    )


def _card(schools: Schools, name: SchoolName) -> Card:
    year = schools.report.build.report_year
    growth = words.growth_at_a_glance(schools.growth.of(name.school_id), year)
    return Card(name.school_name, growth or ("Growth cannot be shown.",), href=school_path(name.school_id))


def _glance(schools: Schools) -> DataTable:
    return make_table(
        "Schools at a glance",
        "School|Level|Hours of PD per teacher #|Hours on the district's priorities #|Chosen locally #"
        "|Reads as",
        [_glance_cells(schools, name) for name in schools.names],
    )


def _glance_cells(schools: Schools, name: SchoolName) -> tuple[str, ...]:
    rows = schools.balance.of(name.school_id)
    balance = next((row for row in rows if not row.is_suppressed), None)
    level = (name.school_level or "").replace("_", " ")
    if balance is None:
        hidden = TOO_FEW if rows else NO_NUMBER
        return name.school_name, level, hidden, hidden, hidden, hidden
    return (
        name.school_name,
        level,
        decimal(balance.hours_per_teacher, 1),
        percent(balance.alignment),
        percent(balance.differentiation),
        balance.quadrant,
    )
