"""The engine's work on one component: hide, find movements, hide what moved, show what is not needed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from transforms.disclosure.cells import LinkedCells, Publication, Rule
from transforms.disclosure.movement import WHOLE, Floats, Movement, Movements

NO_COST = 1e-9  # of a movement that touches hidden cells only; the least price is a million times that
MOST_PROVED_ANEW = 60  # targets that lean on a cell; with more it is hardly spare, and finding out is slow
ROUNDS = 3  # of scaling prices by how far a cell moved


@dataclass(frozen=True)
class Target:
    """``cell`` must be able to differ from its true value by ``by`` (negative: downwards)."""

    cell: int
    by: float

    def is_met_by(self, moved: Floats) -> bool:
        step = moved[self.cell]
        return bool(step >= self.by - WHOLE) if self.by > 0 else bool(step <= self.by + WHOLE)


class Protection:
    """Which cells of one component are hidden, and the movements that prove each target met."""

    def __init__(self, component: LinkedCells, rule: Rule, forced: frozenset[str]) -> None:
        self._component = component
        self._rule = rule
        self._movements = Movements(component, rule)
        self._proofs: list[Floats] = []  # deviations from the true table
        self._targets: list[Target] = []
        self._short: list[int] = []
        self._can_hide = [
            c.publication is Publication.OPEN and not rule.stays_shown(c) for c in component.cells
        ]
        self._group = _groups(component, self._can_hide)
        self._group_weight = {
            g: sum(component.weight(component.cells[i].name) for i in g) for g in set(self._group)
        }
        self._hidden: set[int] = set()
        self._must_hide: set[int] = set()
        for i, cell in enumerate(component.cells):
            self._movements.set_price(i, self._full_price(i))
            if cell.name in forced or rule.must_cover(cell) is not None:
                self._must_hide.update(j for j in self._group[i] if self._can_hide[j])
        self._hide(self._must_hide)

    def hidden_names(self) -> frozenset[str]:
        return frozenset(self._component.cells[i].name for i in self._hidden)

    def unprotected(self) -> Iterable[tuple[str, float, float]]:
        """Cells that no hiding protects, with the bounds that stay, unless the rule alone implies them."""
        if not any(
            c.publication is Publication.OUT or np.isfinite(c.at_most) or c.at_least
            for c in self._component.cells
        ):
            return
        for i in sorted(set(self._short)):
            value = self._movements.values[i]
            down, up = (self._movements.furthest(i, upwards) for upwards in (False, True))
            yield self._component.cells[i].name, value - down, value + up

    def protect(self) -> None:
        """Hide until every target is met."""
        for target in self._wanted():
            self._meet(target)
        while (undetermined := self._first_determined()) is not None:
            self._free(undetermined)

    def show_again(self) -> None:
        """Show cells that are hidden and not needed, the dearest first."""
        spare = {self._group[i] for i in self._hidden - self._must_hide}
        for group in sorted(spare, key=lambda g: (-self._group_weight[g], g)):
            self._try_to_show(group)

    def _wanted(self) -> list[Target]:
        wanted = []
        for i, cell in enumerate(self._component.cells):
            interval = self._rule.must_cover(cell)
            if interval is None or cell.publication is Publication.OUT:
                continue
            lower, upper = interval
            wanted += [Target(i, lower - cell.value)] if lower < cell.value else []
            wanted += [Target(i, upper - cell.value)] if upper > cell.value else []
        return sorted(wanted, key=lambda t: (-abs(t.by), t.cell, t.by))

    def _meet(self, target: Target) -> None:
        if any(target.is_met_by(moved) for moved in self._proofs):
            self._targets.append(target)
            return
        movement = self._cheapest(target)
        if movement is None:
            self._short.append(target.cell)
            reach = self._movements.furthest(target.cell, target.by > 0)
            if reach > WHOLE:
                self._meet(Target(target.cell, reach if target.by > 0 else -reach))
            return
        self._targets.append(target)
        self._accept(movement)

    def _accept(self, movement: Movement) -> None:
        moved = movement.values - self._movements.values
        self._proofs.append(moved)
        self._hide(i for i in np.flatnonzero(np.abs(moved) > WHOLE).tolist() if self._can_hide[i])

    def _cheapest(self, target: Target) -> Movement | None:
        """Cheapest by what is hidden, not by how far it moves: prices are divided by the last distance."""
        best = self._movements.cheapest(target.cell, target.by)
        if best is None or best.cost <= WHOLE:
            return best
        least, latest = self._loss(best), best
        for _ in range(ROUNDS):
            scaled = self._scale(latest, abs(target.by))
            again = self._movements.cheapest(target.cell, target.by)
            for i in scaled:
                self._movements.set_price(i, self._full_price(i))
            if again is None or np.array_equal(again.values, latest.values):
                break
            latest = again
            if self._loss(again) < least:
                least, best = self._loss(again), again
        return best

    def _scale(self, movement: Movement, distance: float) -> list[int]:
        moved = np.abs(movement.values - self._movements.values)
        scaled = [i for i in np.flatnonzero(moved > WHOLE).tolist() if self._movements.price[i] > 0]
        for i in scaled:
            self._movements.set_price(i, self._full_price(i) * distance / float(moved[i]))
        return scaled

    def _loss(self, movement: Movement) -> float:
        moved = np.flatnonzero(np.abs(movement.values - self._movements.values) > WHOLE).tolist()
        return sum(self._group_weight[g] for g in {self._group[i] for i in moved if self._full_price(i) > 0})

    def _full_price(self, i: int) -> float:
        if not self._can_hide[i] or i in self._hidden:
            return 0.0
        return max(self._group_weight[self._group[i]], 1e-3)  # a price of 0 would be taken for hidden

    def _hide(self, cells: Iterable[int]) -> None:
        for i in cells:
            for member in self._group[i]:
                self._hidden.add(member)
                self._movements.set_price(member, 0.0)

    def _first_determined(self) -> int | None:
        """A hidden cell that no proof moves and for which no movement was sought in vain."""
        for i in sorted(self._hidden - set(self._short)):
            if all(abs(moved[i]) <= WHOLE for moved in self._proofs):
                return i
        return None

    def _step(self, i: int) -> float:
        """The least change that counts as another value."""
        cell = self._component.cells[i]
        return 1.0 if cell.is_whole else max(abs(cell.value) * 0.01, WHOLE * 10)

    def _free(self, i: int) -> None:
        """Let a hidden cell take at least one other value."""
        either = [self._cheapest(Target(i, by)) for by in (self._step(i), -self._step(i))]
        found = [movement for movement in either if movement is not None]
        if not found:
            self._short.append(i)
            return
        self._accept(min(found, key=self._loss))

    def _try_to_show(self, group: tuple[int, ...]) -> None:
        """Show ``group`` if every target and every hidden cell has a movement that leaves it alone."""
        for i in group:
            self._hidden.discard(i)
            self._movements.set_price(i, self._full_price(i))
        kept = [moved for moved in self._proofs if all(abs(moved[i]) <= WHOLE for i in group)]
        others = len(kept)
        unmet = [t for t in self._targets if not any(t.is_met_by(moved) for moved in kept)]
        is_spare = (
            len(unmet) <= MOST_PROVED_ANEW
            and all(self._reprove(target, kept) for target in unmet)
            and self._reprove_moving(kept)
        )
        if is_spare:
            self._proofs = kept
        else:
            self._hide(group)
            self._proofs += kept[others:]  # movements of hidden cells, so they hold

    def _reprove(self, target: Target, proofs: list[Floats]) -> bool:
        if any(target.is_met_by(moved) for moved in proofs):
            return True
        movement = self._movements.cheapest(target.cell, target.by, most=NO_COST)
        if movement is None or movement.cost > NO_COST:
            return False
        proofs.append(movement.values - self._movements.values)
        return True

    def _reprove_moving(self, proofs: list[Floats]) -> bool:
        for i in sorted(self._hidden - set(self._short)):
            if any(abs(moved[i]) > WHOLE for moved in proofs):
                continue
            if not any(self._reprove(Target(i, by), proofs) for by in (self._step(i), -self._step(i))):
                return False
        return True


def _groups(component: LinkedCells, can_hide: list[bool]) -> list[tuple[int, ...]]:
    """For each cell those that are hidden with it, itself among them; groups that share a cell are one."""
    group: list[tuple[int, ...]] = [(i,) for i in range(len(component.cells))]
    for names in component.together:
        members = {component.position[name] for name in names if can_hide[component.position[name]]}
        joined = tuple(sorted({other for i in members for other in group[i]}))
        for i in joined:
            group[i] = joined
    return group
