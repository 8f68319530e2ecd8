"""What has been landed: one entry for each file or archive member and way of reading it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from transforms.sources.tabular import Reading

SCHEMA = """
create schema if not exists landing;
create table if not exists landing.file (
    sha256 varchar, member varchar, options varchar, table_name varchar unique,
    bytes bigint, headers varchar[], rows bigint,
    line_sql varchar, encoding varchar, delimiter varchar,
    primary key (sha256, member, options)
);
create table if not exists landing.rejected_line (
    table_name varchar, source_line bigint, rule varchar, reason varchar, record varchar
);
"""
_REGISTER = """
insert into landing.file values (
    $sha256, $member, $options, $table, $bytes, $headers, $rows, $line_sql, $encoding, $delimiter
)
"""
_FIND = """
select bytes, table_name, headers, rows, line_sql, encoding, delimiter
from landing.file where sha256 = $sha256 and member = $member and options = $options
"""
_TABLES = "select table_name from landing.file"
_DROP = "drop table {table}"
_FORGET = "delete from landing.{registry} where table_name = $table"


@dataclass(frozen=True)
class LandedFile:
    """One file, or archive member, in the landing.

    ``headers[i]`` is the header of column ``c{i}`` of ``table``; all columns are VARCHAR, empty
    is NULL. ``rows`` counts the records of the file: landed rows and rejected lines. ``line_sql``
    is the SQL expression that gives a landed row's line in the file (in a workbook and in Parquet:
    its row). ``encoding`` and ``delimiter`` are empty where the format has none.
    """

    source_file: str
    sha256: str
    bytes: int
    table: str
    headers: tuple[str, ...]
    rows: int
    line_sql: str
    encoding: str
    delimiter: str
    is_reused: bool


@dataclass(frozen=True)
class LandingKey:
    """What makes two readings the same: the outer file's bytes, the member, how it is read."""

    sha256: str
    member: str
    options: str

    @property
    def table(self) -> str:
        digest = hashlib.sha256("\0".join((self.sha256, self.member, self.options)).encode())
        return f"landing.f_{digest.hexdigest()[:32]}"


def find(connection: duckdb.DuckDBPyConnection, key: LandingKey, name: str) -> LandedFile | None:
    """Return what is landed under ``key``, to be called ``name``; None where nothing is."""
    parameters = {"sha256": key.sha256, "member": key.member, "options": key.options}
    found = connection.execute(_FIND, parameters).fetchall()
    if not found:
        return None
    size, table, headers, rows, line_sql, encoding, delimiter = found[0]
    return LandedFile(
        name, key.sha256, size, table, tuple(headers), rows, line_sql, encoding, delimiter, is_reused=True
    )


def register(
    connection: duckdb.DuckDBPyConnection, key: LandingKey, name: str, size: int, reading: Reading
) -> LandedFile:
    """Enter a table that the same transaction has filled; ``size`` is the outer file's, in bytes."""
    parameters = {
        "sha256": key.sha256,
        "member": key.member,
        "options": key.options,
        "table": key.table,
        "bytes": size,
        "headers": list(reading.headers),
        "rows": reading.rows,
        "line_sql": reading.line_sql,
        "encoding": reading.encoding,
        "delimiter": reading.delimiter,
    }
    connection.execute(_REGISTER, parameters)
    return LandedFile(
        name,
        key.sha256,
        size,
        key.table,
        reading.headers,
        reading.rows,
        reading.line_sql,
        reading.encoding,
        reading.delimiter,
        is_reused=False,
    )


def forget_unused(connection: duckdb.DuckDBPyConnection, keep: Iterable[str]) -> None:
    """Drop what is landed in tables that are not in ``keep`` (``LandedFile.table``)."""
    landed = {row[0] for row in connection.execute(_TABLES).fetchall()}
    for table in sorted(landed - set(keep)):
        connection.begin()
        connection.execute(_DROP.format(table=table))
        for registry in ("file", "rejected_line"):
            connection.execute(_FORGET.format(registry=registry), {"table": table})
        connection.commit()
