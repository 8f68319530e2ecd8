"""Shares of small groups: coded at the ends, in steps wide enough that no count can be worked out.

The bands are those of a state's data gateway as a district publishes them (ccsdut.org, Utah,
"Protecting Personally Identifiable or Confidential Information in Public Reporting": 1 % for groups of 300 or
more, 2 % from 100, 5 % from 40), which put NCES 2011-603 (SLDS Technical Brief 3) into practice: a minimum of
10, results at either end of the scale coded more widely the smaller the group, percentages without the counts
beneath them. For 20 to 39 and 10 to 19 the same arithmetic is carried on: a band holds at least two persons,
so 10 % and 20 %.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor

from transforms.disclosure.cells import LinkedCells, Relation

# (least size of the group, width of a band in percent)
BANDS = ((300, 1), (100, 2), (40, 5), (20, 10), (10, 20))
LEAST_SIZE = BANDS[-1][0]


@dataclass(frozen=True)
class CodedShare:
    """A share between ``lower`` and ``upper`` percent; an ``open`` end is itself excluded.

    The count beneath it must not be shown beside it, as that would undo the coding.
    """

    lower: int
    upper: int
    lower_is_open: bool = False
    upper_is_open: bool = False

    @property
    def text(self) -> str:
        if self.lower == 0:
            return f"≤{self.upper}%"
        return f"≥{self.lower}%" if self.upper == 100 else f"{self.lower}–{self.upper}%"


def band_width(size: int) -> int:
    """Percent that a group of ``size`` is coded in; ``ValueError`` below the least size, which shows none."""
    for least, width in BANDS:
        if size >= least:
            return width
    raise ValueError(f"a group of {size} shows no share; {LEAST_SIZE} is the least")


def coded_share(count: int, size: int, *, minimum: int = LEAST_SIZE) -> CodedShare | None:
    """The band of ``count`` of ``size``; None where the group is smaller than ``minimum`` (10 at the least).

    The bands of a share and of its complement mirror each other, so that the two together tell no more than
    one.
    """
    if not 0 <= count <= size:
        raise ValueError(f"{count} is no part of {size}")
    if size < max(minimum, LEAST_SIZE):
        return None
    width = band_width(size)
    if 2 * count > size:
        other = _lower_half(size - count, size, width)
        return CodedShare(100 - other.upper, 100 - other.lower, other.upper_is_open, other.lower_is_open)
    return _lower_half(count, size, width)


def _lower_half(count: int, size: int, width: int) -> CodedShare:
    """Bands 0 to w, above w to 2w, ..., and one around 50, open at both ends, that holds two counts."""
    edges = [edge for edge in range(width, 50, width) if (100 - 2 * edge) * size > 200]
    lower = 0
    for edge in edges:
        if 100 * count <= edge * size:
            return CodedShare(lower, edge, lower_is_open=lower > 0)
        lower = edge
    return CodedShare(lower, 100 - lower, lower_is_open=True, upper_is_open=True)


def coded_parts(counts: Sequence[int], *, minimum: int = LEAST_SIZE) -> tuple[CodedShare, ...] | None:
    """The parts of a whole, each coded; None for a whole below ``minimum``.

    If one of two parts is coded at an end so is the other. Three or more parts narrow each other; declare
    them by ``share_relations`` so that the auditor sees it.
    """
    coded = [coded_share(count, sum(counts), minimum=minimum) for count in counts]
    shown = [share for share in coded if share is not None]
    return tuple(shown) if len(shown) == len(counts) and shown else None


def share_relations(count: str, size: str, share: CodedShare) -> tuple[Relation, ...]:
    """What a shown ``share`` tells of the cells ``count`` and ``size``, whether these are shown or not."""
    at_most = Relation(((count, 100), (size, -share.upper)), "<=", -1.0 if share.upper_is_open else 0.0)
    if share.lower == 0:
        return (at_most,)
    at_least = Relation(((size, share.lower), (count, -100)), "<=", -1.0 if share.lower_is_open else 0.0)
    return at_least, at_most


@dataclass(frozen=True)
class ShownShare:
    """A share of ``size`` (shown) as printed with ``digits`` decimals, whose count is the cell ``count``."""

    count: str
    share: float
    digits: int
    size: int


def counts_behind(share: float, digits: int, size: int) -> range:
    """The counts of ``size`` whose share rounds to ``share``; empty if none does. Ties round to even or away.

    >>> counts_behind(0.13, 2, 15)
    range(2, 3)
    """
    shown = Fraction(round(share * 10**digits), 10**digits)
    half = Fraction(1, 2 * 10**digits)
    return range(max(0, ceil((shown - half) * size)), min(size, floor((shown + half) * size)) + 1)


def known_counts(shown: Iterable[ShownShare]) -> dict[str, range]:
    """For each count what all shares of it leave possible; a range of one is a count told outright.

    Raises ``ValueError`` where two shown shares of a count exclude each other.
    """
    known: dict[str, range] = {}
    for figure in shown:
        behind = counts_behind(figure.share, figure.digits, figure.size)
        before = known.get(figure.count, behind)
        known[figure.count] = range(max(before.start, behind.start), min(before.stop, behind.stop))
        if not known[figure.count]:
            raise ValueError(f"no count of {figure.count} has all the shares that are shown of it")
    return known


def with_known_counts(cells: LinkedCells, known: Mapping[str, range]) -> LinkedCells:
    """``cells`` as they are to readers who know the counts to be within ``known``."""
    narrowed = []
    for cell in cells.cells:
        if cell.name in known:
            least, most = known[cell.name].start, known[cell.name].stop - 1
            cell = replace(cell, at_least=max(cell.at_least, least), at_most=min(cell.at_most, most))
        narrowed.append(cell)
    return LinkedCells(tuple(narrowed), cells.relations, cells.together)
