"""The page of surveys: who answered, what they said, how far it can be trusted, what changed."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from transforms.improvement.indicators import missing_sources
from transforms.reporting import survey_change_words as change_words
from transforms.reporting import survey_item_words as item_words
from transforms.reporting import survey_words as words
from transforms.reporting.catalogue import noted, say
from transforms.reporting.numerals import school_year
from transforms.reporting.rows import Build
from transforms.reporting.sections import SectionPage
from transforms.reporting.survey_rows import ScaleRow, SurveyReport, read_surveys
from transforms.reporting.survey_sections import by_questionnaire, survey_sections

TITLE = noted("Teachers’ voice")
SURVEY_SOURCES = ("survey", "survey_item", "survey_response", "survey_answer")
SOURCES = (
    "Cronbach (1951), Coefficient alpha and the internal structure of tests, Psychometrika 16.",
    "Feldt (1965), The approximate sampling distribution of Kuder-Richardson reliability coefficient twenty,"
    " Psychometrika 30: interval of alpha.",
    "McDonald (1999), Test theory: a unified treatment: omega, by maximum likelihood (Jöreskog 1967).",
    "Eisinga, te Grotenhuis and Pelzer (2013), The reliability of a two-item scale, International Journal of"
    " Public Health 58.",
    "James, Demaree and Wolf (1984), Estimating within-group interrater reliability, Journal of Applied"
    " Psychology 69: r_wg. Bliese (2000): ICC(1), ICC(2).",
    "Little (1986), Survey nonresponse adjustments for estimates of means, International Statistical Review"
    " 54.",
)


def surveys_page(connection: duckdb.DuckDBPyConnection, build: Build) -> SectionPage:
    """Values for sections.html.j2."""
    report = read_surveys(connection, build.report_year)
    missing = missing_sources(connection, SURVEY_SOURCES)
    year = report.year or build.report_year
    scales = [row for row in report.questionnaire_scales if row.school_year == year]
    return SectionPage(
        title=say(TITLE),
        study_name=build.study_name,
        year=school_year(year),
        sentences=_sentences(report, scales, build.report_year, missing),
        sections=survey_sections(report, scales) if report.year else (),
        stands_out=_stands_out(report, scales),
        missing=(say("Surveys: {missing}.", missing=missing),) if missing else (),
        sources=SOURCES if report.year else (),
    )


def _sentences(
    report: SurveyReport, scales: Sequence[ScaleRow], report_year: int, missing: str
) -> tuple[str, ...]:
    if report.year is None:
        return (
            missing.capitalize() + "."
            if missing
            else say("No survey went out up to the year of this report."),
        )
    late = [
        say(
            "No survey went out in {report_year}; shown is the last year with one.",
            report_year=school_year(report_year),
        )
    ]
    extremes = [words.extremes_sentence(rows) for rows in by_questionnaire(scales)]
    return (
        words.overall_sentence(report),
        *(late if report.year != report_year else []),
        *filter(None, extremes),
    )


def _stands_out(report: SurveyReport, scales: Sequence[ScaleRow]) -> tuple[str, ...]:
    flagged = item_words.flagged_items(report)
    blamed = {(row.questionnaire_id, row.construct) for row in flagged}
    unreported = [
        item_words.unreported_sentence(row)
        for row in scales
        if not row.is_reported and (row.questionnaire_id, row.construct) not in blamed
    ]
    clear = [
        change_words.change_sentence(row)
        for row in report.changes
        if row.later_year == report.year and row.direction in ("rose", "fell")
    ]
    return (
        *map(item_words.item_sentence, flagged),
        *unreported,
        *words.low_response_sentences(report),
        *clear,
    )
