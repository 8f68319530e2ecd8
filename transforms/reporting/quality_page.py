"""The page of data quality: what came in, what was turned away and why, what was left to analyse."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from transforms.reporting import tables, terms
from transforms.reporting.catalogue import say
from transforms.reporting.cautions import rows_quarantined, rows_read
from transforms.reporting.flow_chart import flow_picture, flow_title, rules_picture
from transforms.reporting.growth_cautions import cautions_table, growth_cautions
from transforms.reporting.numerals import count, counted, percent, school_year
from transforms.reporting.picture import Picture
from transforms.reporting.quality_rows import (
    FileRow,
    astray,
    by_rule,
    files_sentence,
    files_table,
    read_files,
    rules_table,
    rules_title,
)
from transforms.reporting.rows import Report, failed
from transforms.reporting.sections import Card, Section, SectionPage
from transforms.reporting.validation import checks_sentence, failed_checks_table


def quality_page(connection: duckdb.DuckDBPyConnection, report: Report) -> SectionPage:
    """What came in, and whether it can be relied on."""
    files = read_files(connection)
    sections = (
        _rules(report),
        _intake(report),
        _files(files),
        _sample(report),
        _growth(report),
        _checks(report),
    )
    return SectionPage(
        title=say("What came in"),
        study_name=report.build.study_name,
        year=school_year(report.build.report_year),
        sentences=(_intake_sentence(report), files_sentence(files), checks_sentence(report.validation)),
        stands_out=_stands_out(report, files),
        sections=tuple(section for section in sections if section is not None),
        missing=tuple(f"{terms.plain(row.topic)}: {row.reason}" for row in report.unavailable),
    )


def _intake_sentence(report: Report) -> str:
    read, away = rows_read(report), rows_quarantined(report)
    if not read:
        return say("No row was read.")
    if not away:
        return say("{n_rows} were read; none was turned away.", n_rows=counted(read, "row"))
    share = percent(away / read)
    return say(
        "{n_rows} were read; {away} ({share}) were turned away, each with a reason.",
        n_rows=counted(read, "row"),
        away=count(away),
        share=share,
    )


def _stands_out(report: Report, files: Sequence[FileRow]) -> tuple[str, ...]:
    """Rows that do not add up, and what holds neither among rules nor warnings."""
    lost = (files_sentence(files),) if astray(files) else ()
    not_held = [*failed(report.validation, "critical"), *failed(report.validation, "warning")]
    return (
        *lost,
        *(say("Does not hold: {rstrip}.", rstrip=result.meaning.rstrip(".")) for result in not_held[:3]),
    )


def _rules(report: Report) -> Section:
    rules = by_rule(report.rejected)
    if not rules:
        return Section("rules", say("What broke a rule"), paragraphs=(say("No row broke a rule."),))
    picture = Picture(
        "rules",
        rules_title(rules),
        rules_picture(rules, "rules"),
        say("A row that breaks a rule in two columns counts twice."),
    )
    return Section(
        "rules",
        say("What broke a rule"),
        pictures=(picture,),
        tables=(rules_table(rules), tables.rejected_table(report.rejected)),
        note=say(
            "A row turned away stands, with its reason, in the database table"
            " quarantine.rejected_row. Rows under the rule “disagreement” went in; one of two"
            " conflicting values was not used."
        ),
    )


def _intake(report: Report) -> Section:
    return Section(
        "intake",
        say("What came in and what became of it"),
        paragraphs=(say("Rows read = went in + repeated + left out by the study's rule + turned away."),),
        tables=(tables.intake_table(report.intake),),
    )


def _files(rows: Sequence[FileRow]) -> Section:
    return Section(
        "files",
        say("Every row of every file"),
        paragraphs=(files_sentence(rows),),
        tables=(files_table(rows),),
        note=say(
            "The database table meta.reconciliation has these numbers; meta.source_file has each"
            " file's SHA-256, by which it can be told whether another build read the same."
        ),
    )


def _sample(report: Report) -> Section | None:
    if not report.sample_flow:
        return None
    subjects = dict.fromkeys(row.academic_subject for row in report.sample_flow)
    pictures = []
    for index, subject in enumerate(subjects):
        rows = [row for row in report.sample_flow if row.academic_subject == subject]
        picture_id = f"sample-{index}"
        caption = say(
            "Students left after each step, from all with a score to those whom the models stand on."
        )
        pictures.append(Picture(picture_id, flow_title(rows), flow_picture(rows, picture_id), caption))
    return Section(
        "sample",
        say("From records to the students analysed"),
        paragraphs=(
            say(
                "A student's first score on a test shows no growth, and growth that no teacher on"
                " record taught can be compared with nobody's. Both are left out; those students"
                " may differ from the rest."
            ),
        ),
        pictures=tuple(pictures),
        tables=(tables.sample_table(report.sample_flow),),
        note=say("Once teachers are joined, a student has a row for each of them."),
    )


def _growth(report: Report) -> Section | None:
    """What limits growth percentiles in this study's data."""
    found = report.growth_percentiles.cautions
    if not found:
        return None
    return Section(
        "growth",
        say("What limits the growth percentiles"),
        cards=growth_cautions(found),
        tables=(cautions_table(found),),
    )


def _checks(report: Report) -> Section:
    not_passed = [*failed(report.validation, "critical"), *failed(report.validation, "warning")]
    return Section(
        "checks",
        say("Checks of the data"),
        facts=_severities(report),
        cards=(
            Card(
                say("Every check, table by table"),
                (checks_sentence(report.validation),),
                href="validation.html",
            ),
        ),
        tables=(failed_checks_table(not_passed),),
    )


def _severities(report: Report) -> tuple[tuple[str, str], ...]:
    """How many checks of each weight passed."""
    weights = dict.fromkeys(row.severity for row in report.validation)
    return tuple(
        (
            terms.plain(severity),
            say(
                "{n_of_weight} of {n_checks} passed",
                n_of_weight=count(len(of_weight) - len(failed(of_weight, severity))),
                n_checks=counted(len(of_weight), "check"),
            ),
        )
        for severity in weights
        if (of_weight := [row for row in report.validation if row.severity == severity])
    )
