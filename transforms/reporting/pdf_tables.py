"""Widths of the columns of a table on paper, where a line cannot be scrolled."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.reporting.tables import DataTable

SIZES = (8.5, 8.0, 7.5)  # of the text in a table, points; the largest at which no word is cut
GAP = 9.0  # between two columns, points
_NARROW = frozenset("iljtfrI.,:;'|!()[] ·‘’")
_WIDE = frozenset("mwMW%—@")
_SHARE_OF_WIDTHS, _STEPS = 0.6, 24


def text_width(text: str, size: float) -> float:
    """Width in points of ``text`` set at ``size`` points, a little more than the sans serif needs."""
    ems = sum(
        0.29 if letter in _NARROW else 0.84 if letter in _WIDE else 0.62 if letter.isupper() else 0.53
        for letter in text
    )
    return ems * size


def column_widths(table: DataTable, room: float) -> tuple[float, tuple[float, ...]]:
    """Text size and the width of each column, points, so that the table is ``room`` points wide.

    The largest of SIZES at which each column holds its longest word; at the smallest, columns that still do
    not fit shrink alike and words are hyphenated.
    """
    titles = [column.title for column in table.columns]
    columns = [[title, *(row[at] for row in table.rows)] for at, title in enumerate(titles)]
    inner = room - GAP * (len(columns) - 1)
    for size in SIZES:
        needed = [_widest((word for text in texts for word in _words(text)), size) for texts in columns]
        if sum(needed) <= inner:
            break
    else:
        return size, tuple(width * inner / sum(needed) for width in needed)
    wanted = [max(_widest(texts, size), least) for texts, least in zip(columns, needed, strict=True)]
    return size, _spread(needed, wanted, inner)


def _spread(needed: Sequence[float], wanted: Sequence[float], inner: float) -> tuple[float, ...]:
    """Widths that sum to ``inner``: no less than needed, and cells of as few lines as there is room for."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        share = (low + high) / 2
        if sum(map(max, needed, (share * width for width in wanted))) <= inner:
            low = share
        else:
            high = share
    widths = [max(least, low * width) for least, width in zip(needed, wanted, strict=True)]
    spare = inner - sum(widths)
    first = spare * _SHARE_OF_WIDTHS if len(widths) > 1 else spare
    others = (spare - first) / max(len(widths) - 1, 1)
    return tuple(width + (first if at == 0 else others) for at, width in enumerate(widths))


def _words(text: str) -> list[str]:
    return [word for part in text.split() for word in part.replace("–", "– ").split()]


def _widest(texts: object, size: float) -> float:
    return max((text_width(text, size) for text in texts), default=0.0)  # type: ignore[attr-defined]
