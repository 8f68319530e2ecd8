"""The page of the leadership pipeline."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from transforms.reporting import leadership_words as words
from transforms.reporting.catalogue import say
from transforms.reporting.indicator_rows import missing_reasons, read_indicators
from transforms.reporting.leadership_pathways import funnel_section, in_order, time_section
from transforms.reporting.leadership_people import (
    access_section,
    by_subject,
    change_section,
    retention_section,
    successor_section,
)
from transforms.reporting.leadership_rows import LeadershipReport, SuccessorRow, read_leadership
from transforms.reporting.numerals import school_year
from transforms.reporting.rows import Build
from transforms.reporting.sections import SectionPage

_SOURCES = (
    "Kaplan, E. L. and Meier, P. (1958). Nonparametric estimation from incomplete observations. Journal of"
    " the"
    " American Statistical Association 53(282).",
    "Cox, D. R. (1972). Regression models and life-tables. Journal of the Royal Statistical Society B 34(2).",
    "Callaway, B. and Sant'Anna, P. H. C. (2021). Difference-in-differences with multiple time periods."
    " Journal of"
    " Econometrics 225(2).",
    "Gates, S. M., Baird, M. D., Master, B. K. and Chavez-Herrerias, E. R. (2019). Principal pipelines: a"
    " feasible,"
    " affordable, and effective way for districts to improve schools. RAND.",
)


def leadership_page(connection: duckdb.DuckDBPyConnection, build: Build) -> SectionPage:
    """Values of the page."""
    year = build.report_year
    report = read_leadership(connection, year)
    indicators = [
        row for row in read_indicators(connection, "leadership_pipeline") if row.school_year <= year
    ]
    now = [row for row in report.successors if row.school_year == year]
    return SectionPage(
        title=say("Leadership pipeline"),
        study_name=build.study_name,
        year=school_year(year),
        sentences=page_sentences(report, now),
        stands_out=standing_out(report, now),
        sections=tuple(
            section
            for section in (
                funnel_section(in_order(report.steps)),
                time_section(report),
                retention_section(report, indicators),
                successor_section(now, indicators),
                access_section(report.access),
                change_section(report.changes),
            )
            if section is not None
        ),
        missing=missing_reasons(tuple(row for row in indicators if row.category == "all")),
        sources=_SOURCES,
    )


def page_sentences(report: LeadershipReport, now: Sequence[SuccessorRow]) -> tuple[str, ...]:
    """The answer of the page: where the pathway breaks, who stays, where nobody is ready."""
    roles = [row for row in report.horizons if row.process == "in_role_at_school"]
    first = words.funnel_sentence(in_order(report.steps))
    if not report.steps:
        first = say("There is no record of staff on a leadership pathway.")
    found = (first, words.retention_sentence(roles), words.successor_sentence(now))
    return tuple(sentence for sentence in found if sentence)


def standing_out(report: LeadershipReport, now: Sequence[SuccessorRow]) -> tuple[str, ...]:
    """Broken steps, schools without a successor, unequal access, clear changes in growth."""
    broken = [words.broken_sentence(row) for row in in_order(report.steps) if row.is_broken]
    access = [words.access_sentence(row, report.access) for row in words.unequal(report.access)]
    changes = [
        words.change_sentence(rows) for rows in by_subject(report.changes) if words.is_clear_change(rows)
    ]
    return tuple(text for text in (*broken, words.successors_stand_out(now), *access, *changes) if text)
