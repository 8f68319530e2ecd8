"""The page of data quality: what came in, what was turned away and why, what was left to analyse."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from transforms.reporting import tables, terms
from transforms.reporting.cautions import rows_quarantined, rows_read
from transforms.reporting.fill import filled
from transforms.reporting.flow_chart import flow_picture, flow_title
from transforms.reporting.numerals import count, counted, percent, school_year
from transforms.reporting.picture import Picture
from transforms.reporting.rows import Report
from transforms.reporting.sections import Card, Section, SectionPage
from transforms.reporting.tables import DataTable, make_table
from transforms.reporting.validation import checks_sentence

_FILES = """
select entity, source_file, rows_read, rows_loaded, rows_duplicate, rows_skipped, rows_quarantined
from meta.reconciliation order by entity, source_file
"""


@dataclass(frozen=True)
class FileRow:
    """What became of the rows of one file; read = loaded + duplicate + skipped + quarantined."""

    entity: str
    source_file: str
    rows_read: int
    rows_loaded: int
    rows_duplicate: int
    rows_skipped: int
    rows_quarantined: int


def quality_page(connection: duckdb.DuckDBPyConnection, report: Report) -> SectionPage:
    """What came in, and whether it can be relied on."""
    return SectionPage(
        title="What came in",
        study_name=report.build.study_name,
        year=school_year(report.build.report_year),
        sentences=(_intake_sentence(report), checks_sentence(report.validation)),
        sections=(
            _intake(report),
            _files(filled(connection, FileRow, _FILES)),
            *_sample(report),
            _checks(report),
        ),
        missing=tuple(f"{terms.plain(row.topic)}: {row.reason}" for row in report.unavailable),
    )


def _intake_sentence(report: Report) -> str:
    read, away = rows_read(report), rows_quarantined(report)
    share = f" ({percent(away / read)})" if read else ""
    return f"{counted(read, 'row')} were read; {count(away)}{share} were turned away, each with a reason."


def _intake(report: Report) -> Section:
    return Section(
        "intake",
        "What came in and what was turned away",
        open_tables=(tables.intake_table(report.intake), tables.rejected_table(report.rejected)),
        note="A row that breaks a rule in two columns counts twice. A row turned away stands, with its"
        " reason, in"
        " the database table quarantine.rejected_row. Rows under the rule “disagreement” went in; one of two"
        " conflicting values was not used.",
    )


def _files(rows: tuple[FileRow, ...]) -> Section:
    return Section(
        "files",
        "Every row of every file is accounted for",
        paragraphs=("Rows read = rows loaded + duplicates + left out by the study's rule + turned away.",),
        tables=(_files_table(rows),),
    )


def _files_table(rows: tuple[FileRow, ...]) -> DataTable:
    return make_table(
        "Rows by file",
        "What|File|Read #|Loaded #|Duplicate #|Left out #|Turned away #",
        [
            (
                terms.plain(row.entity),
                row.source_file,
                *map(
                    count,
                    (
                        row.rows_read,
                        row.rows_loaded,
                        row.rows_duplicate,
                        row.rows_skipped,
                        row.rows_quarantined,
                    ),
                ),
            )
            for row in rows
        ],
    )


def _sample(report: Report) -> tuple[Section, ...]:
    if not report.sample_flow:
        return ()
    subjects = dict.fromkeys(row.academic_subject for row in report.sample_flow)
    pictures = []
    for index, subject in enumerate(subjects):
        rows = [row for row in report.sample_flow if row.academic_subject == subject]
        picture_id = f"sample-{index}"
        pictures.append(
            Picture(
                picture_id,
                flow_title(rows),
                flow_picture(rows, picture_id),
                "Students left after each step, from all with a score to those whom the models stand on.",
            )
        )
    return (
        Section(
            "sample",
            "From records to the students analysed",
            pictures=tuple(pictures),
            tables=(tables.sample_table(report.sample_flow),),
        ),
    )


def _checks(report: Report) -> Section:
    return Section(
        "checks",
        "Checks of the data",
        cards=(
            Card(
                "Every check, table by table", (checks_sentence(report.validation),), href="validation.html"
            ),
        ),
    )
