"""Text for spreadsheets that stays text: no name, title or answer is ever read as a formula."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.cell.cell import WriteOnlyCell

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")
_TRIGGER = "[=+\\-@\uff1d\uff0b\uff0d\uff20]"
_UNSEEN = "[\\s\u200b-\u200f\u2060\ufeff]*"
_FORMULA = re.compile(f"[\t\r\n]|{_UNSEEN}{_TRIGGER}")
# Where a semicolon separates cells, as in Spanish settings, the quotes of a comma-separated file do not hold.
_FORMULA_WITHIN = re.compile(f"([;\t\r\n])(?={_UNSEEN}{_TRIGGER})")


def printable(text: str) -> str:
    """Text without signs that a workbook or page cannot hold."""
    return _CONTROL.sub(" ", text)


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet might take ``text`` for a formula: = + - @, a tab or a line end is first."""
    return _FORMULA.match(text) is not None


def text_for_csv(text: str) -> str:
    """``text`` with an apostrophe before each sign that a spreadsheet might begin a formula with."""
    safe = _FORMULA_WITHIN.sub(r"\1'", text)
    return f"'{safe}" if is_formula_like(text) else safe


def put_text(cell: Cell | WriteOnlyCell, text: str) -> None:
    """Text as text: a name that begins with = is no formula, here or after a hand has edited the cell."""
    cell.value = printable(text)
    cell.data_type = "s"
    if is_formula_like(text):
        cell.quotePrefix = True
