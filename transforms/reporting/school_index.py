"""The list of all schools: by level and name, with reach, growth and where their hours stand; not ranked."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.reporting import terms
from transforms.reporting.numerals import NO_NUMBER, capitalised, counted, decimal, percent, school_year
from transforms.reporting.paths import school_path
from transforms.reporting.school_page_rows import Schools
from transforms.reporting.school_page_words import growth_figures, growth_of_year
from transforms.reporting.school_peers import level_schools, levels_in_order
from transforms.reporting.school_tables import TOO_FEW, left_out_of_heat, reach_heat
from transforms.reporting.school_view import SchoolView
from transforms.reporting.sections import Section, SectionPage
from transforms.reporting.tables import DataTable, make_table

INDEX = "schools/index.html"


def school_index(schools: Schools, views: Sequence[SchoolView]) -> SectionPage:
    """The page that leads to the page of every school."""
    report = schools.report
    subjects = sorted(
        {row.academic_subject for view in views for row in growth_of_year(view.growth, view.year)}
    )
    levels = levels_in_order([view.level for view in views])
    return SectionPage(
        title="All schools",
        study_name=report.build.study_name,
        year=school_year(schools.year),
        sentences=(
            f"{counted(len(views), 'school')}, each with a page of its own.",
            "Schools stand by level in the order of their names; the report does not rank them, and in"
            " small schools numbers move by chance from year to year.",
        ),
        sections=(
            *(
                _level(level, [view for view in views if view.level == level], subjects, place)
                for place, level in enumerate(levels)
            ),
            Section(
                "reach",
                "Whom each kind of PD reached, by school",
                heat=reach_heat(report.reach, schools.year),
                note=left_out_of_heat(report.reach),
            ),
        ),
    )


def _level(level: str | None, views: Sequence[SchoolView], subjects: Sequence[str], place: int) -> Section:
    is_first = place == 0
    return Section(
        f"level-{place}",
        capitalised(level_schools(level)),
        open_tables=(_table(level, views, subjects),),
        note=(
            "Growth: median growth percentile of the school's students with its 95% interval; 50 is what"
            " is expected from their earlier scores, and an interval that holds 50 cannot be told apart"
            " from it. Hours stand beside a line for hours on the district's priorities and one for hours"
            " chosen locally; neither side of a line is better by itself."
        )
        if is_first
        else "",
    )


def _table(level: str | None, views: Sequence[SchoolView], subjects: Sequence[str]) -> DataTable:
    growth = "".join(f"|Growth in {terms.subject_in_sentence(subject)} #" for subject in subjects)
    table = make_table(
        f"{capitalised(level_schools(level))} in the order of their names",
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
    hidden = NO_NUMBER if view.balance is None else TOO_FEW
    return (
        view.name.school_name,
        hidden if hours is None else decimal(hours, 1),
        _most(view),
        *(_growth(view, subject) for subject in subjects),
        hidden if view.balance is None or view.balance.is_suppressed else view.balance.quadrant,
    )


def _most(view: SchoolView) -> str:
    shown = [row for row in view.reach if row.share_of_teachers]
    if not shown:
        return TOO_FEW if view.reach else NO_NUMBER
    most = max(shown, key=lambda row: (row.share_of_teachers or 0.0, row.pd_type))
    return f"{terms.pd_type_name(most.pd_type)}, {percent(most.share_of_teachers)}"


def _growth(view: SchoolView, subject: str) -> str:
    rows = [row for row in view.growth if row.academic_subject == subject and row.school_year == view.year]
    if not rows:
        return NO_NUMBER
    return TOO_FEW if rows[0].median_sgp is None else growth_figures(rows[0])
