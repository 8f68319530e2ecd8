"""The rows of a result, written as they come: CSV, JSON, Parquet, or a table for people."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

import duckdb

from transforms.errors import UsageError
from transforms.querying.values import (
    csv_text,
    distinct_names,
    is_number,
    json_text,
    plain_text,
    refuse_inexact,
    shown_text,
)

ROWS_A_TIME = 2048
ROWS_COUNTED = 100_000  # behind the rows that a table shows, no more than these are counted
WIDEST_CELL = 48
_PLAN_COLUMNS = ["explain_key", "explain_value"]

Row = tuple[object, ...]


@dataclass(frozen=True)
class Result:
    """Columns (name, DuckDB type) and the rows to come of a statement that runs."""

    columns: tuple[tuple[str, str], ...]
    rows: Iterator[Row]

    @property
    def names(self) -> list[str]:
        """Names of the columns, as the statement gave them."""
        return [name for name, _kind in self.columns]


def run(connection: duckdb.DuckDBPyConnection, statement: duckdb.Statement) -> Result:
    """Run a statement; its rows are computed while they are taken."""
    connection.execute(statement)
    columns = tuple((str(column[0]), str(column[1])) for column in connection.description or ())
    refuse_inexact(columns)
    return Result(columns, _rows(connection))


def _rows(connection: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    while rows := connection.fetchmany(ROWS_A_TIME):
        yield from rows


def write_csv(result: Result, out: BinaryIO, *, has_mark: bool) -> int:
    """Write every row and return how many; ``has_mark`` tells Excel that the letters are UTF-8."""
    text = io.TextIOWrapper(out, encoding="utf-8-sig" if has_mark else "utf-8", newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    n_rows = 0
    try:
        writer.writerow([csv_text(name) for name in result.names])
        for row in result.rows:
            writer.writerow([csv_text(value) for value in row])
            n_rows += 1
    finally:
        text.detach()  # else the wrapper would close what it was only lent
    return n_rows


def write_json(result: Result, out: BinaryIO, *, build_id: str | None = None) -> int:
    """Write an array of objects and return how many; with ``build_id`` one object around it."""
    names = distinct_names(result.names)
    if build_id is not None:
        columns = [
            {"name": name, "type": kind} for name, (_, kind) in zip(names, result.columns, strict=True)
        ]
        head = f'{{"build_id": {json_text(build_id)}, "columns": {json_text(columns)}, "rows": '
        out.write(head.encode())
    n_rows = 0
    for row in result.rows:
        line = json_text(dict(zip(names, row, strict=True)))
        out.write((("[" if n_rows == 0 else ",\n") + line).encode())
        n_rows += 1
    out.write(b"]" if n_rows else b"[]")
    out.write(f', "n_rows": {n_rows}}}\n'.encode() if build_id is not None else b"\n")
    return n_rows


def write_parquet(connection: duckdb.DuckDBPyConnection, statement: duckdb.Statement, out: BinaryIO) -> int:
    """Write every row with its type and return how many."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    reader = connection.sql(statement.query).to_arrow_reader(ROWS_A_TIME * 16)
    names = distinct_names(reader.schema.names)
    schema = pa.schema([field.with_name(name) for field, name in zip(reader.schema, names, strict=True)])
    n_rows = 0
    try:
        with pq.ParquetWriter(out, schema, compression="zstd") as writer:
            for batch in reader:
                writer.write_batch(pa.RecordBatch.from_arrays(batch.columns, schema=schema))
                n_rows += batch.num_rows
    except (pa.ArrowNotImplementedError, pa.ArrowTypeError) as error:
        raise UsageError(
            f"SQL: Parquet has no such type ({' '.join(str(error).split())}); cast it to text: ::varchar"
        ) from None
    return n_rows


def write_table(result: Result, out: BinaryIO, *, most_rows: int, width: int | None) -> int:
    """Write the first ``most_rows`` rows and say how many were left off; return how many were shown.

    ``width`` leaves off the columns that do not fit on a terminal, and says so.
    """
    rows = list(islice(result.rows, most_rows))
    if result.names == _PLAN_COLUMNS:
        lines = [shown_text(line) for row in rows for line in plain_text(row[1]).splitlines()]
    else:
        lines = _table_lines(result.names, rows, width)
    left_off = sum(1 for _row in islice(result.rows, ROWS_COUNTED))
    lines.append(_footer(len(rows), left_off))
    out.write(("\n".join(lines) + "\n").encode())
    return len(rows)


def _footer(n_shown: int, left_off: int) -> str:
    if not left_off:
        return f"({n_shown:,} row{'' if n_shown == 1 else 's'})"
    more = f"{'more than ' if left_off == ROWS_COUNTED else ''}{left_off:,}"
    return f"({n_shown:,} rows shown, {more} left off; --output FILE or --format csv gives all)"


def _table_lines(names: Sequence[str], rows: Sequence[Row], width: int | None) -> list[str]:
    from rich.cells import cell_len, set_cell_size

    columns: list[list[str]] = []
    used = 0
    for position, name in enumerate(names):
        cells = [_cut(shown_text(name)), *(_cut(_cell(row[position])) for row in rows)]
        widest = max(map(cell_len, cells))
        if width is not None and columns and used + widest > width:
            break
        used += widest + 2
        is_right = any(is_number(row[position]) for row in rows)
        columns.append(
            [
                " " * (widest - cell_len(cell)) + cell if is_right else set_cell_size(cell, widest)
                for cell in cells
            ]
        )
    lines = ["  ".join(cells).rstrip() for cells in zip(*columns, strict=True)]
    lines.insert(1, "  ".join("-" * cell_len(column[0]) for column in columns))
    if len(columns) < len(names):
        left_off = ", ".join(shown_text(name) for name in names[len(columns) :])
        lines.append(f"(columns left off, as the terminal is narrow: {left_off})")
    return lines


def _cell(value: object) -> str:
    return "NULL" if value is None else shown_text(value)


def _cut(text: str) -> str:
    return text if len(text) <= WIDEST_CELL else f"{text[: WIDEST_CELL - 1]}…"
