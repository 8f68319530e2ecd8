"""What the last published database remembers, read without touching it.

It is opened read-only and apart from the build: a damaged file must not spoil what is being built, and
readers of it are not disturbed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from expectations.contract import Table
from expectations.history_outputs import HISTORY
from transforms.warehouse import open_database, quoted

NOTHING_BEFORE = "nothing was published in this warehouse before"
ANOTHER_STUDY = "what was published in this warehouse before is of another study"
KEPT_NONE = "the published database is of a version that kept no history"
UNREADABLE = "the published database could not be read"

Records = Mapping[str, tuple[dict[str, object], ...]]


@dataclass(frozen=True)
class Study:
    """Whose history it is. Equal ids of the education agency are one study whatever its name.

    Where one of two has no id, the names decide.
    """

    name: str
    lea_id: str | None

    def is_same(self, other: Study) -> bool:
        """Whether ``other`` is this study."""
        if self.lea_id and other.lea_id:
            return self.lea_id == other.lea_id
        return self.name == other.name


@dataclass(frozen=True)
class Memory:
    """Rows of earlier reports by table, as records by column; without any, ``reason`` says why."""

    records: Records = field(default_factory=dict)
    reason: str = ""
    is_lost: bool = False  # there may have been something to remember

    @property
    def reports(self) -> tuple[dict[str, object], ...]:
        """The rows of history.report."""
        return self.records.get("history.report", ())


def recall(places: Sequence[Path], study: Study) -> Memory:
    """The memory of the first of ``places`` that can be read; ``places`` are copies of one database.

    Columns are matched by name: those that an earlier version did not have stay empty, those that a later one
    added are left aside. Never raises for what is in a file.
    """
    for place in places:
        try:
            connection = open_database(place, is_read_only=True)
            try:
                return _read(connection, study)
            finally:
                connection.close()
        except duckdb.Error:
            continue
    return Memory(reason=UNREADABLE, is_lost=True) if places else Memory(reason=NOTHING_BEFORE)


def _read(connection: duckdb.DuckDBPyConnection, study: Study) -> Memory:
    found = connection.execute("select study_name, lea_id from meta.build").fetchall()
    if not found:
        return Memory(reason=UNREADABLE, is_lost=True)
    if not study.is_same(Study(*found[0])):
        return Memory(reason=ANOTHER_STUDY, is_lost=True)
    columns = _columns(connection)
    if not all(table.qualified_name in columns for table in HISTORY[:1]):
        return Memory(reason=KEPT_NONE)
    return Memory(
        {
            table.qualified_name: _rows(connection, table, columns.get(table.qualified_name, frozenset()))
            for table in HISTORY
        }
    )


def _columns(connection: duckdb.DuckDBPyConnection) -> dict[str, frozenset[str]]:
    rows = connection.execute(
        "select table_schema || '.' || table_name, list(column_name) from information_schema.columns"
        " where table_schema = 'history' and table_catalog = current_database() group by all"
    ).fetchall()
    return {name: frozenset(names) for name, names in rows}


def _rows(
    connection: duckdb.DuckDBPyConnection, table: Table, there: frozenset[str]
) -> tuple[dict[str, object], ...]:
    """Rows of ``table`` in the columns of its contract that are there; without a key of theirs, none."""
    if not set(table.required_columns) <= there:
        return ()
    wanted = [column for column in table.published_columns if column.name in there]
    values = ", ".join(
        f"try_cast({quoted(column.name)} as {column.kind.sql_type}) as {quoted(column.name)}"
        for column in wanted
    )
    is_whole = " and ".join(f"{quoted(name)} is not null" for name in table.required_columns)
    cursor = connection.execute(
        f"select {values} from {quoted(table.qualified_name)} where {is_whole}"  # noqa: S608 - our own names
    )
    names = [column.name for column in wanted]
    return tuple(dict(zip(names, row, strict=True)) for row in cursor.fetchall())
