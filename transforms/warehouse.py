"""The warehouse runner: makes tables from the contract, runs ``sql/`` in dependency order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib import resources
from pathlib import Path

import duckdb
import sqlglot
from sqlglot import exp

from expectations.contract import Table
from expectations.entities import ENTITIES
from expectations.outputs import OUTPUTS
from sql import quoted_identifier
from transforms.database import open_database as open_database


class WarehouseError(RuntimeError):
    """A table could not be built as declared: a fault of this project, never of the study's data."""


@dataclass(frozen=True)
class SqlFile:
    """One file of ``sql/``: a single SELECT that makes the table ``schema.table``.

    ``name`` is the path below ``sql/``, ``depends_on`` the qualified tables that the SELECT reads,
    ``parameters`` the named values that it wants bound, ``grain`` and ``question`` its opening comments.
    """

    name: str
    text: str
    schema: str
    table: str
    grain: str
    question: str
    depends_on: tuple[str, ...]
    parameters: tuple[str, ...]

    @property
    def qualified_name(self) -> str:
        """``schema.table``."""
        return f"{self.schema}.{self.table}"


@dataclass(frozen=True)
class Lineage:
    """One row of ``meta.table_lineage``: a table, one that it reads, the hash of its SQL."""

    table_name: str
    depends_on: str
    sql_sha256: str


def quoted(name: str) -> str:
    """Quote an identifier; a qualified name is quoted part by part."""
    return ".".join(quoted_identifier(part) for part in name.split("."))


def literal(text: str) -> str:
    """Quote a text as an SQL literal, where DuckDB takes no bound value: a COMMENT, a path, a macro."""
    return "'" + text.replace("'", "''") + "'"


def create_table(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Create an empty table from its contract: published columns, NOT NULL where required, comments."""
    columns = ", ".join(
        f"{quoted(column.name)} {column.kind.sql_type}{' NOT NULL' if column.is_required else ''}"
        for column in table.published_columns
    )
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(table.schema)}")
    connection.execute(f"CREATE TABLE {quoted(table.qualified_name)} ({columns})")
    comment_on(connection, table)


def insert_rows(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[object]]) -> None:
    """Insert rows with bound values into ``table`` (schema.name, one of the contract)."""
    if rows:
        marks = ", ".join("?" for _ in rows[0])
        connection.executemany(f"insert into {table} values ({marks})", [list(row) for row in rows])  # noqa: S608


def insert_records(
    connection: duckdb.DuckDBPyConnection, table: Table, records: Sequence[Mapping[str, object]]
) -> None:
    """Insert many rows at once, each a value by column; a column that no row has stays null."""
    if not records:
        return
    import pyarrow as pa

    names = [column.name for column in table.published_columns]
    unknown = sorted({name for record in records for name in record} - set(names))
    if unknown:
        raise WarehouseError(f"{table.qualified_name} has no column {', '.join(unknown)}")
    columns = {name: [record.get(name) for record in records] for name in names}
    connection.register("given_records", pa.table(columns))
    try:
        connection.execute(f"insert into {quoted(table.qualified_name)} by name from given_records")
    finally:
        connection.unregister("given_records")


def comment_on(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Write the contract's COMMENTs on an existing table and its columns."""
    name = quoted(table.qualified_name)
    connection.execute(f"COMMENT ON TABLE {name} IS {literal(table.comment)}")
    for column in table.published_columns:
        connection.execute(f"COMMENT ON COLUMN {name}.{quoted(column.name)} IS {literal(column.comment)}")


@cache
def sql_files(folder: str) -> tuple[SqlFile, ...]:
    """Read the packaged ``sql/<folder>/*.sql`` in order of name; the folder is the schema of the tables."""
    found = sorted(resources.files("sql").joinpath(folder).iterdir(), key=lambda entry: entry.name)
    return tuple(
        read_sql(folder, entry.name.removesuffix(".sql"), entry.read_text(encoding="utf-8"))
        for entry in found
        if entry.name.endswith(".sql")
    )


def read_sql(schema: str, table: str, text: str) -> SqlFile:
    """Parse the SELECT that makes ``schema.table``; WarehouseError when it is not one, or breaks a habit.

    Each table that it reads must carry its schema, since a bare name would hide a dependency.
    """
    name = f"{schema}/{table}.sql"
    statements = [statement for statement in sqlglot.parse(text, read="duckdb") if statement is not None]
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise WarehouseError(f"sql/{name}: one SELECT is wanted")
    return SqlFile(
        name=name,
        text=text,
        schema=schema,
        table=table,
        grain=_opening_comment(name, text, "grain"),
        question=_opening_comment(name, text, "question"),
        depends_on=_tables_read(name, statements[0]),
        parameters=tuple(sorted({found.name for found in statements[0].find_all(exp.Placeholder)})),
    )


def _opening_comment(name: str, text: str, label: str) -> str:
    marker = f"-- {label}:"
    for line in text.splitlines():
        if line.startswith(marker):
            return line.removeprefix(marker).strip()
        if not line.startswith("--"):
            break
    raise WarehouseError(f"sql/{name}: the opening comment '{marker} …' is missing")


def _tables_read(name: str, statement: exp.Query) -> tuple[str, ...]:
    steps = {step.alias for step in statement.find_all(exp.CTE)}
    read = set()
    for table in statement.find_all(exp.Table):
        if table.db:
            read.add(f"{table.db}.{table.name}")
        elif table.name and table.name not in steps:
            raise WarehouseError(f"sql/{name}: table {table.name} is read without its schema")
    return tuple(sorted(read))


def in_dependency_order(files: Iterable[SqlFile]) -> tuple[SqlFile, ...]:
    """Order files so that each follows those it reads; ties by name. WarehouseError names a cycle."""
    by_table = {file.qualified_name: file for file in files}
    sorter = TopologicalSorter(
        {name: {read for read in file.depends_on if read in by_table} for name, file in by_table.items()}
    )
    try:
        sorter.prepare()
    except CycleError as error:
        raise WarehouseError(
            f"sql: tables read one another in a circle: {' → '.join(error.args[1])}"
        ) from None
    ordered: list[SqlFile] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        ordered.extend(by_table[name] for name in ready)
        sorter.done(*ready)
    return tuple(ordered)


def build_tables(
    connection: duckdb.DuckDBPyConnection, files: Iterable[SqlFile], parameters: Mapping[str, object]
) -> tuple[Lineage, ...]:
    """Make the table of each file, in dependency order, and return what was made from what.

    A table that the contract declares must come out with exactly its columns and types, without a null
    in a required one, and is commented from the contract; any other is commented from its opening lines.
    A missing parameter, a cycle or a difference from the contract is a WarehouseError.
    """
    lineage: list[Lineage] = []
    for file in in_dependency_order(files):
        _build_table(connection, file, parameters)
        fingerprint = hashlib.sha256(file.text.encode()).hexdigest()
        lineage.extend(Lineage(file.qualified_name, read, fingerprint) for read in file.depends_on)
    return tuple(lineage)


def _build_table(
    connection: duckdb.DuckDBPyConnection, file: SqlFile, parameters: Mapping[str, object]
) -> None:
    unbound = sorted(set(file.parameters) - set(parameters))
    if unbound:
        raise WarehouseError(f"sql/{file.name}: no value for parameter {', '.join(unbound)}")
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(file.schema)}")
    try:
        connection.execute(
            f"CREATE TABLE {quoted(file.qualified_name)} AS {file.text}",
            {name: parameters[name] for name in file.parameters},
        )
    except duckdb.Error as error:
        raise WarehouseError(f"sql/{file.name}: {error}") from error
    declared = declared_table(file.qualified_name)
    if declared is None:
        comment = literal(f"{file.grain}. {file.question}")
        connection.execute(f"COMMENT ON TABLE {quoted(file.qualified_name)} IS {comment}")
        return
    _check_columns(connection, file, declared)
    _check_required(connection, file, declared)
    comment_on(connection, declared)


