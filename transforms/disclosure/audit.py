"""The attacking auditor: is a hidden cell, for a reader of what is shown, narrower than the rule allows?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from math import inf, isfinite
from time import monotonic

from transforms.disclosure.attack import CLOSE, Bounds, Effort, attack, unknowns
from transforms.disclosure.cells import Cell, LinkedCells, Publication, Rule
from transforms.disclosure.verdicts import Audit, Finding, Verdict, by_table


def audit(cells: LinkedCells, hidden: Collection[str], rule: Rule, *, seconds: float = inf) -> Audit:
    """Attack a release that shows all of ``cells`` but those ``hidden`` and those that are never published.

    Fails: a sensitive cell that is shown, or that readers can narrow below what ``rule`` demands by what is
    shown; any other hidden cell that can be computed exactly; a hidden zero where the rule says that zeros
    are shown; a group of which a part is hidden. Review: fewer than ``rule.narrow`` values are left;
    sensitivity was not testable; an earlier release has already told, whatever this one shows; not finished
    in ``seconds``. For two releases give ``after_release(...)``. Raises ``ContradictionError`` if nothing
    agrees with what is shown.
    """
    withheld = {c.name for c in cells.cells if _is_withheld(c, hidden)}
    effort = Effort(monotonic() + seconds)
    targets = [c.name for c in cells.cells if c.name in withheld and _is_attacked(c, rule)]
    bounds = _bounds(cells, withheld, targets, rule, effort)
    doubtful = [name for name in targets if name in bounds and _problem(cells[name], bounds[name], rule)]
    at_best = _bounds(cells, _all_withheld(cells, rule), doubtful, rule, effort)
    by_rule = _by_rule(cells, doubtful, rule, effort)
    findings = (
        *_told_outright(cells, withheld, rule),
        *_torn_groups(cells, withheld, rule),
        *(
            _judged(cells[name], bounds[name], at_best.get(name), by_rule.get(name), rule)
            for name in doubtful
        ),
        *_narrow(cells, bounds, set(doubtful), rule),
        *(
            Finding(name, cells[name].tables, Verdict.REVIEW, "not finished in time")
            for name in sorted(set(effort.unfinished))
        ),
    )
    found = tuple(finding for finding in findings if finding.verdict is not Verdict.PASS)
    return Audit(
        tables=by_table({cell.name: cell.tables for cell in cells.cells}, found),
        findings=found,
        bounds=bounds,
        n_cells=sum(cell.may_show for cell in cells.cells),
        n_shown=sum(cell.name not in withheld for cell in cells.cells),
        n_sensitive=sum(rule.must_cover(cell) is not None for cell in cells.cells),
        n_programmes=effort.n_programmes,
    )


def bounds_of(
    cells: LinkedCells, hidden: Collection[str], targets: Collection[str], rule: Rule
) -> dict[str, Bounds]:
    """The least and most that readers must hold possible of each of ``targets``, which are hidden.

    Raises ``ContradictionError`` if nothing agrees with what is shown.
    """
    withheld = {c.name for c in cells.cells if _is_withheld(c, hidden)}
    return _bounds(cells, withheld, targets, rule, Effort(inf))


def _is_withheld(cell: Cell, hidden: Collection[str]) -> bool:
    if cell.publication is Publication.OUT:
        return False
    return cell.publication is Publication.NEVER or cell.name in hidden


def _is_attacked(cell: Cell, rule: Rule) -> bool:
    """Cells that are never published and not sensitive, or may be known, hide nothing."""
    needed = rule.must_cover(cell)
    return cell.publication is Publication.OPEN or (needed is not None and needed[0] < needed[1])


def _all_withheld(cells: LinkedCells, rule: Rule) -> set[str]:
    """The least that a release can show: zeros by rule, and what is out already."""
    return {c.name for c in cells.cells if c.publication is not Publication.OUT and not rule.stays_shown(c)}


def _bounds(
    cells: LinkedCells, withheld: set[str], targets: Collection[str], rule: Rule, effort: Effort
) -> dict[str, Bounds]:
    if not targets:
        return {}
    known = {name: rule.known_of_hidden(cells[name]) for name in withheld}
    found: dict[str, Bounds] = {}
    wanted = frozenset(targets)
    for block in unknowns(cells, known):
        found |= attack(block, wanted, effort)
    return found


def _problem(cell: Cell, bounds: Bounds, rule: Rule) -> str:
    """What is wrong with a hidden cell of which readers know ``bounds``; empty if nothing is."""
    lower, upper = bounds
    needed = rule.must_cover(cell)
    least_width = 1.0 if cell.is_whole else 0.01 * abs(cell.value)
    if upper - lower < least_width - CLOSE and not (needed is not None and needed[0] == needed[1]):
        return "can be computed from what is shown"
    if needed is not None and (lower > needed[0] + CLOSE or upper < needed[1] - CLOSE):
        return f"can be narrowed below {needed[0]:g} to {needed[1]:g}"
    return ""


def _by_rule(cells: LinkedCells, doubtful: Collection[str], rule: Rule, effort: Effort) -> dict[str, Bounds]:
    """Bounds for one who knows relations and rule but nothing that was published before."""
    if not any(_is_told(cell) for cell in cells.cells):
        return {}
    least = rule.least_hidden  # that a hidden count is no zero is of the rule
    untold = LinkedCells(
        tuple(replace(c, at_least=min(c.at_least, least), at_most=inf) for c in cells.cells), cells.relations
    )
    return _bounds(untold, {c.name for c in cells.cells if not rule.stays_shown(c)}, doubtful, rule, effort)


def _is_told(cell: Cell) -> bool:
    return cell.publication is Publication.OUT or cell.at_least > 0 or isfinite(cell.at_most)


def _judged(
    cell: Cell, bounds: Bounds, at_best: Bounds | None, by_rule: Bounds | None, rule: Rule
) -> Finding:
    """Fail, unless hiding everything would leave readers with the same: then this release adds nothing."""
    lower, upper = bounds
    needed = rule.must_cover(cell)
    problem, known = _problem(cell, bounds, rule), f"{lower:g} to {upper:g}"
    if at_best is None or _adds(bounds, at_best, needed):
        return Finding(cell.name, cell.tables, Verdict.FAIL, f"{problem}: {known}", lower, upper)
    if by_rule is not None and _adds(bounds, by_rule, needed):
        reason = f"{problem}, with what is public already: {known}"
        return Finding(cell.name, cell.tables, Verdict.REVIEW, reason, lower, upper)
    return Finding(cell.name, cell.tables, Verdict.PASS, "as the rule alone implies", lower, upper)


def _adds(bounds: Bounds, at_best: Bounds, needed: Bounds | None) -> bool:
    """Whether ``bounds`` are narrower than ``at_best`` where the rule wants them wide."""
    lower = max(at_best[0], needed[0]) if needed is not None else at_best[0]
    upper = min(at_best[1], needed[1]) if needed is not None else at_best[1]
    return bounds[0] > lower + CLOSE or bounds[1] < upper - CLOSE


def _told_outright(cells: LinkedCells, withheld: set[str], rule: Rule) -> Iterable[Finding]:
    for cell in cells.cells:
        if cell.name in withheld:
            if rule.stays_shown(cell):
                yield Finding(
                    cell.name,
                    cell.tables,
                    Verdict.FAIL,
                    "a hidden zero, where the rule says that zeros are shown",
                )
            continue
        if rule.must_cover(cell) is not None:
            is_out = cell.publication is Publication.OUT
            reason = "sensitive and public already" if is_out else "sensitive and shown"
            yield Finding(cell.name, cell.tables, Verdict.REVIEW if is_out else Verdict.FAIL, reason)
        elif cell.untested:
            yield Finding(cell.name, cell.tables, Verdict.REVIEW, cell.untested)


def _torn_groups(cells: LinkedCells, withheld: set[str], rule: Rule) -> Iterable[Finding]:
    for group in cells.together:
        open_cells = [
            c
            for c in map(cells.__getitem__, group)
            if c.publication is Publication.OPEN and not rule.stays_shown(c)
        ]
        is_shown = [cell for cell in open_cells if cell.name not in withheld]
        if is_shown and len(is_shown) < len(open_cells):
            for cell in is_shown:
                yield Finding(
                    cell.name,
                    cell.tables,
                    Verdict.FAIL,
                    "shown though it tells of a hidden cell of its group",
                )


def _narrow(cells: LinkedCells, bounds: dict[str, Bounds], failed: set[str], rule: Rule) -> Iterable[Finding]:
    for name, (lower, upper) in bounds.items():
        cell = cells[name]
        if name not in failed and cell.is_whole and upper - lower + 1 < rule.narrow:
            reason = f"only {upper - lower + 1:.0f} values remain possible"
            yield Finding(name, cell.tables, Verdict.REVIEW, reason, lower, upper)
