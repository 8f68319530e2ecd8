"""Shares of teachers in bands, in place of the counts beneath them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import duckdb

from expectations.contract import Column, Kind, Table
from transforms.disclosure import LinkedCells, Relation, coded_share, share_relations
from transforms.release.cells import SEPARATOR
from transforms.warehouse import quoted

BAND = Column(
    "share_of_teachers_band",
    Kind.TEXT,
    "Share of teachers that took part, in a band that is wider the fewer teachers there are; empty where it"
    " is of too few. The count beneath it is not given.",
)
_BENEATH = ("n_teachers_reached", "n_teachers", "share_of_teachers")

# The counts of the two, as they are declared.
_COUNTS = {"teachers_reached": "school_teachers", "district_teachers_reached": "district_teachers"}


def with_band(table: Table) -> Table:
    """``table`` with the band where the share and the counts beneath it were."""
    columns = [column for column in table.columns if column.name not in _BENEATH]
    place = [column.name for column in table.columns].index(_BENEATH[0])
    return replace(table, columns=(*columns[:place], BAND, *columns[place:]))


def add_bands(connection: duckdb.DuckDBPyConnection, table: Table, minimum: int) -> None:
    """Add the column of bands to ``table``: only where its count of teachers is still shown.

    A band is made of a count that may be shown, so it tells no more than was attacked; and whoever knows how
    many teachers there are does not learn the count.
    """
    name = quoted(table.qualified_name)
    connection.execute(f"alter table {name} add column {quoted(BAND.name)} text")
    pairs = connection.execute(
        f"select distinct n_teachers_reached, n_teachers from {name}"  # noqa: S608 (declared in code)
        " where n_teachers_reached is not null and n_teachers is not null order by all"
    ).fetchall()
    for count, size in pairs:
        share = coded_share(count, size, minimum=minimum)
        connection.execute(
            f"update {name} set {quoted(BAND.name)} = ? where n_teachers_reached = ? and n_teachers = ?",  # noqa: S608
            [share.text if share else None, count, size],
        )


def band_relations(
    cells: LinkedCells, hidden: Collection[str], minimum: int
) -> tuple[frozenset[str], tuple[Relation, ...]]:
    """The counts beneath bands that are not ``hidden``, and what the bands tell of them."""
    beneath: set[str] = set()
    relations: list[Relation] = []
    for cell in cells.cells:
        name, _, row = cell.name.partition(SEPARATOR)
        if name in _COUNTS.values() and cell.name not in hidden:
            beneath.add(cell.name)
        if name not in _COUNTS or cell.name in hidden:
            continue
        beneath.add(cell.name)
        size = f"{_COUNTS[name]}{SEPARATOR}{row}"
        if size in cells.position and size not in hidden:
            share = coded_share(int(cell.value), int(cells[size].value), minimum=minimum)
            relations += share_relations(cell.name, size, share) if share else ()
    return frozenset(beneath), tuple(relations)
