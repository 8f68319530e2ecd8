"""Workbooks: the text that a CSV export of the sheet would have, and the rows that Excel numbers."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from transforms.errors import InputError


def _workbook(path: Path, **sheets: list[list[object]]) -> None:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    workbook.save(path)


def test_cells_are_text_as_a_reader_sees_them(desk) -> None:
    when = dt.datetime(2025, 4, 5, 8, 30)
    rows = [
        ["id", "score", "date", "time", "flag"],
        [123, 12.5, dt.date(2025, 4, 5), when, True],
        ["007", 2e3],
    ]
    _workbook(desk.folder / "a.xlsx", scores=rows)
    landed = desk.land("a.xlsx")
    assert (landed.headers, landed.encoding, landed.delimiter) == (tuple(rows[0]), "", "")
    assert desk.rows(landed) == [
        (2, "123", "12.5", "2025-04-05", "2025-04-05 08:30:00", "TRUE"),
        (3, "007", "2000", None, None, None),
    ]


def test_the_header_is_the_first_row_that_is_not_empty_and_lines_are_excels_rows(desk) -> None:
    _workbook(desk.folder / "a.xlsx", scores=[[], [None, "id", "score"], [], [None, "S1", 5]])
    landed = desk.land("a.xlsx")
    assert landed.headers == ("column_1", "id", "score")
    assert desk.rows(landed) == [(4, None, "S1", "5")]


def test_the_first_sheet_is_read_or_the_named_one(desk) -> None:
    _workbook(desk.folder / "a.xlsx", fall=[["id"], ["S1"]], spring=[["id"], ["S2"]])
    assert desk.rows(desk.land("a.xlsx")) == [(2, "S1")]
    assert desk.rows(desk.land("a.xlsx", sheet="spring")) == [(2, "S2")]
    with pytest.raises(InputError, match="has no sheet 'winter'; its sheets are: fall, spring"):
        desk.land("a.xlsx", sheet="winter")


def test_an_empty_sheet_is_said(desk) -> None:
    _workbook(desk.folder / "a.xlsx", scores=[[]])
    with pytest.raises(InputError, match="the sheet is empty"):
        desk.land("a.xlsx")
