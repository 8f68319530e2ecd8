"""A small bench for loading tests: rows on screen in, core and what was turned away out."""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb

from expectations.contract import PD_TYPES
from expectations.entities import entities_with_types
from transforms.loading.core import Fate, create_working_tables, load_core_table, load_order
from transforms.loading.staging import Relation, create_staging_table, load_relation
from transforms.sources.source import Source
from transforms.warehouse import create_table, open_database

KEY = b"k" * 32


@dataclass
class Bench:
    """Loads entities from rows given as text; ``fates`` by entity."""

    connection: duckdb.DuckDBPyConnection = field(default_factory=lambda: open_database(None))
    fates: dict[str, tuple[Fate, ...]] = field(default_factory=dict)
    files: list[tuple[Source, Relation]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tables = entities_with_types(PD_TYPES)
        self.connection.execute("attach ':memory:' as scratch; create schema scratch.staging")
        for table in self.tables.values():
            create_table(self.connection, table)
            create_staging_table(self.connection, table)
        create_working_tables(self.connection)

    def file(self, entity: str, headers: str, *rows: str, **source: object) -> None:
        """Add one file: comma-separated headers and rows, exactly as they would stand in it."""
        names = tuple(headers.split(","))
        table = f"f{len(self.files)}"
        columns = ", ".join(f"c{i} varchar" for i in range(len(names)))
        self.connection.execute(f"create table {table} ({columns})")
        for row in rows:
            cells = row.split(",")
            marks = ", ".join("?" for _ in cells)
            self.connection.execute(f"insert into {table} values ({marks})", cells)
        relation = Relation(f"{entity}.csv", table, names, "rowid + 2")
        self.files.append((Source(path=f"{entity}.csv", entity=entity, **source), relation))

    def load(self) -> None:
        """Stage every file, then load every entity in order."""
        for number, (source, relation) in enumerate(self.files, start=1):
            load_relation(
                self.connection, self.tables[str(source.entity)], source, relation,
                source_number=number, file_number=number,
            )  # fmt: skip
        sourced = frozenset(str(source.entity) for source, _ in self.files)
        latest = [n for n, (source, _) in enumerate(self.files, start=1) if source.on_conflict == "latest"]
        for table in load_order(self.tables, sourced):
            if table.name in sourced:
                self.fates[table.name] = load_core_table(
                    self.connection, table, sourced=sourced, latest_sources=latest, key=KEY
                )

    def core(self, entity: str, *columns: str) -> list[tuple]:
        """Sorted rows of a core table."""
        return sorted(self.connection.execute(f"select {', '.join(columns)} from core.{entity}").fetchall())

    def rejected(self, entity: str) -> list[tuple]:
        """(line, rule, column) of what was turned away or overruled."""
        return self.connection.execute(
            "select source_line, rule, column_name from scratch.staging.rejected where entity = ?"
            " order by all",
            [entity],
        ).fetchall()

    def counts(self, entity: str) -> list[tuple[int, int, int, int]]:
        """(loaded, duplicate, skipped, quarantined) per file, in the order of the files."""
        fates = sorted(self.fates[entity], key=lambda fate: fate.file_number)
        return [(f.rows_loaded, f.rows_duplicate, f.rows_skipped, f.rows_quarantined) for f in fates]
