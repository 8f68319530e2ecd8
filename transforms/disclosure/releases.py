"""Two releases as one problem: what the last one said narrows what this one hides."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from transforms.disclosure.cells import Cell, LinkedCells, Publication, Relation, Rule

EARLIER = "earlier/"


def after_release(
    current: LinkedCells,
    earlier: LinkedCells,
    earlier_hidden: Collection[str],
    links: Sequence[Relation] = (),
    *,
    earlier_rule: Rule,
    differences: Sequence[Cell] = (),
) -> LinkedCells:
    """``current`` together with all that ``earlier`` gave away; suppress and audit the result like any cells.

    Cells of the earlier release are renamed ``earlier/NAME``; use these names in ``links``: ``same_count``
    for a count that is in both, ``total_of("earlier/N", ("N", "left"))`` where the populations differ by the
    persons of ``left``, a cell of ``differences`` (never published, sensitive when it is small). What was
    shown is out and cannot be taken back; what was hidden is known to be no zero where the earlier rule
    showed zeros.
    """
    known = tuple(_as_known(cell, cell.name in earlier_hidden, earlier_rule) for cell in earlier.cells)
    relations = tuple(_renamed(relation) for relation in earlier.relations)
    return LinkedCells(
        (*current.cells, *differences, *known),
        (*current.relations, *relations, *links),
        current.together,
    )


def _as_known(cell: Cell, was_hidden: bool, rule: Rule) -> Cell:
    """A cell of the earlier release as readers of the present one know it; it is of no table here."""
    known = replace(cell, name=EARLIER + cell.name, tables=())
    if cell.publication is Publication.OPEN and not was_hidden:
        return replace(known, publication=Publication.OUT)
    if cell.publication is not Publication.OPEN:
        return known
    least, most = rule.known_of_hidden(cell)
    return replace(known, publication=Publication.NEVER, at_least=least, at_most=most)


def _renamed(relation: Relation) -> Relation:
    return Relation(
        tuple((EARLIER + name, c) for name, c in relation.terms), relation.sense, relation.constant
    )
