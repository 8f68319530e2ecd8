"""A database with every published table and macro and a few rows, for tests of what is asked of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb

from expectations.contract import Table
from expectations.entities import ENTITIES
from expectations.outputs import OUTPUTS
from expectations.schema_versions import SCHEMA_VERSION
from transforms.macros import create_macros
from transforms.warehouse import insert_records, quoted

BUILD_ID = "20261126T000000Z-abcdef"
MODEL = {
    "prior_degree": 3,
    "covariates": ["is_english_learner", "is_swd", "is_female"],
    "has_context_means": True,
}


def create_build(path: Path) -> duckdb.DuckDBPyConnection:
    """All tables, empty but for meta.build, and all macros; columns may be null: rows can be short."""
    connection = duckdb.connect(str(path))
    for table in (*ENTITIES.values(), *OUTPUTS.values()):
        connection.execute(f"create schema if not exists {table.schema}")
        connection.execute(_ddl(table))
    row = {"build_id": BUILD_ID, "schema_version": SCHEMA_VERSION, "settings": json.dumps({"model": MODEL})}
    fill(connection, "meta.build", row)
    create_macros(connection, BUILD_ID)
    return connection


def _ddl(table: Table) -> str:
    columns = ", ".join(f"{quoted(column.name)} {column.kind.sql_type}" for column in table.published_columns)
    return f"create table {quoted(table.qualified_name)} ({columns})"


def fill(connection: duckdb.DuckDBPyConnection, table: str, *rows: dict[str, Any]) -> None:
    """Add rows to a table by column name."""
    schema, _, name = table.partition(".")
    declared = OUTPUTS.get(table) or ENTITIES[name]
    assert declared.schema == schema
    insert_records(connection, declared, rows)


def rows_of(text: str, **same: Any) -> list[dict[str, Any]]:
    """Rows from lines of names, then values; ``-`` is null, numbers are numbers. ``same`` is in all."""
    head, *lines = [line.split() for line in text.strip().splitlines()]
    return [dict(zip(head, map(_value, line), strict=True)) | same for line in lines]


def _value(text: str) -> object:
    if text == "-":
        return None
    if text in ("true", "false"):
        return text == "true"
    try:
        return int(text) if text.lstrip("-").isdigit() else float(text)
    except ValueError:
        return text
