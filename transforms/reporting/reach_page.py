"""The page of reach: whom PD reached, by kind, year and school."""

from __future__ import annotations

import duckdb

from transforms.reporting import school_tables, titles
from transforms.reporting.charts import reach_picture
from transforms.reporting.numerals import school_year
from transforms.reporting.picture import Picture
from transforms.reporting.rows import Report
from transforms.reporting.sections import Section, SectionPage


def reach_page(_connection: duckdb.DuckDBPyConnection, report: Report) -> SectionPage:
    """Whom PD reached in the report year."""
    year = report.build.report_year
    has_rows = bool(report.district_reach)
    return SectionPage(
        title="Whom PD reached",
        study_name=report.build.study_name,
        year=school_year(year),
        sentences=(f"{titles.district_reach_title(report.district_reach, year)}.",),
        sections=(_kinds(report), _schools(report)) if has_rows else (),
        missing=() if has_rows else ("No attended hours of PD are on record.",),
    )


def _kinds(report: Report) -> Section:
    year = report.build.report_year
    picture = Picture(
        "reach",
        titles.district_reach_title(report.district_reach, year),
        reach_picture(report.district_reach, year, "reach"),
        _caption(report, year),
    )
    table = school_tables.district_reach_table(report.district_reach)
    return Section("kinds", "By kind of PD", pictures=(picture,), tables=(table,))


def _caption(report: Report, year: int) -> str:
    has_before = any(row.school_year == year - 1 and row.share is not None for row in report.district_reach)
    tick = " The dark tick is the year before." if has_before else ""
    figures = "Figures: share, teachers, mean hours of a participant."
    return f"Share of all teachers with attended hours in {school_year(year)}.{tick} {figures}"


def _schools(report: Report) -> Section:
    left_out = school_tables.left_out_of_heat(report.reach)
    return Section(
        "schools",
        titles.school_reach_title(report.reach),
        heat=school_tables.reach_heat(report.reach, report.build.report_year),
        note="Darker means a larger share; the number says it too. “Too few” stands where a number could"
        " point to"
        f" single persons. {left_out}".strip(),
    )
