"""The page of reach: whom PD reached, by kind, year and school."""

from __future__ import annotations

import duckdb

from transforms.reporting import school_tables, titles
from transforms.reporting.catalogue import noted, say
from transforms.reporting.charts import reach_picture
from transforms.reporting.numerals import counted, school_year
from transforms.reporting.picture import Picture
from transforms.reporting.reach_years_chart import reach_years_picture, reach_years_title
from transforms.reporting.rows import Report
from transforms.reporting.sections import Card, Section, SectionPage

_MEANING = noted(
    "Reached are teachers with attended hours in the year, all teachers of the year being"
    " counted; it says nothing about what they made of it."
)


def reach_page(_connection: duckdb.DuckDBPyConnection, report: Report) -> SectionPage:
    """Whom PD reached in the report year and the years before."""
    year = report.build.report_year
    has_rows = bool(report.district_reach)
    return SectionPage(
        title=say("Whom PD reached"),
        study_name=report.build.study_name,
        year=school_year(year),
        sentences=(
            f"{titles.district_reach_title(report.district_reach, year)}.",
            *((_schools_sentence(report), say(_MEANING)) if has_rows else ()),
        ),
        sections=(_kinds(report), _years(report), _schools(report), _more()) if has_rows else (),
        missing=() if has_rows else (say("No attended hours of PD are on record."),),
    )


def _schools_sentence(report: Report) -> str:
    year = report.build.report_year
    n_kinds = len({row.pd_type for row in report.district_reach if row.school_year == year})
    kinds = say(
        "{n_kinds} of professional development (PD) took place.",
        n_kinds=counted(n_kinds, "kind", "kinds"),
    )
    return f"{kinds} {titles.school_reach_title(report.reach)}."


def _kinds(report: Report) -> Section:
    year = report.build.report_year
    picture = Picture(
        "reach",
        titles.district_reach_title(report.district_reach, year),
        reach_picture(report.district_reach, year, "reach"),
        _caption(report, year),
    )
    table = school_tables.reach_of_year_table(report.district_reach, year)
    return Section("kinds", say("By kind of PD"), pictures=(picture,), tables=(table,))


def _caption(report: Report, year: int) -> str:
    has_before = any(row.school_year == year - 1 and row.share is not None for row in report.district_reach)
    tick = say(" The dark tick is the year before.") if has_before else ""
    return say(
        "Share of all teachers with attended hours in {year}.{tick} Figures: share, teachers,"
        " mean hours of a participant, other staff included. All teachers are counted, so"
        " there is no interval to draw.",
        year=school_year(year),
        tick=tick,
    )


def _years(report: Report) -> Section:
    picture = Picture(
        "reach-years",
        reach_years_title(report.district_reach),
        reach_years_picture(report.district_reach, "reach-years"),
        say(
            "A year in which too few teachers took part to show has no point; the line joins those beside it."
        ),
    )
    return Section(
        "years",
        say("Year by year"),
        paragraphs=() if picture.svg else (f"{picture.title}.",),
        pictures=(picture,) if picture.svg else (),
        tables=(school_tables.district_reach_table(report.district_reach),),
    )


def _schools(report: Report) -> Section:
    left_out = school_tables.left_out_of_heat(report.reach)
    return Section(
        "schools",
        titles.school_reach_title(report.reach),
        heat=school_tables.reach_heat(report.reach, report.build.report_year),
        note=say(
            "Darker means a larger share; the number says it too. “Too few” stands where a number"
            " could point to single persons. {left_out}",
            left_out=left_out,
        ).strip(),
    )


def _more() -> Section:
    return Section(
        "more",
        say("More of each kind and school"),
        cards=(
            Card(
                say("Every kind of PD"), (say("Who took part, and what went with it."),), href="pd/index.html"
            ),
            Card(
                say("Every school"),
                (say("Reach beside schools of the same level."),),
                href="schools/index.html",
            ),
        ),
    )
