"""Tables of a page as files: one comma-separated file a table, one workbook a page.

They hold what the page shows, cell by cell and rounded as there; a cell that is hidden on the page is
hidden in them. No text in them is read as a formula.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from transforms.reporting.catalogue import noted, say
from transforms.reporting.cell_numbers import PERCENT, cell_number, column_unit
from transforms.reporting.tables import DataTable
from transforms.spreadsheet_text import is_formula_like, printable, put_text, text_for_csv

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import WriteOnlyCell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

FIRST_SHEET = noted("About")
ENCODING = "utf-8-sig"  # without the mark Excel reads a file in the letters of the reader's country
_LONGEST_SHEET_NAME = 31
_NOT_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
_WIDEST, _NARROWEST = 60, 9
_READ_AS = noted(
    "The numbers are those of the page, rounded as there. A cell with words in place of a"
    " number says why none is shown."
)


def as_csv(table: DataTable) -> str:
    """The table with a line of titles; numbers plain ("1234", "-0.05"), a share as a number of 0 to 1.

    A column of shares or amounts has its unit in its title. Where a column mixes units, cells that have one
    stay as the page writes them.
    """
    units = [column_unit(table, column) for column in range(len(table.columns))]
    lines = io.StringIO()
    writer = csv.writer(lines, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(
        [
            text_for_csv(column.title + _unit_in_title(unit))
            for column, unit in zip(table.columns, units, strict=True)
        ]
    )
    for row in table.rows:
        writer.writerow(
            [
                _csv_cell(cell, unit, column.is_number)
                for cell, unit, column in zip(row, units, table.columns, strict=True)
            ]
        )
    return lines.getvalue()


def _unit_in_title(unit: str | None) -> str:
    return "" if not unit else say(" (share of 1)") if unit == PERCENT else f" ({unit})"


def _csv_cell(text: str, unit: str | None, is_number: bool) -> str:
    number = cell_number(text) if is_number else None
    if number is None or (number.unit and number.unit != unit):
        return text_for_csv(printable(text))
    return number.plain


def as_workbook(title: str, about: Sequence[str], tables: Sequence[DataTable]) -> bytes:
    """The .xlsx of a page: ``title`` and the lines ``about`` it on a first sheet, then a sheet a table."""
    import openpyxl

    workbook = openpyxl.Workbook(write_only=True)
    names = sheet_names(table.caption for table in tables)
    _first_sheet(workbook, title, about, list(zip(names, tables, strict=True)))
    for name, table in zip(names, tables, strict=True):
        _table_sheet(workbook, name, table)
    workbook.properties.title = printable(title)
    workbook.properties.creator = "pdeval"
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def sheet_names(captions: Iterable[str]) -> list[str]:
    """A name a caption: at most 31 signs, each once whatever the case, none that a formula begins with."""
    taken = {say(FIRST_SHEET).lower(), "history"}  # Excel keeps the second for itself
    names = []
    for caption in captions:
        allowed = " ".join(_NOT_IN_SHEET_NAME.sub(" ", printable(caption)).split())
        while is_formula_like(allowed):
            allowed = allowed[1:].strip()
        name, again = allowed[:_LONGEST_SHEET_NAME].strip() or say("Table"), 1
        while name.lower() in taken:
            again += 1
            ending = f" {again}"
            name = f"{(allowed or 'Table')[: _LONGEST_SHEET_NAME - len(ending)].strip()}{ending}"
        taken.add(name.lower())
        names.append(name)
    return names


def _first_sheet(
    workbook: Workbook, title: str, about: Sequence[str], named: Sequence[tuple[str, DataTable]]
) -> None:
    sheet = workbook.create_sheet(say(FIRST_SHEET))
    sheet.column_dimensions["A"].width = _LONGEST_SHEET_NAME + 4
    sheet.column_dimensions["B"].width = 2 * _WIDEST
    sheet.append([_text(sheet, title, is_bold=True)])
    for line in (*about, say(_READ_AS)):
        sheet.append([_text(sheet, line)])
    sheet.append([])
    sheet.append([_text(sheet, heading, is_bold=True) for heading in (say("Sheet"), say("Table"))])
    for name, table in named:
        sheet.append([_text(sheet, name), _text(sheet, table.caption)])


def _table_sheet(workbook: Workbook, name: str, table: DataTable) -> None:
    from openpyxl.utils import get_column_letter

    sheet = workbook.create_sheet(name)
    sheet.freeze_panes = "B2"
    for place, column in enumerate(table.columns):
        longest = max((len(row[place]) for row in table.rows), default=0)
        width = min(_WIDEST, max(_NARROWEST, longest, len(column.title)) + 2)
        sheet.column_dimensions[get_column_letter(place + 1)].width = width
    sheet.append([_text(sheet, column.title, is_bold=True) for column in table.columns])
    numeric = [column.is_number for column in table.columns]
    for row in table.rows:
        sheet.append(
            [_table_cell(sheet, text, is_number) for text, is_number in zip(row, numeric, strict=True)]
        )


def _table_cell(sheet: WriteOnlyWorksheet, text: str, is_number: bool) -> WriteOnlyCell:
    from openpyxl.cell.cell import WriteOnlyCell

    number = cell_number(text) if is_number else None
    if number is None:
        return _text(sheet, text)
    cell: WriteOnlyCell = WriteOnlyCell(sheet, number.value)
    cell.number_format = number.number_format
    return cell


def _text(sheet: WriteOnlyWorksheet, text: str, is_bold: bool = False) -> WriteOnlyCell:
    from openpyxl.cell.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cell: WriteOnlyCell = WriteOnlyCell(sheet)
    put_text(cell, text)
    if is_bold:
        cell.font = Font(bold=True)
    return cell
