"""The counts of the report as linked cells.

The tables are made once as if nothing had to be hidden, and the counts are kept beside the connection: who
hides must know what he hides. ``cell`` is the name of a count and the key of its row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import duckdb

from transforms.disclosure import (
    EARLIER,
    Cell,
    LinkedCells,
    Publication,
    Relation,
    part_of,
    same_count,
    total_of,
)
from transforms.release.counted import Comparison, Counted, Margin, Persons, Same
from transforms.warehouse import quoted

_PREFIX = "temp.true_"
SEPARATOR = " | "
_PLACES = ("school_id", "group_id")


@dataclass(frozen=True)
class Declared:
    """The counts of some tables and how they hang together.

    ``without_persons``: tables that count nobody, each with the reason. ``open_questions``: tables in which
    readers may add up what no link says, each with what; the attack cannot speak for them.
    """

    counted: tuple[Counted, ...]
    margins: tuple[Margin, ...] = ()
    same: tuple[Same, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    without_persons: Mapping[str, str] = field(default_factory=dict)
    open_questions: Mapping[str, str] = field(default_factory=dict)

    def __add__(self, other: Declared) -> Declared:
        return Declared(
            self.counted + other.counted,
            self.margins + other.margins,
            self.same + other.same,
            self.comparisons + other.comparisons,
            {**self.without_persons, **other.without_persons},
            {**self.open_questions, **other.open_questions},
        )

    def of(self, persons: Persons) -> Declared:
        """The part that counts ``persons``; nothing links students and staff."""
        return self._only([one for one in self.counted if one.persons is persons])

    def among(self, tables: Collection[str]) -> Declared:
        """The part that is about ``tables``."""
        return self._only([one for one in self.counted if one.table in tables])

    def _only(self, counted: Sequence[Counted]) -> Declared:
        names, tables = {one.name for one in counted}, {one.table for one in counted}
        return Declared(
            tuple(counted),
            tuple(margin for margin in self.margins if margin.names <= names),
            tuple(same for same in self.same if {same.one, same.other} <= names),
            tuple(one for one in self.comparisons if one.table in tables),
            self.without_persons,
            self.open_questions,
        )


def remember_counts(
    connection: duckdb.DuckDBPyConnection, declared: Declared, parameters: Mapping[str, object]
) -> None:
    """Keep the counts of tables that hide nothing yet, as temporary tables of this connection.

    ``parameters`` are those that the tables will be made with.
    """
    for one in declared.counted:
        key = ", ".join(quoted(column) for column in one.key)
        beside = "".join(f", {sql} as {quoted(name)}" for name, sql in one.beside.items())
        connection.execute(
            f"create or replace temp table {_remembered(one.name)} as"  # noqa: S608 (declared in code)
            f" select {_cell_name(one)} as cell, {key}{beside}, cast({one.count} as bigint) as n,"
            f" {one.loss} as loss, {one.is_personal} as is_personal"
            f" from {quoted(one.table)} as counted where n is not null",
            {name: value for name, value in parameters.items() if f"${name}" in one.count},
        )


def linked_cells(
    connection: duckdb.DuckDBPyConnection, declared: Declared, *, is_strict: bool = False
) -> LinkedCells:
    """The remembered counts of ``declared``, their margins with what no table shows, and equal counts.

    Where ``is_strict``, no remainder may be known.
    """
    cells = [cell for one in declared.counted for cell in _cells(connection, one)]
    relations: list[Relation] = []
    tables = {one.name: one.table for one in declared.counted}
    for margin in declared.margins:
        one = replace(margin, is_rest_known=False) if is_strict else margin
        left, tied = _margin(connection, one, tables[margin.total or margin.parts])
        cells += left
        relations += tied
    pairs = [pair for same in declared.same for pair in _equal(connection, same)]
    relations += [same_count(one, other) for one, other in pairs]
    return LinkedCells(tuple(cells), tuple(relations), tuple(pairs))


def on_record(
    connection: duckdb.DuckDBPyConnection, declared: Declared, cells: LinkedCells
) -> frozenset[str]:
    """Names of ``cells`` beside which nothing personal stands, nor beside what they are a remainder of."""
    personal: set[str] = set()
    for one in declared.counted:
        rows = connection.execute(f"select cell from {_remembered(one.name)} where is_personal")  # noqa: S608
        personal.update(name for (name,) in rows.fetchall())
    remainders = {
        name
        for relation in cells.relations
        if any(name in personal for name, _ in relation.terms)
        for name, _ in relation.terms
        if not cells[name].may_show
    }
    return frozenset(cells.position.keys() - personal - remainders)


def loosened(cells: LinkedCells, declared: Declared) -> LinkedCells:
    """``cells``, of this release or of the last, without the equal counts that ``declared`` has as loose."""
    loose = {frozenset((same.one, same.other)) for same in declared.same if same.is_loose}

    def is_tight(names: Iterable[str]) -> bool:
        return frozenset(_counted_name(name) for name in names) not in loose

    return LinkedCells(
        cells.cells,
        tuple(one for one in cells.relations if is_tight(name for name, _ in one.terms)),
        tuple(group for group in cells.together if is_tight(group)),
    )


def _counted_name(cell: str) -> str:
    return cell.removeprefix(EARLIER).partition(SEPARATOR)[0]


def _hidden_cells(connection: duckdb.DuckDBPyConnection, declared: Declared) -> frozenset[str]:
    """The remembered counts that the tables do not show now, or whose row is gone."""
    hidden: set[str] = set()
    for one in declared.counted:
        shown = " or ".join(f"{quoted(column)} is not null" for column in one.hides) or "true"
        rows = connection.execute(
            f"select cell from {_remembered(one.name)} where cell not in"  # noqa: S608
            f" (select {_cell_name(one)} from {quoted(one.table)} where {shown})"
        )
        hidden.update(name for (name,) in rows.fetchall())
    return frozenset(hidden)


def hidden_persons(
    connection: duckdb.DuckDBPyConnection, declared: Declared, cells: LinkedCells
) -> frozenset[str]:
    """Hidden counts of somebody. That a table leaves a zero empty tells nobody anything."""
    return frozenset(name for name in _hidden_cells(connection, declared) if cells[name].value > 0)


def hide(connection: duckdb.DuckDBPyConnection, declared: Declared, hidden: Iterable[str]) -> None:
    """Empty the figures of the ``hidden`` cells in the tables of the report, or drop their rows.

    What tells of a row that shows nothing then is emptied, too.
    """
    connection.execute(
        "create or replace temp table to_hide as select unnest($names::text[]) as cell",
        {"names": sorted(hidden)},
    )
    for one in declared.counted:
        is_hidden = f"{_cell_name(one)} in (select cell from to_hide)"  # noqa: S608
        if one.is_dropped:
            connection.execute(f"delete from {quoted(one.table)} where {is_hidden}")  # noqa: S608
            continue
        values: Mapping[str, object] = {
            **dict.fromkeys((*one.hides, *one.with_it)),
            **one.words,
            **({one.flag: True} if one.flag else {}),
        }
        places = ", ".join(f"{quoted(column)} = ?" for column in values)
        connection.execute(
            f"update {quoted(one.table)} set {places} where {is_hidden}",  # noqa: S608
            list(values.values()),
        )
    connection.execute("drop table to_hide")
    for comparison in declared.comparisons:
        places = ", ".join(f"{quoted(column)} = null" for column in comparison.hides)
        connection.execute(
            f"update {quoted(comparison.table)} as counted set {places}"  # noqa: S608
            f" where exists (select 1 from {quoted(comparison.table)} as other"
            f" where {comparison.on} and other.{quoted(comparison.shown)} is null)"
        )


def places_of_counts(connection: duckdb.DuckDBPyConnection, declared: Declared) -> Mapping[str, str]:
    """For each remembered count the school or group that it is of; empty: the district."""
    places: dict[str, str] = {}
    for one in declared.counted:
        place = _texts(column for column in one.key if column in _PLACES) or "''"
        rows = connection.execute(f"select cell, concat({place}) from {_remembered(one.name)}")  # noqa: S608
        places.update(rows.fetchall())
    return places


def show_counts(
    connection: duckdb.DuckDBPyConnection, counted: Iterable[Counted], shown: Mapping[str, int]
) -> None:
    """Put the counts ``shown`` in the place of those that tables show; what is hidden stays so.

    The count of each of ``counted`` is a column.
    """
    connection.execute(
        "create or replace temp table to_show as"
        " select unnest($names::text[]) as cell, unnest($counts::bigint[]) as n",
        {"names": list(shown), "counts": list(shown.values())},
    )
    for one in counted:
        count = quoted(one.count)
        connection.execute(
            f"update {quoted(one.table)} set {count} = to_show.n from to_show"  # noqa: S608 (declared in code)
            f" where {count} is not null and to_show.cell = {_cell_name(one)}"
        )
    connection.execute("drop table to_show")


def _remembered(name: str) -> str:
    return quoted(f"{_PREFIX}{name}")


def _cell_name(one: Counted) -> str:
    """SQL for the name of the cell of a row; a part that is null has a sign of its own."""
    return f"concat_ws('{SEPARATOR}', '{one.name}', {_texts(one.key)})"


def _texts(columns: Iterable[str]) -> str:
    return ", ".join(f"coalesce(cast({quoted(column)} as text), '∅')" for column in columns)


def _cells(connection: duckdb.DuckDBPyConnection, one: Counted) -> list[Cell]:
    rows = connection.execute(f"select cell, n, loss from {_remembered(one.name)} order by cell").fetchall()  # noqa: S608
    return [
        Cell(name, n, (one.table,), weight=None if loss == 1 else float(loss) * (n + 1) ** 0.5)
        for name, n, loss in rows
    ]


def _margin(
    connection: duckdb.DuckDBPyConnection, margin: Margin, table: str
) -> tuple[list[Cell], list[Relation]]:
    if margin.total is None:
        return _unpublished_whole(connection, margin, table)
    on = " and ".join(f"part.{quoted(c)} is not distinct from whole.{quoted(c)}" for c in margin.on)
    part = " union all by name ".join(
        f"select *, {margin.per} as per from {_remembered(name)} where {margin.where_part}"  # noqa: S608
        for name in (margin.parts, *margin.also)
    )
    rows = connection.execute(
        f"with part as ({part}), whole as (select * from {_remembered(margin.total)}"  # noqa: S608
        f" where {margin.where_total})"
        f" select whole.cell, whole.n, part.per, list(part.cell order by part.cell), sum(part.n)"
        f" from whole inner join part on {on} group by whole.cell, whole.n, part.per"
        " order by whole.cell, part.per"
    ).fetchall()
    cells: list[Cell] = []
    relations: list[Relation] = []
    for whole, n, per, parts, n_parts in rows:
        # the same in every build: two releases are held against each other by these names
        rest = f"rest of {whole} | {margin.parts} where {margin.where_part} | {per}"
        missing = max(0, n - int(n_parts))
        # parts that make up everybody have no remainder: readers take them for the whole
        known = (missing, missing) if margin.is_rest_known else None
        left = [Cell(rest, missing, (table,), Publication.NEVER, must_cover=known)] if missing else []
        cells += left
        covering = [*parts, *(cell.name for cell in left)]
        if margin.may_overlap or n_parts > n:
            covered = Relation(((whole, 1), *((one, -1) for one in covering)), "<=")
            relations += [covered, *(part_of(part, whole) for part in parts)]
        else:
            relations.append(total_of(whole, covering))
    return cells, relations


def _unpublished_whole(
    connection: duckdb.DuckDBPyConnection, margin: Margin, table: str
) -> tuple[list[Cell], list[Relation]]:
    """One whole that no table shows, and groupings of it; who is in no group of one is in its remainder.

    A grouping of everybody has none: readers will take it for the whole.
    """
    groupings = connection.execute(
        f"select concat_ws('{SEPARATOR}', {_texts(margin.on)}) as place, {margin.per} as per,"  # noqa: S608
        f" list(cell order by cell), sum(n) from {_remembered(margin.parts)} where {margin.where_part}"
        " group by all order by all"
    ).fetchall()
    wholes: dict[str, int] = {}
    for place, _, _, n in groupings:
        wholes[place] = max(wholes.get(place, 0), int(n))
    name = f"all of {{}} | {margin.parts} where {margin.where_part}".format
    cells = [Cell(name(place), n, (table,), Publication.NEVER) for place, n in wholes.items()]
    relations: list[Relation] = []
    for place, per, parts, n in groupings:
        missing = wholes[place] - int(n)
        rest = f"rest of {name(place)} | {per}"
        left = [Cell(rest, missing, (table,), Publication.NEVER)] if missing else []
        cells += left
        relations.append(total_of(name(place), [*parts, *(cell.name for cell in left)]))
    return cells, relations


def _equal(connection: duckdb.DuckDBPyConnection, same: Same) -> Sequence[tuple[str, str]]:
    return connection.execute(
        f"select one.cell, other.cell from {_remembered(same.one)} as one"  # noqa: S608
        f" inner join {_remembered(same.other)} as other on {same.on} where one.n = other.n order by all"
    ).fetchall()
