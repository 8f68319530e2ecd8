"""The form as a workbook: everything locked but the answers, levels as text beside each rating."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from transforms.reporting import style
from transforms.reporting.numerals import school_year as year_text
from transforms.selfassessment.instrument import FORM, FORM_VERSION, LEVEL_NAMES, LEVELS, PRACTICES
from transforms.selfassessment.schools import School
from transforms.spreadsheet_text import printable, put_text

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.styles import Border, Font
    from openpyxl.worksheet.worksheet import Worksheet

SHEET = "Self-assessment"
STAMP_SHEET = "pdeval"
# Where the reader looks: rows count from 1, columns from 0.
SCHOOL_ROW, ID_ROW, YEAR_ROW, RESPONDENT_ROW = 4, 5, 6, 7
HEADER_ROW = 9
TITLE_COLUMN, RATING_COLUMN, EVIDENCE_COLUMN = 0, 5, 6
ROLES = ("principal", "assistant principal", "leadership team", "teacher leader", "teachers")

_WIDTHS = (27, 29, 29, 29, 29, 10, 34)
_CHARACTERS_A_LINE = 1.05  # of the column's width, in the font below
_LINE_POINTS = 13.5
_FONT = "Arial"
_HOW = (
    "For each practice read the four levels and choose the one that describes the school as it is now, not as"
    " it should be. Where two fit, take the lower one. Leave a practice empty that nobody can answer for."
)
_RETURN = "Type only in the fields with a frame. Save the file under its name and send it back."


def workbook_form(school: School) -> bytes:
    """The .xlsx of one school, as bytes."""
    import openpyxl

    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = SHEET
    _fill_head(sheet, school)
    _fill_practices(sheet)
    _lay_out(sheet, school)
    _stamp(workbook.create_sheet(STAMP_SHEET), school)
    workbook.properties.title = f"{SHEET} {year_text(school.school_year)}"
    workbook.properties.creator = "pdeval"
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def _fill_head(sheet: Worksheet, school: School) -> None:
    from openpyxl.styles import Alignment

    facts = (
        ("School", school.school_name),
        ("School id", school.school_id),
        ("School year", year_text(school.school_year)),
        ("Filled in by", ""),
    )
    for row, text in ((1, "How professional learning works in our school"), (2, _HOW), (3, _RETURN)):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(_WIDTHS))
        put_text(sheet.cell(row, 1), text)
        sheet.cell(row, 1).font = _font(size=16 if row == 1 else 10, bold=row == 1, color=_argb(style.INK))
        sheet.cell(row, 1).alignment = Alignment(wrap_text=True, vertical="center")
    for row, (label, value) in enumerate(facts, start=SCHOOL_ROW):
        put_text(sheet.cell(row, 1), label)
        sheet.cell(row, 1).font = _font(color=_argb(style.MUTED))
        sheet.merge_cells(start_row=row, end_row=row, start_column=2, end_column=3)
        put_text(sheet.cell(row, 2), value)
        sheet.cell(row, 2).font = _font(bold=True)
    _as_input(sheet.cell(RESPONDENT_ROW, 2))
    _as_input(sheet.cell(RESPONDENT_ROW, 3))
    sheet.row_dimensions[1].height = 28
    sheet.row_dimensions[2].height = 2 * _LINE_POINTS + 3


def _fill_practices(sheet: Worksheet) -> None:
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont
    from openpyxl.styles import Alignment, PatternFill

    levels = [f"{level}  {name}" for level, name in zip(LEVELS, LEVEL_NAMES, strict=True)]
    head = ("Practice", *levels, "Rating\n1 to 4", "What shows it (optional)")
    for column, text in enumerate(head, start=1):
        cell = sheet.cell(HEADER_ROW, column)
        put_text(cell, text)
        cell.font = _font(bold=True, color=_argb(style.PAPER))
        cell.fill = PatternFill("solid", fgColor=_argb(style.ACCENT))
        cell.alignment = Alignment(wrap_text=True, horizontal="left", vertical="center", indent=1)
    sheet.row_dimensions[HEADER_ROW].height = 2 * _LINE_POINTS + 4
    for row, practice in enumerate(PRACTICES, start=HEADER_ROW + 1):
        title = sheet.cell(row, TITLE_COLUMN + 1)
        title.value = CellRichText(
            TextBlock(InlineFont(rFont=_FONT, sz=10, b=True), practice.title),
            TextBlock(InlineFont(rFont=_FONT, sz=10), f"\n{practice.question}"),
        )
        for column, text in enumerate(practice.levels, start=2):
            put_text(sheet.cell(row, column), text)
            sheet.cell(row, column).font = _font()
        sheet.cell(row, EVIDENCE_COLUMN + 1).font = _font()
        for column in range(1, len(_WIDTHS) + 1):
            sheet.cell(row, column).alignment = Alignment(
                wrap_text=True, horizontal="left", vertical="top", indent=1
            )
            sheet.cell(row, column).border = _rule()
        _as_input(sheet.cell(row, RATING_COLUMN + 1))
        sheet.cell(row, RATING_COLUMN + 1).font = _font(size=16, bold=True)
        sheet.cell(row, RATING_COLUMN + 1).alignment = Alignment(horizontal="center", vertical="center")
        _as_input(sheet.cell(row, EVIDENCE_COLUMN + 1))
        texts = (f"{practice.title}\n{practice.question}", *practice.levels)
        n_lines = max(
            sum(_lines(part, width) for part in text.split("\n"))
            for text, width in zip(texts, _WIDTHS, strict=False)
        )
        sheet.row_dimensions[row].height = n_lines * _LINE_POINTS + 6


def _lines(text: str, width: float) -> int:
    """Lines that a text takes, broken between words."""
    room, lines, used = width * _CHARACTERS_A_LINE, 1, 0.0
    for word in text.split(" "):
        if used and used + 1 + len(word) > room:
            lines, used = lines + 1, 0.0
        used += len(word) + (1 if used else 0)
    return lines


def _lay_out(sheet: Worksheet, school: School) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for column, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    first, last = HEADER_ROW + 1, HEADER_ROW + len(PRACTICES)
    rating = DataValidation(type="list", formula1='"1,2,3,4"', allow_blank=True, showErrorMessage=True)
    rating.errorTitle, rating.error = "Rating", "One whole number from 1 to 4, or empty."
    rating.promptTitle, rating.prompt = "Rating", "1, 2, 3 or 4: the level that describes the school now."
    rating.showInputMessage = True
    rating.add(f"F{first}:F{last}")
    roles = DataValidation(type="list", formula1=f'"{",".join(ROLES)}"', allow_blank=True)
    roles.showErrorMessage = False
    roles.add(f"B{RESPONDENT_ROW}")
    for row, practice in enumerate(PRACTICES, start=first):
        hint = DataValidation(allow_blank=True, showInputMessage=True)
        hint.promptTitle, hint.prompt = "For example", practice.evidence
        hint.add(f"G{row}")
        sheet.add_data_validation(hint)
    sheet.add_data_validation(rating)
    sheet.add_data_validation(roles)
    sheet.freeze_panes = f"B{first}"
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.zoomScale = 100
    sheet.protection.sheet = True
    sheet.protection.formatRows = sheet.protection.formatColumns = False  # False: permitted
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 1
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    sheet.print_area = f"A1:G{last}"
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom = 0.4, 0.75
    # & begins a code there, and && is one sign.
    name = printable(school.school_name).replace("&", "&&")
    sheet.oddFooter.left.text = f"{name[:80]}, {year_text(school.school_year)}"
    sheet.oddFooter.right.text = "&P of &N"


def _as_input(cell: Cell) -> None:
    from openpyxl.styles import Border, PatternFill, Protection, Side

    side = Side("thin", color=_argb(style.NEUTRAL))
    cell.border = Border(left=side, right=side, top=side, bottom=side)
    cell.fill = PatternFill("solid", fgColor=_argb(style.CAUTION_TINT))
    cell.protection = Protection(locked=False)


def _rule() -> Border:
    from openpyxl.styles import Border, Side

    side = Side("thin", color=_argb(style.LINE))
    return Border(left=side, right=side, bottom=side)


def _font(size: int = 10, bold: bool = False, color: str | None = None) -> Font:
    from openpyxl.styles import Font

    return Font(name=_FONT, size=size, bold=bold, color=color or _argb(style.INK))


def _argb(colour: str) -> str:
    return "FF" + colour.removeprefix("#").upper()


def _stamp(sheet: Worksheet, school: School) -> None:
    """What the form is and whose, where no hand gets by accident."""
    stamp = (
        ("form", FORM),
        ("version", str(FORM_VERSION)),
        ("school_id", school.school_id),
        ("school_year", str(school.school_year)),
    )
    for row, (name, value) in enumerate(stamp, start=1):
        put_text(sheet.cell(row, 1), name)
        put_text(sheet.cell(row, 2), value)
    sheet.sheet_state = "veryHidden"
    sheet.protection.sheet = True
