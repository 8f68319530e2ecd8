"""What readers have from the releases of a study before this one.

Two builds that differ by a few persons tell of these persons: a mean of 40 and a mean of the same 40 and one
more give the one. So the last release and this one are one problem. A count that is not shown now keeps what
was shown of it last, however many builds ago.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from transforms.disclosure import (
    EARLIER,
    Cell,
    LinkedCells,
    Publication,
    Relation,
    Rule,
    after_release,
    part_of,
    same_count,
)
from transforms.release.counted import Persons

FORMER = "former/"
_CHANGE = "change since "


@dataclass(frozen=True)
class Told:
    """What a release told of one kind of persons.

    ``cells`` have the true counts, ``hidden`` those that were not shown. ``former``: by name of a cell that
    it does not show, the count that the last release with it showed.
    """

    cells: LinkedCells
    hidden: frozenset[str]
    minimum: int
    former: Mapping[str, int] = field(default_factory=dict)

    def shown(self) -> Mapping[str, int]:
        """The counts that readers have of it."""
        return {c.name: int(c.value) for c in self.cells.cells if c.may_show and c.name not in self.hidden}


@dataclass(frozen=True)
class LastRelease:
    """The release before this one; ``not_compared`` says why nothing could be held against it."""

    told: Mapping[Persons, Told] = field(default_factory=dict)
    not_compared: str = ""


@dataclass(frozen=True)
class Compared:
    """``cells`` of this release with what readers know of the last.

    ``settled`` are of parts that did not change, where the same is shown as before.
    """

    cells: LinkedCells
    settled: frozenset[str]
    settled_hidden: frozenset[str]

    @property
    def unsettled(self) -> LinkedCells:
        """The part in which it is still open what is hidden."""
        return self.cells.among({cell.name for cell in self.cells.cells} - self.settled)


def compare(
    current: LinkedCells,
    hidden: Collection[str],
    last: Told | None,
    rule: Rule,
    may_change: Collection[str] = frozenset(),
) -> Compared:
    """Link ``current``, of which ``hidden`` is hidden already, with the last release.

    Readers are taken to know which counts did not change, and which way the others did: more than they know,
    so that nothing rests on their doubt. By how much a count of ``may_change`` changed is no secret; any
    other change is a count of the persons who came or left, and protected like one.
    """
    if last is None:
        return Compared(current, frozenset(), frozenset())
    settled = _settled(current, hidden, last, rule)
    before = last.cells.among({cell.name for cell in last.cells.cells} - settled)
    former = [
        Cell(FORMER + cell.name, last.former[cell.name], cell.tables, Publication.OUT)
        for cell in current.cells
        if cell.name in last.former and cell.name not in settled
    ]
    known = [*(replace(c, name=EARLIER + c.name) for c in before.cells), *former]
    changes, links = _links(current, known, may_change)
    both = after_release(
        current,
        before,
        last.hidden & before.position.keys(),
        links,
        earlier_rule=Rule(last.minimum),
        differences=[*former, *changes],
    )
    return Compared(_of_tables(both, current), settled, settled & last.hidden)


def told_by(current: LinkedCells, hidden: frozenset[str], last: Told | None, rule: Rule) -> Told:
    """What this release adds to what readers have."""
    told = Told(current, hidden, rule.minimum)
    if last is None:
        return told
    former, shown = {**last.former, **last.shown()}, told.shown()
    return replace(told, former={name: n for name, n in former.items() if name not in shown})


def _settled(current: LinkedCells, hidden: Collection[str], last: Told, rule: Rule) -> frozenset[str]:
    """Cells of parts in which no figure changed; hiding there what was hidden adds nothing for readers."""
    if rule.minimum != last.minimum:
        return frozenset()
    before = {frozenset(part.position): part for part in last.cells.components}
    settled: set[str] = set()
    for part in current.components:
        names = frozenset(part.position)
        same = before.get(names)
        if same is not None and _is_equal(part, same) and names.intersection(hidden) <= last.hidden:
            settled |= names
    return frozenset(settled)


def _is_equal(one: LinkedCells, other: LinkedCells) -> bool:
    def figures(part: LinkedCells) -> set[tuple[str, float, Publication]]:
        return {(cell.name, cell.value, cell.publication) for cell in part.cells}

    return figures(one) == figures(other) and set(one.relations) == set(other.relations)


def _links(
    current: LinkedCells, known: Iterable[Cell], may_change: Collection[str]
) -> tuple[list[Cell], list[Relation]]:
    """Each known count is that of now, or a change away from it that no table shows."""
    changes: list[Cell] = []
    links: list[Relation] = []
    for one in known:
        name = one.name.partition("/")[2]
        if name not in current.position:
            continue
        by = current[name].value - one.value
        if by == 0:
            links.append(same_count(one.name, name))
        elif name in may_change:
            links.append(part_of(one.name, name) if by > 0 else part_of(name, one.name))
        else:
            change = Cell(_CHANGE + one.name, abs(by), current[name].tables, Publication.NEVER)
            changes.append(change)
            links.append(Relation(((one.name, 1), (name, -1), (change.name, 1 if by > 0 else -1))))
    return changes, links


def _of_tables(both: LinkedCells, current: LinkedCells) -> LinkedCells:
    """What could be worked out of the last release is laid to the table that shows the same now."""
    cells = []
    for cell in both.cells:
        now = cell.name.removeprefix(EARLIER)
        is_earlier = now != cell.name and now in current.position
        cells.append(replace(cell, tables=current[now].tables) if is_earlier else cell)
    return replace(both, cells=tuple(cells))
