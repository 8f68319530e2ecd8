"""Counts rounded to a base: never hidden, never exact, and no longer adding up."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace

from transforms.disclosure.cells import LinkedCells, Publication, Relation


@dataclass(frozen=True)
class RoundedCounts:
    """``shown`` by cell; ``is_random`` says how far off each can be; ``gaps``: sums that no longer hold."""

    base: int
    is_random: bool
    shown: Mapping[str, int]
    gaps: tuple[tuple[Relation, float], ...]

    def known(self, name: str) -> tuple[int, int]:
        """The least and most count that can be behind what is shown."""
        shown = self.shown[name]
        if self.is_random:
            return max(0, shown - self.base + 1), shown + self.base - 1
        is_even = (shown // self.base) % 2 == 0
        reach = self.base // 2 if is_even else (self.base - 1) // 2
        return max(0, shown - reach), shown + reach


def round_counts(cells: LinkedCells, base: int, *, key: bytes | None = None) -> RoundedCounts:
    """Round every open count of ``cells`` to a multiple of ``base``.

    With a secret ``key``: up with probability remainder / base, drawn from the key and the cell's name, so
    that it is unbiased over keys and the same every night (a cell rounded anew each night would be averaged
    out). Without: to the nearest multiple, halves to the even one. A multiple stays as it is, zero included.
    Totals are rounded by themselves, so parts need not add up to them; ``gaps`` says where and by how much.
    Rounding tells a small count to within the base: with a base under the minimum it protects less than
    hiding.
    """
    if base < 2:
        raise ValueError(f"rounding to {base} changes nothing")
    counts = [c for c in cells.cells if c.publication is Publication.OPEN and c.is_whole]
    shown = {
        c.name: _rounded(int(c.value), base, _draw(key, c.name) if key is not None else None) for c in counts
    }
    gaps = []
    for relation in cells.relations:
        if relation.sense == "==" and all(name in shown for name, _ in relation.terms):
            gap = sum(c * shown[name] for name, c in relation.terms) - relation.constant
            gaps += [(relation, gap)] if gap else []
    return RoundedCounts(base, key is not None, shown, tuple(gaps))


def as_rounded(cells: LinkedCells, rounded: RoundedCounts) -> LinkedCells:
    """``cells`` for the auditor: each count is unknown within what its rounding tells.

    All that rounding promises is that readers learn no more than that: the interval that every cell must
    keep.
    """
    changed = []
    for cell in cells.cells:
        if cell.name in rounded.shown:
            least, most = rounded.known(cell.name)
            never = Publication.NEVER
            cell = replace(cell, publication=never, at_least=least, at_most=most, must_cover=(least, most))
        changed.append(cell)
    return LinkedCells(tuple(changed), cells.relations, cells.together)


def _rounded(count: int, base: int, draw: float | None) -> int:
    down, rest = divmod(count, base)
    if draw is not None:
        return base * (down + (draw < rest / base))
    goes_up = 2 * rest > base or (2 * rest == base and down % 2 == 1)
    return base * (down + goes_up)


def _draw(key: bytes, name: str) -> float:
    """Uniform on [0, 1) for who has the key, and the same for the same cell."""
    digest = hmac.new(key, name.encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big") / 2**64
