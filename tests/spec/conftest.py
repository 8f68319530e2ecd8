"""Helpers of the specification tests: a few rows on screen go into core, a frame comes out."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from expectations.contract import PD_TYPES
from expectations.entities import ENTITIES
from tests.spec.growth_groups import Growth
from transforms.growth.windows import GrowthFrames, prior_slots
from transforms.warehouse import build_tables, create_table, in_dependency_order, open_database, sql_files

WINDOWS = ("spring_to_spring", "fall_to_spring", "winter_to_spring")
PARAMETERS: dict[str, object] = {
    "maximum_window_days": 550,
    "minimum_design_days": 200,
    "minimum_cell": 10,
    "minimum_staff": 5,
    **GrowthFrames(prior_slots(WINDOWS, 3, {}), ()).parameters,
}


class Core:
    """The core tables of a study in memory, all empty until a test adds rows."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        for entity in ENTITIES.values():
            create_table(connection, entity)
        connection.execute("CREATE TABLE core.pd_type (pd_type VARCHAR, is_connected BOOLEAN)")
        connection.executemany("INSERT INTO core.pd_type VALUES (?, ?)", list(PD_TYPES.items()))

    def add(self, entity: str, text: str) -> None:
        """Add rows written as a table: a line of column names, then a line a row; ``.`` is empty."""
        names, *rows = (line.split() for line in text.strip().splitlines())
        marks = ", ".join("?" for _ in names)
        self.connection.executemany(
            f"INSERT INTO core.{entity} ({', '.join(names)}) VALUES ({marks})",
            [[None if value == "." else value for value in row] for row in rows],
        )

    def build(self, *tables: str, **parameters: object) -> None:
        """Build the frames or report ``tables`` and every table that they read."""
        files = {file.qualified_name: file for folder in ("frames", "report") for file in sql_files(folder)}
        wanted = list(tables)
        for name in wanted:
            wanted.extend(read for read in files[name].depends_on if read in files and read not in wanted)
        ordered = in_dependency_order(files[name] for name in wanted)
        build_tables(self.connection, ordered, {**PARAMETERS, **parameters})

    def rows(self, table: str, columns: str) -> list[tuple]:
        """The named columns of ``table``, sorted."""
        names = columns.split()
        relation = self.connection.table(table).select(*names)
        return sorted(relation.fetchall(), key=lambda row: tuple((value is None, value) for value in row))

    def frame(self, table: str, columns: str, **parameters: object) -> list[tuple]:
        """Build ``table`` and return its named columns, sorted."""
        self.build(table, **parameters)
        return self.rows(table, columns)


@pytest.fixture
def core() -> Iterator[Core]:
    """Empty core tables in a database in memory."""
    connection = open_database(None, threads=1)
    yield Core(connection)
    connection.close()


@pytest.fixture
def growth() -> Iterator[Growth]:
    """Empty tables of growth in a database in memory."""
    connection = open_database(None, threads=1)
    yield Growth(connection)
    connection.close()
