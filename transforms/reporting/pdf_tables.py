"""A table made to fit paper, where a line cannot be scrolled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from transforms.reporting.tables import DataTable

SIZES = (8.5, 8.0, 7.5)  # of the text in a table, points
GAP = 9.0  # between two columns, points
_NARROW = frozenset("iljtfrI.,:;'|!()[] ·‘’\u00a0")
_WIDE = frozenset("mwMW%—@")
_BOLD = 1.05  # how much wider the semibold of the first column is
_WASTE = 0.6  # of the longest word: about what the ends of a cell's lines leave empty
_LONGEST_WHOLE = 24  # characters of an interval that is kept on one line
_STEPS = 24
_IN_BRACKETS = re.compile(rf"\([^()]{{1,{_LONGEST_WHOLE}}}\)")


@dataclass(frozen=True)
class Fitted:
    """Text size and widths of the columns in points, the rows, and whether words have to be hyphenated."""

    size: float
    widths: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]
    is_hyphenated: bool


def text_width(text: str, size: float) -> float:
    """Width in points of ``text`` set at ``size`` points, a little more than the sans serif needs."""
    ems = sum(
        0.29 if letter in _NARROW else 0.84 if letter in _WIDE else 0.62 if letter.isupper() else 0.53
        for letter in text
    )
    return ems * size


def fitted(table: DataTable, room: float) -> Fitted:
    """``table`` set ``room`` points wide: at the largest of SIZES at which intervals stay on one line, else
    the largest at which each column holds its longest word, else at the smallest with hyphens."""
    inner = room - GAP * (len(table.columns) - 1)
    whole = _with_whole_intervals(table)
    for rows in (whole, table.rows):
        for size in SIZES:
            needed, wanted = _measured(table, rows, size)
            if sum(needed) <= inner:
                return Fitted(size, _spread(needed, wanted, inner), rows, False)
    return Fitted(size, tuple(width * inner / sum(needed) for width in needed), table.rows, True)


def _with_whole_intervals(table: DataTable) -> tuple[tuple[str, ...], ...]:
    """The rows with spaces in brackets of a column of numbers that do not end a line."""
    return tuple(
        tuple(
            _IN_BRACKETS.sub(lambda found: found[0].replace(" ", "\u00a0"), cell)
            if column.is_number
            else cell
            for cell, column in zip(row, table.columns, strict=True)
        )
        for row in table.rows
    )


def _measured(
    table: DataTable, rows: Sequence[Sequence[str]], size: float
) -> tuple[list[float], list[float]]:
    """Width of the longest word and of the longest cell of each column."""
    needed, wanted = [], []
    for at, column in enumerate(table.columns):
        factor = _BOLD if at == 0 and not table.is_prose else 1.0
        cells = [row[at] for row in rows]
        title = _longest(_words([column.title]), size) * _BOLD
        needed.append(max(_longest(_words(cells), size) * factor, title))
        wanted.append(max(_longest(cells, size) * factor, text_width(column.title, size) * 0.5, needed[-1]))
    return needed, wanted


def _spread(needed: Sequence[float], wanted: Sequence[float], inner: float) -> tuple[float, ...]:
    """Widths that sum to ``inner``: no less than needed, and cells of as few lines as there is room for."""

    def widths(share: float) -> list[float]:
        return [
            max(least, min(most, _WASTE * least + share * most))
            for least, most in zip(needed, wanted, strict=True)
        ]

    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        share = (low + high) / 2
        low, high = (share, high) if sum(widths(share)) <= inner else (low, share)
    found = widths(low)
    spare = (inner - sum(found)) / len(found)
    return tuple(width + spare for width in found)


def _words(texts: Iterable[str]) -> Iterable[str]:
    return (word for text in texts for word in re.split(r"[ \n]|(?<=[-–/_])", text))


def _longest(texts: Iterable[str], size: float) -> float:
    return max((text_width(text, size) for text in texts), default=0.0)
