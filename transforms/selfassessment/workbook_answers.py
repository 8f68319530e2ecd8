"""Reading a filled workbook back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from transforms.errors import InputError
from transforms.reporting.numerals import school_year as year_text
from transforms.selfassessment.instrument import PRACTICES
from transforms.selfassessment.returned import (
    ReturnedForm,
    Stamp,
    Written,
    judged,
    refuse_stamp,
    without_empty,
)
from transforms.selfassessment.workbook_form import (
    EVIDENCE_COLUMN,
    HEADER_ROW,
    ID_ROW,
    RATING_COLUMN,
    RESPONDENT_ROW,
    SHEET,
    STAMP_SHEET,
    TITLE_COLUMN,
    YEAR_ROW,
)

Sheet = Sequence[Sequence[str]]


def workbook_answers(sheets: Mapping[str, Sheet], file: str) -> ReturnedForm:
    """Answers of a workbook, given as the texts of its cells from A1 by sheet.

    InputError where it is no form, one of another version, or a sheet of it is gone.
    """
    for name, advice in (
        (STAMP_SHEET, "it is no form of pdeval, or was saved by a program that drops hidden sheets"),
        (SHEET, "it was renamed or deleted; give it that name again or copy the answers to a new form"),
    ):
        if name not in sheets:
            raise InputError(file, f"has no sheet {name!r}: {advice}")
    stamp = _stamp(sheets[STAMP_SHEET])
    refuse_stamp(stamp, file, f"sheet {STAMP_SHEET!r}")
    sheet = sheets[SHEET]
    if _cell(sheet, HEADER_ROW, RATING_COLUMN) == "":
        place = f"cell F{HEADER_ROW}"
        raise InputError(
            file,
            f"{place}: the heading of the ratings is gone, rows or columns were moved; copy the"
            " answers to a new form",
        )
    return judged(
        stamp, _cell(sheet, RESPONDENT_ROW, 1), list(without_empty(_rows(sheet))), _wrong_head(sheet, stamp)
    )


def _stamp(sheet: Sheet) -> Stamp:
    said = {row[0].strip(): row[1].strip() for row in sheet if len(row) > 1}
    return Stamp(*(said.get(name, "") for name in ("form", "version", "school_id", "school_year")))


def _cell(sheet: Sheet, row: int, column: int) -> str:
    """Text of a cell, rows from 1 and columns from 0; empty outside the sheet."""
    if row > len(sheet) or column >= len(sheet[row - 1]):
        return ""
    return sheet[row - 1][column].replace("\u00a0", " ").strip()


def _rows(sheet: Sheet) -> list[Written]:
    rows = []
    for row in range(HEADER_ROW + 1, len(sheet) + 1):
        position = row - HEADER_ROW - 1
        rows.append(
            Written(
                place=row,
                practice=_cell(sheet, row, TITLE_COLUMN).split("\n")[0].strip(),
                rating=_cell(sheet, row, RATING_COLUMN),
                evidence=_cell(sheet, row, EVIDENCE_COLUMN),
                practice_cell=f"A{row}",
                rating_cell=f"F{row}",
                expected=PRACTICES[position].title if position < len(PRACTICES) else "",
            )
        )
    return rows


def _wrong_head(sheet: Sheet, stamp: Stamp) -> tuple[str, str] | None:
    """A form that says another school or year than it was made for: which of both is right, nobody knows."""
    if _cell(sheet, ID_ROW, 1) != stamp.school_id.strip():
        reason = f"cell B{ID_ROW}: another school's id than the form was made for; use that school's own form"
        return "other_school", reason
    if _cell(sheet, YEAR_ROW, 1) != year_text(int(stamp.school_year)):
        reason = f"cell B{YEAR_ROW}: another year than the form was made for; use that year's form"
        return "other_year", reason
    return None
