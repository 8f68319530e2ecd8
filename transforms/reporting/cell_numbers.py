"""Cells of tables as numbers, for a spreadsheet: what a page writes as "1,234", "−0.05" or "12%"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from transforms.reporting.numerals import MINUS
from transforms.reporting.tables import DataTable

PERCENT = "%"
# A currency is a sign or the letters of its code; an identifier with leading zeros is no number.
_NUMBER = re.compile(
    rf"(?P<currency>[$€£¥₹₱₩¢]|[A-Z]{{2,4}} )?(?P<sign>[+{MINUS}-]?)"
    rf"(?P<digits>0|[1-9]\d{{0,2}}(?:,\d{{3}})+|[1-9]\d*)(?:\.(?P<decimals>\d+))?(?P<percent>%?)"
)


@dataclass(frozen=True)
class CellNumber:
    """A number as a cell shows it, no digit more: ``unit`` is "", "%" or a currency.

    A percentage has the ``value`` of its share, 0.12 for "12%". ``number_format`` is of spreadsheets and
    gives what the page writes.
    """

    value: int | float
    unit: str
    number_format: str

    @property
    def plain(self) -> str:
        """The value with a point and nothing else beside its digits."""
        return f"{self.value:.15g}" if isinstance(self.value, float) else str(self.value)


def cell_number(text: str) -> CellNumber | None:
    """The number that ``text`` is, None where it is anything more or else ("+0.07 (0.04 to 0.11)", "n/a")."""
    found = _NUMBER.fullmatch(text)
    if found is None or (found["currency"] and found["percent"]):
        return None
    decimals = len(found["decimals"] or "") + (2 if found["percent"] else 0)
    digits = int(found["digits"].replace(",", "") + (found["decimals"] or ""))
    signed = digits if found["sign"] in ("", "+") else -digits
    # divided once, so that "12.3%" is the number nearest to 0.123
    value = signed / 10**decimals if decimals else signed
    unit = (found["currency"] or "").strip() or found["percent"]
    return CellNumber(value, unit, _number_format(found))


def _number_format(found: re.Match[str]) -> str:
    places = f".{'0' * len(found['decimals'])}" if found["decimals"] else ""
    digits = f"{'0' if found['percent'] else '#,##0'}{places}{found['percent']}"
    amount = f'"{found["currency"]}"{digits}' if found["currency"] else digits
    return f"+{amount};-{amount};{amount}" if found["sign"] == "+" else amount


def column_unit(table: DataTable, column: int) -> str | None:
    """The one unit of all numbers of a column of numbers; None where they differ or there are none."""
    if not table.columns[column].is_number:
        return None
    units = {number.unit for number in _numbers(table.rows, column)}
    return units.pop() if len(units) == 1 else None


def _numbers(rows: Sequence[tuple[str, ...]], column: int) -> list[CellNumber]:
    return [number for row in rows if (number := cell_number(row[column]))]
