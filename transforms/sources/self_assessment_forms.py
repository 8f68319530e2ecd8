"""Filled self-assessment forms into the landing: a row for each practice."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import duckdb

from transforms.errors import InputError
from transforms.selfassessment.json_answers import json_answers
from transforms.selfassessment.returned import ReturnedForm
from transforms.selfassessment.workbook_answers import workbook_answers
from transforms.selfassessment.workbook_form import SHEET, STAMP_SHEET
from transforms.sources.tabular import SOURCE_LINE, Reading, RejectedLine, RowWriter
from transforms.sources.text_encoding import open_text
from transforms.sources.workbooks import sheet_texts

FORM_KINDS = ("xlsx", "json")
_HEADERS = ("school_id", "school_year", "practice", "rating", "respondent_role", "evidence")


def land_form(
    connection: duckdb.DuckDBPyConnection, table: str, path: Path, name: str, kind: str, encoding: str
) -> Reading:
    """Read one form into ``table``; ``source_line`` is the row of the sheet or the position in the list.

    A wrong cell makes its row a rejected line. InputError where the file is no form that can be read.
    """
    if kind == "xlsx":
        form = workbook_answers(sheet_texts(path, name, (STAMP_SHEET, SHEET)), name)
    elif kind == "json":
        with open_text(path, encoding) as file:
            form = json_answers(file.read(), name)
    else:
        raise InputError(name, f"is no form; forms are {' or '.join(FORM_KINDS)} files")
    return Reading(_HEADERS, _write(connection, table, form), SOURCE_LINE, encoding)


def _write(connection: duckdb.DuckDBPyConnection, table: str, form: ReturnedForm) -> int:
    writer = RowWriter(connection, table, len(_HEADERS))
    for answer in form.answers:
        cells = (
            form.school_id,
            form.school_year,
            answer.practice,
            answer.rating,
            form.respondent_role,
            answer.evidence,
        )
        writer.add(answer.place, cells, sum(map(len, cells)))
    for row in form.wrong:
        record = json.dumps(asdict(row.written), ensure_ascii=False)
        writer.reject(RejectedLine(row.place, row.rule, row.reason, record))
    return writer.finish()
