"""Excel workbooks into the landing: one sheet, cells as the text that a CSV export would have."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import python_calamine as calamine

from transforms.errors import InputError
from transforms.sources.archives import opened_zip, refuse_growth
from transforms.sources.tabular import SOURCE_LINE, Reading, RowWriter, clean_headers, number_text

_UNREADABLE = (calamine.CalamineError, OSError)
_SHOWN_SHEETS = 10
_BROKEN = "is no workbook that can be read; save it as .xlsx again"


def land_workbook(
    connection: duckdb.DuckDBPyConnection, table: str, path: Path, name: str, sheet: str | None
) -> Reading:
    """Read one sheet (the first where ``sheet`` is None) into ``table``.

    The header is the first row that is not empty; empty rows are no records; ``source_line`` is
    the row number that Excel shows. InputError for a broken workbook or a missing sheet.
    """
    rows = list(_filled_rows(_open_sheet(path, name, sheet)))
    if not rows:
        raise InputError(name, "the sheet is empty; export it again or name the sheet", line=1)
    header_line, header = rows[0]
    width = max(_used_width(cells) for _, cells in rows)
    padded_header = (*header, *[""] * (width - len(header)))[:width]
    headers = clean_headers(padded_header, name, header_line)
    writer = RowWriter(connection, table, width)
    for line, cells in rows[1:]:
        padded = [*cells[:width], *[""] * (width - len(cells))]
        writer.add(line, padded, sum(map(len, padded)))
    return Reading(headers, writer.finish(), SOURCE_LINE)


def sheet_texts(path: Path, name: str, sheets: Sequence[str]) -> dict[str, list[list[str]]]:
    """The cells of those of ``sheets`` that a workbook has, from A1, as text.

    InputError for a broken workbook.
    """
    _refuse_unpackable(path, name)
    try:
        workbook = calamine.CalamineWorkbook.from_path(str(path))
        return {
            sheet: [
                [cell if isinstance(cell, str) else cell_text(cell) for cell in row]
                for row in workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            ]
            for sheet in sheets
            if sheet in workbook.sheet_names
        }
    except _UNREADABLE as error:
        raise InputError(name, _BROKEN) from error


def _refuse_unpackable(path: Path, name: str) -> None:
    with opened_zip(path, name) as archive:
        # The reader unpacks a sheet in memory.
        refuse_growth(sum(entry.file_size for entry in archive.infolist()), path.stat().st_size, name)


def _open_sheet(path: Path, name: str, sheet: str | None) -> calamine.CalamineSheet:
    _refuse_unpackable(path, name)
    try:
        workbook = calamine.CalamineWorkbook.from_path(str(path))
        if sheet is None:
            return workbook.get_sheet_by_index(0)
        if sheet in workbook.sheet_names:
            return workbook.get_sheet_by_name(sheet)
    except _UNREADABLE as error:
        raise InputError(name, _BROKEN) from error
    present = ", ".join(workbook.sheet_names[:_SHOWN_SHEETS])
    raise InputError(name, f"has no sheet {sheet!r}; its sheets are: {present}")


def _filled_rows(sheet: calamine.CalamineSheet) -> Iterator[tuple[int, Sequence[str]]]:
    for line, row in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        cells = [cell if isinstance(cell, str) else cell_text(cell) for cell in row]
        if any(cells):
            yield line, cells


def _used_width(cells: Sequence[str]) -> int:
    return max(position for position, cell in enumerate(cells, start=1) if cell)


def cell_text(cell: object) -> str:
    """Return a cell as text: 123.0 is ``123``, dates and times are ISO 8601, truth is ``TRUE``."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, (int, float)):
        return number_text(cell)
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, (datetime.date, datetime.time)):
        return cell.isoformat()
    return str(cell)