def declared_table(qualified_name: str) -> Table | None:
    """The contract of ``schema.table``, or None when it declares no such table."""
    schema, _, name = qualified_name.partition(".")
    entity = ENTITIES.get(name) if schema == "core" else None
    return entity or OUTPUTS.get(qualified_name)


def _check_columns(connection: duckdb.DuckDBPyConnection, file: SqlFile, declared: Table) -> None:
    rows = connection.execute(f"DESCRIBE {quoted(file.qualified_name)}").fetchall()
    built = [(row[0], row[1]) for row in rows]
    wanted = [(column.name, column.kind.sql_type) for column in declared.published_columns]
    if built == wanted:
        return
    for position in range(max(len(built), len(wanted))):
        got, want = (
            pairs[position] if position < len(pairs) else ("nothing", "") for pairs in (built, wanted)
        )
        if got != want:
            raise WarehouseError(
                f"sql/{file.name}: column {position + 1} is {' '.join(got).strip()},"
                f" the contract says {' '.join(want).strip()}"
            )


def _check_required(connection: duckdb.DuckDBPyConnection, file: SqlFile, declared: Table) -> None:
    counts = {
        column.name: f"count(*) - count({quoted(column.name)})"
        for column in declared.published_columns
        if column.is_required
    }
    if not counts:
        return
    built = connection.table(quoted(file.qualified_name))
    nulls = built.aggregate(", ".join(counts.values())).fetchall()[0]
    empty = [f"{name} ({count} rows)" for name, count in zip(counts, nulls, strict=True) if count]
    if empty:
        raise WarehouseError(f"sql/{file.name}: no value in {', '.join(empty)}")


def attach(
    connection: duckdb.DuckDBPyConnection, path: Path | None, alias: str, *, is_read_only: bool = False
) -> None:
    """Attach another DuckDB file under ``alias``, or a database in memory when ``path`` is None."""
    mode = " (READ_ONLY)" if is_read_only else ""
    connection.execute(
        f"ATTACH {literal(':memory:' if path is None else str(path))} AS {quoted(alias)}{mode}"
    )
