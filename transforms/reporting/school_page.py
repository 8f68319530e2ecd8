"""The page of each school: described beside schools of its level, never ranked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import duckdb

from transforms.reporting import school_page_words as words
from transforms.reporting.catalogue import noted, say
from transforms.reporting.numerals import capitalised, listed, school_year
from transforms.reporting.paths import school_path
from transforms.reporting.picture import Drawing
from transforms.reporting.picture_forms import draw_sketches
from transforms.reporting.rows import Report
from transforms.reporting.school_index import INDEX, school_index
from transforms.reporting.school_page_charts import school_forms
from transforms.reporting.school_page_pictures import sketches_of
from transforms.reporting.school_page_rows import Schools, read_schools
from transforms.reporting.school_page_sections import sections_of
from transforms.reporting.school_peers import level_schools
from transforms.reporting.school_view import SchoolView, compare_schools, view_school
from transforms.reporting.sections import SectionPage

_CAUTION = noted(
    "This page describes a school. It does not rank it, and it says nothing about why numbers"
    " are as they are; in a small school they move by chance from year to year."
)


def school_pages(
    connection: duckdb.DuckDBPyConnection, report: Report, school_ids: Collection[str] | None = None
) -> dict[str, SectionPage]:
    """The list of schools and the page of each by path; with ``school_ids`` the pages of these alone.

    KeyError with the id where the build has no such school.
    """
    return pages_from(read_schools(connection, report), school_ids)


def pages_from(schools: Schools, school_ids: Collection[str] | None = None) -> dict[str, SectionPage]:
    """The pages from rows that are read, as ``school_pages`` gives them."""
    by_id = {name.school_id: name for name in schools.names}
    comparisons = compare_schools(schools)
    views = [
        view_school(schools, comparisons, by_id[school])
        for school in (by_id if school_ids is None else school_ids)
    ]
    pages = {
        school_path(view.name.school_id): _page(schools, view, drawings)
        for view, drawings in zip(views, _drawn(schools, views), strict=True)
    }
    return pages if school_ids is not None else {INDEX: school_index(schools, views), **pages}


def _drawn(schools: Schools, views: list[SchoolView]) -> Iterator[Mapping[str, Drawing]]:
    """The pictures of each school by their id, drawn all at once."""
    forms = school_forms(
        [
            number
            for row in schools.growth.all()
            for number in (row.median_sgp, row.median_sgp_ci_low, row.median_sgp_ci_high)
            if number is not None
        ]
    )
    sketches = [sketches_of(view, forms) for view in views]
    drawings = iter(draw_sketches([sketch for of_school in sketches for sketch in of_school]))
    for of_school in sketches:
        yield {sketch.picture_id: next(drawings) for sketch in of_school}


def _page(schools: Schools, view: SchoolView, drawings: Mapping[str, Drawing]) -> SectionPage:
    year = view.year
    return SectionPage(
        title=view.name.school_name,
        study_name=schools.report.build.study_name,
        year=school_year(year),
        sentences=(
            words.hours_sentence(view.balance, view.reach, view.hours_peers, view.level, year),
            words.growth_sentence(view.growth, year),
            words.fit_sentence(view.needs),
            say(_CAUTION),
        ),
        stands_out=tuple(_stands_out(schools, view)),
        sections=sections_of(view, drawings, schools.rules, schools.growth_test),
        missing=tuple(_missing(schools, view)),
    )


def _stands_out(schools: Schools, view: SchoolView) -> Iterator[str]:
    """What the rules of the other pages name this school for, and where teachers answer apart."""
    balance = view.balance
    if balance is not None and balance.look_at_first_reasons:
        yield f"{capitalised(words.without_places(balance.look_at_first_reasons))}."
    if balance is not None and balance.is_worth_a_visit and balance.reasons:
        yield say(
            "Worth a visit by others: {without_places}.", without_places=words.without_places(balance.reasons)
        )
    apart = words.drivers_apart(view.drivers, view.driver_peers)
    if apart:
        yield say(
            "Teachers' answers beside the median of {level_schools}: {apart}.",
            level_schools=level_schools(view.level),
            apart=listed(apart),
        )
    for row in view.checks:
        if row.verdict == "rated_above_records":
            yield f"{row.practice}: {words.without_places(row.note)}."
    yield from words.judged_indicators(view.indicators, view.year, schools.rules)
    if view.successor is not None and not view.successor.has_principal:
        yield say("No principal is on record for the year.")


def _missing(schools: Schools, view: SchoolView) -> Iterator[str]:
    """Why something cannot be shown: no source, nothing on record for the school, or too few people."""
    parts = (
        (
            say("Professional development"),
            "pd_participation",
            view.reach,
            any(not row.is_suppressed for row in view.reach),
        ),
        (
            say("Student growth"),
            "assessment_result",
            view.growth,
            bool(words.growth_of_year(view.growth, view.year)),
        ),
        (
            say("Need and fit of priorities"),
            "school_priority_rating",
            view.needs,
            any(not row.is_suppressed for row in view.needs),
        ),
        (
            say("Teachers' answers"),
            "survey",
            view.drivers,
            any(row.mean_score is not None for row in view.drivers),
        ),
        (say("Its own view of its practice"), "self_assessment", view.ratings, True),
        (say("Leadership bench"), "leadership_event", (view.successor,) if view.successor else (), True),
        (
            say("Cost"),
            "pd_cost",
            (view.cost,) if view.cost else (),
            view.cost is not None and not view.cost.is_suppressed,
        ),
    )
    for what, entity, rows, is_shown in parts:
        if not rows:
            none = say("nothing is on record for this school")
            if entity not in schools.entities:
                none = say("not available: no {entity} source", entity=entity)
            yield f"{what}: {none}."
        elif not is_shown:
            yield say("{what}: too few people to show it.", what=what)
    hidden = sorted(
        {row.label for row in view.indicators if row.is_suppressed and row.school_year == view.year}
    )
    if hidden:
        yield say(
            "Too few people to show: {value}.",
            value=listed([label[:1].lower() + label[1:] for label in hidden]),
        )
