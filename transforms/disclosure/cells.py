"""What a release counts: cells, how they hang together, and the rule that small ones are hidden."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from math import inf, isfinite
from typing import Literal

MOST_NUMBERS_NAMED = 3


class Publication(StrEnum):
    """What may become of a cell."""

    OPEN = "open"  # this release may show it or hide it
    NEVER = "never"  # no table shows it: an unattached remainder, an interior cell of no table
    OUT = "out"  # already public, and cannot be taken back


@dataclass(frozen=True)
class Cell:
    """One figure: a count of persons, or a magnitude (hours, money) of theirs.

    ``value`` is the true figure. ``weight`` is the loss when it is hidden (none: ``default_weight``).
    ``at_least`` and ``at_most`` are what readers know of it even when it is hidden, beyond the rule itself:
    the bounds that a rounded share gives away, a size known from elsewhere. ``must_cover`` makes the cell
    sensitive whatever its size and is the interval that readers must not be able to narrow; counts under the
    minimum have theirs from the rule. ``untested`` says why sensitivity could not be judged.
    A count that several tables show is one cell with several ``tables``.
    """

    name: str
    value: float
    tables: tuple[str, ...] = ()
    publication: Publication = Publication.OPEN
    weight: float | None = None
    is_whole: bool = True
    at_least: float = 0.0
    at_most: float = inf
    must_cover: tuple[float, float] | None = None
    untested: str = ""

    @property
    def may_show(self) -> bool:
        return self.publication is not Publication.NEVER


@dataclass(frozen=True)
class Relation:
    """What readers know to hold: the sum of coefficient * cell is (or is at most) ``constant``."""

    terms: tuple[tuple[str, int], ...]
    sense: Literal["==", "<="] = "=="
    constant: float = 0.0


def total_of(total: str, parts: Sequence[str]) -> Relation:
    """``total`` is the sum of ``parts``, none of which overlap; an unpublished remainder is one of them."""
    return Relation(((total, -1), *((part, 1) for part in parts)))


def same_count(one: str, other: str) -> Relation:
    """Two cells with the same value; list them in ``together`` as well if they stand or fall together."""
    return Relation(((one, 1), (other, -1)))


def part_of(part: str, whole: str) -> Relation:
    """``part`` is at most ``whole``."""
    return Relation(((part, 1), (whole, -1)), "<=")


def overlapping(total: str, parts: Sequence[str]) -> tuple[Relation, ...]:
    """Every person of ``total`` is in at least one part and may be in several: teachers by type of PD."""
    covered = Relation(((total, 1), *((part, -1) for part in parts)), "<=")
    return (covered, *(part_of(part, total) for part in parts))


@dataclass(frozen=True)
class Rule:
    """Counts of 1 to ``minimum`` - 1 are hidden, and readers cannot narrow any of them below that range.

    A zero says of nobody what he did, so it is shown; readers then know that what is hidden is not zero.
    Where a zero tells something of everyone in a known group (nobody of these 12 passed), ``hide_zeros``
    hides it like any other small count, and hidden then means 0 to ``minimum`` - 1 at the least.
    A hidden cell for which fewer than ``narrow`` values remain possible is for review.
    """

    minimum: int = 10
    hide_zeros: bool = False
    narrow: int = 3

    def __post_init__(self) -> None:
        if self.minimum < 2:
            raise ValueError(f"a minimum of {self.minimum} hides nothing; it has to be 2 or more")

    @property
    def least_hidden(self) -> int:
        """The least count that a hidden cell can have for one who knows the rule."""
        return 0 if self.hide_zeros else 1

    def must_cover(self, cell: Cell) -> tuple[float, float] | None:
        """The interval that stays possible for a sensitive cell; None for any other cell."""
        if cell.must_cover is not None:
            return cell.must_cover
        small = cell.is_whole and self.least_hidden <= cell.value < self.minimum
        if cell.publication is Publication.NEVER and cell.value == 0:
            return None  # nobody is in it, and nobody said that anyone was
        return (float(self.least_hidden), float(self.minimum - 1)) if small else None

    def known_of_hidden(self, cell: Cell) -> tuple[float, float]:
        """What one who knows the rule and nothing of the tables knows of a cell that is not shown."""
        is_told = cell.publication is Publication.OPEN and cell.is_whole
        return max(cell.at_least, self.least_hidden if is_told else 0), cell.at_most

    def stays_shown(self, cell: Cell) -> bool:
        """Zeros that are shown by rule: hiding one would make the rule a lie."""
        return (
            cell.publication is Publication.OPEN and cell.is_whole and cell.value == 0 and not self.hide_zeros
        )


def default_weight(cell: Cell, is_total: bool) -> float:
    """Loss of hiding: grows slowly with the count, so that small details go first and totals last."""
    size = (abs(cell.value) + 1) ** 0.5
    return size * (4.0 if is_total else 1.0)


@dataclass(frozen=True)
class LinkedCells:
    """The cells of a release, what links them, and which stand or fall together.

    ``together``: groups of cells that are hidden all or none (a mean and its count, one count in two tables).
    Raises ``ValueError`` where a name is unknown or doubled, a count is not a whole number, or the true
    values contradict a relation: such a relation would have the auditor prove what is not so.
    """

    cells: tuple[Cell, ...]
    relations: tuple[Relation, ...] = ()
    together: tuple[tuple[str, ...], ...] = field(default=())

    def __post_init__(self) -> None:
        if len(self.position) != len(self.cells):
            counted = Counter(cell.name for cell in self.cells)
            raise ValueError(f"cells named twice: {_some([name for name, n in counted.items() if n > 1])}")
        _check_values(self.cells)
        named = [name for relation in self.relations for name, _ in relation.terms]
        unknown = [
            name
            for name in (*named, *(n for group in self.together for n in group))
            if name not in self.position
        ]
        if unknown:
            raise ValueError(f"no such cell: {_some(unknown)}")
        for relation in self.relations:
            self._check_holds(relation)

    @cached_property
    def position(self) -> dict[str, int]:
        return {cell.name: i for i, cell in enumerate(self.cells)}

    def __getitem__(self, name: str) -> Cell:
        return self.cells[self.position[name]]

    @cached_property
    def totals(self) -> frozenset[str]:
        """Cells that other cells add up to, or are part of."""
        sums = (relation for relation in self.relations if len(relation.terms) > 2)
        return frozenset(name for relation in sums for name, c in relation.terms if c * _sign(relation) < 0)

    def weight(self, name: str) -> float:
        cell = self[name]
        return default_weight(cell, name in self.totals) if cell.weight is None else cell.weight

    def among(self, names: Collection[str]) -> LinkedCells:
        """The part with ``names``, which nothing may link with the others."""
        return LinkedCells(
            tuple(cell for cell in self.cells if cell.name in names),
            tuple(relation for relation in self.relations if relation.terms[0][0] in names),
            tuple(group for group in self.together if group and group[0] in names),
        )

    @cached_property
    def components(self) -> tuple[LinkedCells, ...]:
        """The parts that no relation and no group links; each can be judged alone."""
        root = list(range(len(self.cells)))

        def find(i: int) -> int:
            while root[i] != i:
                root[i] = root[root[i]]
                i = root[i]
            return i

        linked = [[name for name, _ in relation.terms] for relation in self.relations]
        for names in (*linked, *self.together):
            for name in names[1:]:
                low, high = sorted((find(self.position[names[0]]), find(self.position[name])))
                root[high] = low
        return tuple(self._restricted(find))

    def _restricted(self, find: Callable[[int], int]) -> Iterable[LinkedCells]:
        parts: dict[int, tuple[list[Cell], list[Relation], list[tuple[str, ...]]]] = {}
        for i, cell in enumerate(self.cells):
            parts.setdefault(find(i), ([], [], []))[0].append(cell)
        for relation in self.relations:
            parts[find(self.position[relation.terms[0][0]])][1].append(relation)
        for group in self.together:
            if group:
                parts[find(self.position[group[0]])][2].append(group)
        return (LinkedCells(tuple(c), tuple(r), tuple(g)) for c, r, g in parts.values())

    def _check_holds(self, relation: Relation) -> None:
        if not relation.terms or any(c == 0 for _, c in relation.terms):
            raise ValueError("a relation without cells, or with a coefficient of 0, says nothing")
        excess = sum(c * self[name].value for name, c in relation.terms) - relation.constant
        slack = 1e-6 * max(1.0, max(abs(self[name].value) for name, _ in relation.terms))
        if excess > slack or (relation.sense == "==" and excess < -slack):
            names = _some([name for name, _ in relation.terms])
            raise ValueError(
                f"the figures contradict a declared relation of {names}: it is out by {excess:g}"
            )


def _sign(relation: Relation) -> int:
    """Whether totals have the negative (1) or the positive (-1) coefficients: the fewer are the totals."""
    negative = sum(c < 0 for _, c in relation.terms)
    return 1 if 2 * negative <= len(relation.terms) else -1


def _check_values(cells: Sequence[Cell]) -> None:
    for cell in cells:
        if not isfinite(cell.value) or (
            cell.is_whole and (cell.value < 0 or cell.value != round(cell.value))
        ):
            raise ValueError(f"{cell.name} is no count: {cell.value!r}")
        if not cell.at_least <= cell.value <= cell.at_most:
            raise ValueError(f"{cell.name} is outside the bounds that readers are said to know")


def _some(names: Sequence[str]) -> str:
    more = len(names) - MOST_NUMBERS_NAMED
    return ", ".join(names[:MOST_NUMBERS_NAMED]) + (f" and {more} more" if more > 0 else "")
