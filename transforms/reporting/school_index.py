"""The list of all schools: by level and name, with reach, growth and where their hours stand; not ranked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from transforms.reporting import terms
from transforms.reporting.catalogue import say
from transforms.reporting.numerals import NO_NUMBER, capitalised, counted, decimal, percent, school_year
from transforms.reporting.paths import school_path
from transforms.reporting.school_page_rows import SchoolReachRow, Schools
from transforms.reporting.school_page_words import (
    ABOUT,
    ABOVE,
    BELOW,
    growth_figures,
    growth_of_year,
    growth_verdict,
    stands,
)
from transforms.reporting.school_peers import level_schools, levels_in_order
from transforms.reporting.school_tables import TOO_FEW, HeatCell, HeatTable, heat_cell
from transforms.reporting.school_view import SchoolView
from transforms.reporting.sections import Section, SectionPage
from transforms.reporting.tables import DataTable, make_table

INDEX = "schools/index.html"


def school_index(schools: Schools, views: Sequence[SchoolView]) -> SectionPage:
    """The page that leads to the page of every school."""
    subjects = sorted(
        {row.academic_subject for view in views for row in growth_of_year(view.growth, view.year)},
        key=terms.subject_name,
    )
    levels = levels_in_order([view.level for view in views])
    return SectionPage(
        title=say("All schools"),
        study_name=schools.report.build.study_name,
        year=school_year(schools.year),
        sentences=(
            say("{n_schools}, each with a page of its own.", n_schools=counted(len(views), "school")),
            *(_growth_sentence(views, subject) for subject in subjects),
            say(
                "Schools stand by level in the order of their names; the report does not rank"
                " them, and in small schools numbers move by chance from year to year."
            ),
        ),
        sections=tuple(
            _level(level, [view for view in views if view.level == level], subjects, place)
            for place, level in enumerate(levels)
        ),
    )


def _growth_sentence(views: Sequence[SchoolView], subject: str) -> str:
    """How many schools grew above, about and below what is typical in one subject."""
    found = Counter(
        growth_verdict(row)
        for view in views
        for row in growth_of_year(view.growth, view.year)
        if row.academic_subject == subject
    )
    return say(
        "Growth in {subject_in_sentence} was {above} in {found}, {about} in {found_2} and"
        " {below} in {found_3} of {n_schools} that can be shown.",
        subject_in_sentence=terms.subject_in_sentence(subject),
        above=say(ABOVE),
        found=found[ABOVE],
        about=say(ABOUT),
        found_2=found[ABOUT],
        below=say(BELOW),
        found_3=found[BELOW],
        n_schools=counted(found.total(), "school"),
    )


def _level(level: str | None, views: Sequence[SchoolView], subjects: Sequence[str], place: int) -> Section:
    return Section(
        f"level-{place}",
        capitalised(level_schools(level)),
        open_tables=(_table(level, views, subjects),),
        heat=_heat(level, views),
        note=_key(views),
    )


def _key(views: Sequence[SchoolView]) -> str:
    quadrants = sorted(
        {
            view.balance.quadrant
            for view in views
            if view.balance is not None and stands(view.balance.quadrant)
        }
    )
    placed = "; ".join(f"“{quadrant}”: {stands(quadrant)}" for quadrant in quadrants)
    return say(
        "Growth: median growth percentile of the school's students with its 95% interval; 50"
        " is what is expected from their earlier scores, and an interval that holds 50 cannot"
        " be told apart from it."
    ) + (
        say(" Where hours stand: {placed}. Neither side of a line is better by itself.", placed=placed)
        if placed
        else ""
    )


def _heat(level: str | None, views: Sequence[SchoolView]) -> HeatTable | None:
    """Kinds of PD that can be shown in a school of the level, by name, and the share each reached."""
    cells = {(view.name.school_id, row.pd_type): row for view in views for row in view.reach}
    kinds = sorted(
        {pd_type for (_, pd_type), row in cells.items() if row.share},
        key=lambda pd_type: (terms.pd_type_name(pd_type), pd_type),
    )
    if not kinds:
        return None
    return HeatTable(
        say(
            "Share of teachers reached by each kind of PD, {level_schools}",
            level_schools=level_schools(level),
        ),
        tuple(terms.pd_type_name(pd_type) for pd_type in kinds),
        tuple(
            (
                view.name.school_name,
                tuple(_heat_cell(cells.get((view.name.school_id, pd_type))) for pd_type in kinds),
            )
            for view in views
            if view.reach
        ),
    )


def _heat_cell(row: SchoolReachRow | None) -> HeatCell:
    return HeatCell(say(NO_NUMBER), "few") if row is None else heat_cell(row.share)


def _table(level: str | None, views: Sequence[SchoolView], subjects: Sequence[str]) -> DataTable:
    growth = "".join(
        f"|{say('Growth in {subject}', subject=terms.subject_in_sentence(subject))} #" for subject in subjects
    )
    table = make_table(
        say("{level_schools} in the order of their names", level_schools=capitalised(level_schools(level))),
        f"School|Hours of PD a teacher #|Reached by most: kind of PD{growth}|Hours stand",
        [_cells(view, subjects) for view in views],
    )
    return DataTable(
        table.caption,
        table.columns,
        table.rows,
        links=tuple(school_path(view.name.school_id) for view in views),
    )


def _cells(view: SchoolView, subjects: Sequence[str]) -> tuple[str, ...]:
    hours = None if view.balance is None else view.balance.hours_per_teacher
    hidden = say(NO_NUMBER) if view.balance is None else say(TOO_FEW)
    return (
        view.name.school_name,
        hidden if hours is None else decimal(hours, 1),
        _most(view),
        *(_growth(view, subject) for subject in subjects),
        hidden if view.balance is None or view.balance.is_suppressed else view.balance.quadrant,
    )


def _most(view: SchoolView) -> str:
    shown = [row for row in view.reach if row.share]
    if not shown:
        return say(TOO_FEW) if view.reach else say(NO_NUMBER)
    most = max(shown, key=lambda row: (row.share or 0.0, row.pd_type))
    return f"{terms.pd_type_name(most.pd_type)}, {percent(most.share)}"


def _growth(view: SchoolView, subject: str) -> str:
    rows = [row for row in view.growth if row.academic_subject == subject and row.school_year == view.year]
    if not rows:
        return say(NO_NUMBER)
    return say(TOO_FEW) if rows[0].median_sgp is None else growth_figures(rows[0])
