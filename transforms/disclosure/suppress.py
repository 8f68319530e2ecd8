"""What to hide: small cells, and as little else as keeps them from being recovered."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from transforms.disclosure.cells import LinkedCells, Publication, Rule
from transforms.disclosure.protection import Protection


@dataclass(frozen=True)
class Unprotected:
    """A hidden cell that stays narrower than the rule if all is hidden: what is public already pins it."""

    name: str
    lower: float
    upper: float


@dataclass(frozen=True)
class Suppression:
    """What to hide. ``primary`` by rule, ``complementary`` so that no hidden cell can be recovered.

    Readers must not be told which is which: that a cell is complementary says that it is not small.
    """

    primary: frozenset[str]
    complementary: frozenset[str]
    unprotected: tuple[Unprotected, ...]

    @property
    def hidden(self) -> frozenset[str]:
        return self.primary | self.complementary


def suppress(cells: LinkedCells, rule: Rule, *, hidden: Collection[str] = ()) -> Suppression:
    """Hide the sensitive cells of ``cells`` and the least weight of others that protects them.

    Afterwards, for every sensitive cell there are whole-number tables, equal to the true one in all that is
    shown and keeping every relation, with the cell at either end of what the rule demands; and every other
    hidden cell has more than one possible value. ``hidden`` stays hidden: what an earlier release, from which
    this one starts, did not show. Deterministic. Raises ``ValueError`` if ``hidden`` names an unknown cell or
    one that is out, or a zero that ``rule`` says is shown.

    Each target is met by the cheapest movement to such a table (linear programmes in sequence, as in Kelly,
    Golden and Assad 1992, "Cell suppression: disclosure protection for sensitive tabular data", Networks 22;
    the prices are scaled as in fixed-charge problems); afterwards cells are shown again, dearest first, where
    every target can still be met.
    """
    _check(cells, rule, hidden)
    primary: set[str] = set()
    others: set[str] = set()
    unprotected: list[Unprotected] = []
    for component in cells.components:
        forced = frozenset(name for name in component.position if name in hidden)
        sensitive = frozenset(c.name for c in component.cells if rule.must_cover(c) is not None)
        if not forced and not sensitive:
            continue
        protection = Protection(component, rule, forced)
        protection.protect()
        protection.show_again()
        shown = protection.hidden_names()
        primary |= shown & sensitive
        others |= shown - sensitive
        unprotected += [Unprotected(*limits) for limits in protection.unprotected()]
    return Suppression(frozenset(primary), frozenset(others), tuple(unprotected))


def _check(cells: LinkedCells, rule: Rule, hidden: Collection[str]) -> None:
    for name in sorted(hidden):
        if name not in cells.position:
            raise ValueError(f"no such cell to keep hidden: {name}")
        if cells[name].publication is Publication.OUT:
            raise ValueError(f"{name} is public already and cannot be hidden")
        if rule.stays_shown(cells[name]):
            raise ValueError(f"{name} is a zero that was hidden before; hide_zeros has to stay on")
