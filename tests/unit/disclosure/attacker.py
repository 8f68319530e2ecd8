"""An attacker that shares nothing with engine or auditor: exact elimination, then search over whole numbers.

He has what is shown, the relations, and the rule. To find a table faster he tries values near the true ones
first, which real attackers cannot: it changes the time only. A search that goes on for too long is left to a
mixed-integer programme of his own.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from transforms.disclosure import LinkedCells, Publication, Rule

SEARCHED_AT_MOST = 1500  # nodes
FAR = 10_000  # no cell of the tables in these tests comes near


@dataclass(frozen=True)
class Constraint:
    """sum of coefficient * unknown == bound, or <= bound."""

    terms: tuple[tuple[int, int], ...]
    bound: int
    is_equation: bool


@dataclass(frozen=True)
class View:
    """The release from outside; ``truth`` serves the order of the search only, ``found`` keeps tables."""

    names: tuple[str, ...]
    least: tuple[int, ...]
    most: tuple[int, ...]
    truth: tuple[int, ...]
    constraints: tuple[Constraint, ...]
    found: list[list[int]] = field(default_factory=list)

    @cached_property
    def touching(self) -> list[list[int]]:
        """The constraints of each cell."""
        lists: list[list[int]] = [[] for _ in self.names]
        for k, constraint in enumerate(self.constraints):
            for i, _ in constraint.terms:
                lists[i].append(k)
        return lists


class _TooLongError(Exception):
    """The search was cut off."""


def seen(cells: LinkedCells, hidden: Collection[str], rule: Rule) -> View:
    """What a reader sees: open cells that are not hidden and those that are out."""
    unknown = [
        c
        for c in cells.cells
        if c.publication is Publication.NEVER or (c.publication is Publication.OPEN and c.name in hidden)
    ]
    at = {c.name: i for i, c in enumerate(unknown)}
    values = {c.name: int(c.value) for c in cells.cells}
    constraints = []
    for relation in cells.relations:
        terms = tuple((at[name], c) for name, c in relation.terms if name in at)
        rest = int(relation.constant) - sum(c * values[name] for name, c in relation.terms if name not in at)
        if terms:
            constraints.append(Constraint(terms, rest, relation.sense == "=="))
    told_nonzero = 0 if rule.hide_zeros else 1
    return View(
        tuple(at),
        tuple(
            max(int(c.at_least), told_nonzero if c.publication is Publication.OPEN else 0) for c in unknown
        ),
        tuple(int(min(c.at_most, FAR)) for c in unknown),
        tuple(int(c.value) for c in unknown),
        tuple(constraints),
    )


def solved_exactly(view: View) -> dict[str, Fraction]:
    """Cells that the equations alone determine, by Gauss-Jordan elimination in rational numbers."""
    n = len(view.names)
    rows = []
    for constraint in view.constraints:
        if constraint.is_equation:
            row = [Fraction(0)] * (n + 1)
            for i, c in constraint.terms:
                row[i] += c
            row[n] = Fraction(constraint.bound)
            rows.append(row)
    done = 0
    for column in range(n):
        pivot = next((r for r in range(done, len(rows)) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[done], rows[pivot] = rows[pivot], rows[done]
        scale = rows[done][column]
        rows[done] = [value / scale for value in rows[done]]
        for r, row in enumerate(rows):
            if r != done and row[column]:
                factor = row[column]
                rows[r] = [a - factor * b for a, b in zip(row, rows[done], strict=True)]
        done += 1
    found = {}
    for row in rows[:done]:
        alone = [i for i in range(n) if row[i]]
        if len(alone) == 1:
            found[view.names[alone[0]]] = row[n]
    return found


def exists(view: View, cell: str, least: int, most: int) -> bool:
    """Whether a whole-number table agrees with the view and has ``cell`` between ``least`` and ``most``."""
    i = view.names.index(cell)
    if any(least <= table[i] <= most for table in view.found):
        return True
    lower, upper = list(view.least), list(view.most)
    lower[i], upper[i] = max(lower[i], least), min(upper[i], most)
    try:
        return _search(view, list(lower), list(upper), range(len(view.constraints)), [SEARCHED_AT_MOST])
    except _TooLongError:
        return _by_programme(view, lower, upper)


def _by_programme(view: View, lower: list[int], upper: list[int]) -> bool:
    rows = np.zeros((len(view.constraints), len(lower)))
    for k, constraint in enumerate(view.constraints):
        for i, c in constraint.terms:
            rows[k, i] += c
    most = np.array([constraint.bound for constraint in view.constraints])
    least = np.where([constraint.is_equation for constraint in view.constraints], most, -np.inf)
    tables = LinearConstraint(rows, least, most)
    solved = milp(np.zeros(len(lower)), constraints=tables, bounds=Bounds(lower, upper), integrality=1)
    assert solved.status in (0, 2), solved.message
    if solved.x is not None:
        view.found.append([round(value) for value in solved.x])
    return solved.x is not None


def _search(view: View, lower: list[int], upper: list[int], due: Collection[int], budget: list[int]) -> bool:
    budget[0] -= 1
    if budget[0] < 0:
        raise _TooLongError
    if not _tighten(view, lower, upper, due):
        return False
    free = [i for i in range(len(lower)) if lower[i] < upper[i]]
    if not free:
        view.found.append(lower)
        return True
    i = min(free, key=lambda j: (upper[j] - lower[j], j))
    near = min(max(view.truth[i], lower[i]), upper[i])
    for low, high in ((near, near), (lower[i], near - 1), (near + 1, upper[i])):
        if low <= high:
            lower_next, upper_next = list(lower), list(upper)
            lower_next[i], upper_next[i] = low, high
            if _search(view, lower_next, upper_next, view.touching[i], budget):
                return True
    return False


def _tighten(view: View, lower: list[int], upper: list[int], due: Collection[int]) -> bool:
    """Narrow bounds by each constraint until nothing changes; False if none is left."""
    if any(low > high for low, high in zip(lower, upper, strict=True)):
        return False
    queue = dict.fromkeys(due)
    while queue:
        constraint = view.constraints[next(iter(queue))]
        del queue[next(iter(queue))]
        for sign in (1, -1) if constraint.is_equation else (1,):
            terms = [(i, sign * c) for i, c in constraint.terms]
            spare = sign * constraint.bound - sum(c * (lower[i] if c > 0 else upper[i]) for i, c in terms)
            if spare < 0:
                return False
            for i, c in terms:
                if c > 0 and upper[i] > lower[i] + spare // c:
                    upper[i] = lower[i] + spare // c
                elif c < 0 and lower[i] < upper[i] - spare // -c:
                    lower[i] = upper[i] - spare // -c
                else:
                    continue
                queue.update(dict.fromkeys(view.touching[i]))
    return True


def caught(cells: LinkedCells, hidden: Collection[str], rule: Rule) -> list[str]:
    """What the attacker learns that the rule forbids, one line each."""
    view = seen(cells, hidden, rule)
    closed = seen(cells, {c.name for c in cells.cells if c.value or rule.hide_zeros}, rule)
    found = []
    exact = solved_exactly(view)
    for cell in cells.cells:
        is_open, is_small = (
            cell.publication is Publication.OPEN,
            rule.least_hidden <= cell.value < rule.minimum,
        )
        if cell.publication is Publication.OUT or (cell.value == 0 and not (rule.hide_zeros and is_open)):
            continue
        if cell.name not in view.names:
            found += [f"{cell.name} is shown"] if is_small else []
        elif cell.name in exact and (is_open or is_small):
            found.append(f"{cell.name} is {exact[cell.name]}")
        elif is_small:
            found += _narrowed(view, closed, cell.name, rule)
        elif is_open and not _has_another(view, cell.name, int(cell.value)):
            found.append(f"{cell.name} can only be {cell.value:g}")
    return found


def _narrowed(view: View, closed: View, name: str, rule: Rule) -> list[str]:
    """Either end of the rule's range out of reach, unless it is so with everything hidden."""
    found = []
    low = rule.least_hidden
    while not exists(closed, name, 0, low):
        low += 1
    if not exists(view, name, 0, low):
        found.append(f"{name} is more than {low}")
    high = rule.minimum - 1
    while not exists(closed, name, high, FAR):
        high -= 1
    if not exists(view, name, high, FAR):
        found.append(f"{name} is less than {high}")
    return found


def _has_another(view: View, name: str, value: int) -> bool:
    return exists(view, name, value + 1, FAR) or exists(view, name, 0, value - 1)
