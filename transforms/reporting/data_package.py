"""``datapackage.json`` of a build: every table of its database with columns, types, keys and meanings."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from expectations.contract import Table
from expectations.datapackage import DataFile, Package, data_package
from transforms.reporting.rows import Build
from transforms.warehouse import declared_table, quoted

FILE_NAME = "datapackage.json"
_DESCRIPTION = (
    "The tables of pdeval.duckdb, which lies in the folder of the warehouse, two above this file's; a"
    " resource is the table that its dialect names. School years are named by their spring: 2025 is 2024-25."
    " The rows are education records."
)


def write_data_package(connection: duckdb.DuckDBPyConnection, build: Build, folder: Path) -> Path:
    """Write the descriptor of the declared tables in ``connection`` to ``folder``; return its path."""
    tables = _tables(connection)
    package = Package(
        name="pdeval",
        title=f"{build.study_name}, build {build.build_id}",
        description=_DESCRIPTION,
        version=build.schema_version,
        created=build.started_at.isoformat(timespec="seconds") + "Z",
    )
    descriptor = data_package(tables, package, _in_database, _empty(connection, tables))
    path = folder / FILE_NAME
    path.write_text(json.dumps(descriptor, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def _in_database(table: Table) -> DataFile:
    return DataFile("pdeval.duckdb", "duckdb", "application/vnd.duckdb", table.qualified_name)


def _tables(connection: duckdb.DuckDBPyConnection) -> list[Table]:
    found = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables()"
        " where database_name = current_database() and not temporary order by all"
    ).fetchall()
    declared = (declared_table(name) for (name,) in found)
    return [table for table in declared if table is not None]


def _empty(connection: duckdb.DuckDBPyConnection, tables: list[Table]) -> frozenset[str]:
    names = [table.qualified_name for table in tables]
    return frozenset(
        name for name in names if not connection.execute(f"from {quoted(name)} limit 1").fetchall()
    )
