"""What to hide of many linked tables: piece by piece, and as one problem where that is not enough."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.disclosure import LinkedCells, Rule, Verdict, audit, suppress


def all_to_hide(
    cells: LinkedCells, pieces: LinkedCells, rule: Rule, hidden: frozenset[str]
) -> frozenset[str]:
    """Names of what must not be shown of ``cells``, ``hidden`` among them.

    ``pieces`` are the same cells with fewer relations: what is sought in each of them by itself is quick, and
    attacked with all relations. Only what the attack gets the better of is sought again as one problem.
    """
    todo: Sequence[LinkedCells] = pieces.components
    while todo:
        for piece in todo:
            hidden |= suppress(piece, rule, hidden=hidden & piece.position.keys()).hidden
        torn = _torn(cells, rule, hidden)
        todo = [piece for piece in pieces.components if not torn.isdisjoint(piece.position)]
        hidden |= torn
    attacked = audit(cells, hidden, rule)
    failed = {finding.cell for finding in attacked.findings if finding.verdict is Verdict.FAIL}
    for whole in cells.components:
        if not failed.isdisjoint(whole.position):
            hidden |= suppress(whole, rule, hidden=hidden & whole.position.keys()).hidden
    return hidden


def _torn(cells: LinkedCells, rule: Rule, hidden: frozenset[str]) -> frozenset[str]:
    """Cells that are shown though one of the same persons is hidden."""
    names = {name for group in cells.together if not hidden.isdisjoint(group) for name in group}
    return frozenset(name for name in names - hidden if not rule.stays_shown(cells[name]))
