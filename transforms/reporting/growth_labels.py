"""Where names go beside points, so that they cover neither points nor one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

FEW_MARKS = 8
_MOST_LABELS = 8
LINE = 13  # height of a line of text
_CHARACTER = 6.6  # mean width of a character of 12 pixels, a little more than Liberation Sans has
_GAP = 7
_LINE_LENGTH, _LONGEST = 12, 20
_MOST_LINES = 2
_CORNER = 32
_MOST_CROSSED = 2
_NEAR, _FAR = (0, -10, 10), (0, -10, 10, -22, 22)
_CLEAR = 10  # a name that ended at another point would be read as that point's


@dataclass(frozen=True)
class Mark:
    """A point with a name and an upright line through it, in pixels from the left and the top."""

    name: str
    left: float
    top: float
    line: tuple[float, ...]


@dataclass(frozen=True)
class Label:
    """A name in one or two lines around ``top``, from ``left`` on, or up to it where ``align`` is right."""

    lines: tuple[str, ...]
    left: float
    top: float
    align: str

    @property
    def first_line(self) -> float:
        """Where the first line stands."""
        return self.top - (len(self.lines) - 1) * LINE / 2

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, right, top and bottom."""
        width = max(len(line) for line in self.lines) * _CHARACTER
        start = self.left if self.align == "left" else self.left - width
        half = len(self.lines) * LINE / 2
        return start, start + width, self.top - half, self.top + half


def placed_labels(
    marks: Sequence[Mark],
    width: float,
    height: float,
    first: Sequence[str] = (),
    most: int = _MOST_LABELS,
) -> list[Label]:
    """Labels of all marks where they are few, else of the extreme ones, at most ``most``.

    Marks named in ``first`` get their label before the others, and a little farther off where need be;
    without room a mark has none.
    """
    few = FEW_MARKS if most == _MOST_LABELS else most
    chosen = list(marks) if len(marks) <= few else _extreme(marks, width, height)
    chosen = list(dict.fromkeys([*(mark for mark in marks if mark.name in first), *chosen]))
    placed: list[Label] = []
    for mark in chosen:
        if len(placed) == most:
            break
        free = [
            label
            for label in _places(mark, _lines(mark.name), _FAR if mark.name in first else _NEAR)
            if _is_free(label, placed, marks, mark, width, height)
        ]
        crossed = [_n_crossed(label, marks, mark, width) for label in free]
        if free and min(crossed) <= _MOST_CROSSED:
            placed.append(free[crossed.index(min(crossed))])
    return placed


def _n_crossed(label: Label, marks: Sequence[Mark], own: Mark, width: float) -> int:
    """Lines of other marks, and the line in the middle, that the label would cover."""
    left, right, top, bottom = label.box
    lines = [(mark.left, min(mark.line), max(mark.line)) for mark in marks if mark is not own]
    crossed = sum(left < x < right and start < bottom and end > top for x, start, end in lines)
    return crossed + (left < width / 2 < right)


def _extreme(marks: Sequence[Mark], width: float, height: float) -> list[Mark]:
    """Marks farthest from the middle, those at the top, the bottom, the left and the right first."""
    ends = [
        max(marks, key=lambda mark: sign * getattr(mark, side))
        for side in ("top", "left")
        for sign in (-1, 1)
    ]

    def distance(mark: Mark) -> float:
        return -(((mark.left / width - 0.5) ** 2) + ((mark.top / height - 0.5) ** 2))

    ordered = [*ends, *sorted(marks, key=distance)]
    return list(dict.fromkeys(ordered))[: 3 * _MOST_LABELS]


def _lines(name: str) -> tuple[str, ...]:
    """A name in two lines where it is long, cut where even these are."""
    if len(name) <= _LINE_LENGTH:
        return (name,)
    lines = wrap(name, max(_LINE_LENGTH, len(name) // 2 + 1), break_long_words=False)
    if len(lines) > _MOST_LINES or len(lines[0]) > _LONGEST:
        lines = wrap(name, _LONGEST, max_lines=_MOST_LINES, placeholder="…")
    return tuple(lines)


def _places(mark: Mark, lines: tuple[str, ...], shifts: Sequence[int]) -> list[Label]:
    return [
        Label(lines, mark.left + side * _GAP, mark.top + shift, align)
        for shift in shifts
        for side, align in ((1, "left"), (-1, "right"))
    ]


def _is_free(
    label: Label, placed: Sequence[Label], marks: Sequence[Mark], own: Mark, width: float, height: float
) -> bool:
    left, right, top, bottom = label.box
    # the corners say what the quadrants mean
    if left < 0 or right > width or top < _CORNER or bottom > height - _CORNER:
        return False
    if any(
        mark is not own and left - _CLEAR < mark.left < right + _CLEAR and top - 4 < mark.top < bottom + 4
        for mark in marks
    ):
        return False
    boxes = (other.box for other in placed)
    return all(right < other[0] or left > other[1] or bottom < other[2] or top > other[3] for other in boxes)


def spread(values: Sequence[float], room: float) -> list[float]:
    """Ascending ``values`` moved apart to ``room`` between neighbours, their mean kept."""
    moved = list(values)
    for i in range(1, len(moved)):
        moved[i] = max(moved[i], moved[i - 1] + room)
    shift = (sum(moved) - sum(values)) / len(moved) if moved else 0.0
    return [value - shift for value in moved]
