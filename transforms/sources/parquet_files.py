"""Parquet files into the landing."""

from __future__ import annotations

from pathlib import Path

import duckdb

from transforms.errors import InputError
from transforms.sources.tabular import SOURCE_LINE, Reading, clean_headers, column_names

_SCHEMA = "describe from read_parquet($path, hive_partitioning=false, binary_as_string=true)"
_READ = """
create table {table} as
select {columns}, row_number() over () as source_line
from read_parquet($path, hive_partitioning=false, binary_as_string=true) as file ({aliases})
"""
_COUNT = "from {table} select count(*)"
_FLOATS = ("FLOAT", "DOUBLE")
_NESTED = ("STRUCT", "MAP", "UNION", "JSON", "VARIANT")
# As number_text writes the numbers of a workbook: 2025.0 is 2025.
_FLOAT_TEXT = (
    "case when {name} = trunc({name}) and abs({name}) < 1e15 "
    "then {name}::bigint::varchar else {name}::varchar end as {name}"
)


def land_parquet(
    connection: duckdb.DuckDBPyConnection, table: str, path: Path, name: str, folder: Path
) -> Reading:
    """Read a Parquet file into ``table`` as text; nested values become JSON; lines are row numbers."""
    link = folder / "source"
    link.symlink_to(path.resolve())
    try:
        described = connection.execute(_SCHEMA, {"path": str(link)}).fetchall()
        headers = clean_headers([column[0] for column in described], name, 1)
        names = column_names(len(headers))
        texts = [_as_text(column, str(kind[1])) for column, kind in zip(names, described, strict=True)]
        sql = _READ.format(table=table, columns=", ".join(texts), aliases=", ".join(names))
        connection.execute(sql, {"path": str(link)})
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        # A broken file comes out of the Thrift decoder as the base class.
        raise InputError(name, "is no complete Parquet file; write it again") from error
    rows = connection.execute(_COUNT.format(table=table)).fetchall()[0][0]
    return Reading(headers, int(rows), SOURCE_LINE)


def _as_text(column: str, kind: str) -> str:
    if kind in _FLOATS:
        return _FLOAT_TEXT.format(name=column)
    if kind.startswith(_NESTED) or kind.endswith("]"):
        return f"to_json({column})::varchar as {column}"
    return f"{column}::varchar as {column}"
