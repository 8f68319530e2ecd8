"""What every reader of source files shares: headers, cell text, and rows written in batches."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from transforms.errors import InputError

MAX_COLUMNS = 10_000
SOURCE_LINE = "source_line"
REGULAR_LINE = "rowid + 2"

_BATCH_ROWS = 50_000
_BATCH_CHARACTERS = 32 * 1024 * 1024
_CREATE = "create table {table} (source_line bigint{columns})"
_ADD_COLUMN = "alter table {table} add column {column} varchar"
_INSERT = "insert into {table} ({columns}, source_line) select {values}, source_line from landing_batch"
_INSERT_REJECTED = """
insert into landing.rejected_line (table_name, source_line, rule, reason, record)
select $table_name, source_line, rule, reason, record from landing_batch
"""
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class RejectedLine:
    """A record that cannot be a row. ``reason`` holds no value of the record and says what to do."""

    source_line: int
    rule: str
    reason: str
    record: str


@dataclass(frozen=True)
class Reading:
    """What a reader made of one file: the columns of its table, and where a row's line number is."""

    headers: tuple[str, ...]
    rows: int
    line_sql: str
    encoding: str = ""
    delimiter: str = ""


def column_names(count: int) -> tuple[str, ...]:
    """Return the landed names ``c0`` … of ``count`` columns in file order."""
    return tuple(f"c{position}" for position in range(count))


def clean_headers(cells: Sequence[str], file: str, line: int) -> tuple[str, ...]:
    """Return header texts without outer blanks; an unnamed column is called ``column_<position>``.

    Unnamed columns are ordinary (row names, a delimiter at the end of every line) and harm no
    mapping. Raises InputError where no cell has a name, where two have the same, or where there
    are more than ``MAX_COLUMNS``. The message gives positions, not texts: in a file that has no
    header line they would be somebody's data.
    """
    names = [cell.strip().lstrip("\ufeff").strip() for cell in cells]
    if not any(names):
        raise InputError(file, "the header line has no names; put the column names there", line=line)
    if len(names) > MAX_COLUMNS:
        raise InputError(file, f"has {len(names):,} columns; at most {MAX_COLUMNS:,} are read", line=line)
    first_position: dict[str, int] = {}
    for position, name in enumerate(names, start=1):
        if name and name in first_position:
            problem = (
                f"columns {first_position[name]} and {position} have the same header; rename one of them"
            )
            raise InputError(file, problem, line=line)
        first_position[name] = position
    return tuple(name or _unnamed(position, first_position) for position, name in enumerate(names, start=1))


def _unnamed(position: int, taken: dict[str, int]) -> str:
    name = f"column_{position}"
    while name in taken:
        name += "_"
    return name


def number_text(number: float) -> str:
    """Return a number that a file stores as binary floating point as text: 123.0 is ``123``."""
    is_exact_integer = number == number and abs(number) < 1e15 and number == int(number)
    return str(int(number)) if is_exact_integer else repr(number)


def has_lone_surrogate(text: str) -> bool:
    """Tell whether text cannot be stored as UTF-8."""
    return not text.isascii() and _LONE_SURROGATE.search(text) is not None


class RowWriter:
    """Writes rows, each with its line in the file, and rejected lines, in batches of bounded size.

    The table has columns ``c0`` … (VARCHAR; empty text is NULL, as DuckDB's own CSV reader has
    it) and ``source_line``. Use inside a transaction; ``finish`` writes what is still held.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, table: str, width: int) -> None:
        self.rows = 0
        self.rejected = 0
        self.width = width
        self._connection = connection
        self._table = table
        self._rows: list[Sequence[str | None]] = []
        self._lines: list[int] = []
        self._rejected: list[RejectedLine] = []
        self._characters = 0
        columns = "".join(f", {name} varchar" for name in column_names(width))
        connection.execute(_CREATE.format(table=table, columns=columns))

    def add(self, line: int, cells: Sequence[str | None], characters: int) -> None:
        """Take one row of ``width`` cells; ``characters`` is its size, for the bound on memory."""
        self._rows.append(cells)
        self._lines.append(line)
        self._grow(characters)

    def reject(self, rejected: RejectedLine) -> None:
        """Take one record that is not a row."""
        self._rejected.append(rejected)
        self._grow(len(rejected.record))

    def widen(self, width: int) -> None:
        """Add columns until the table has ``width``; rows already written have NULL there."""
        self._write_rows()
        for column in column_names(width)[self.width :]:
            self._connection.execute(_ADD_COLUMN.format(table=self._table, column=column))
        self.width = width

    def finish(self) -> int:
        """Write what is held; return the number of records, rows and rejected lines together."""
        self._write()
        return self.rows + self.rejected

    def _grow(self, characters: int) -> None:
        self._characters += characters
        is_full = self._characters >= _BATCH_CHARACTERS
        if is_full or len(self._rows) >= _BATCH_ROWS or len(self._rejected) >= _BATCH_ROWS:
            self._write()

    def _write(self) -> None:
        self._write_rows()
        self._write_rejected()
        self._characters = 0

    def _write_rows(self) -> None:
        if not self._rows:
            return
        names = column_names(self.width)
        arrays = [pa.array(cells, pa.large_string()) for cells in zip(*self._rows, strict=True)]
        batch = pa.table([*arrays, pa.array(self._lines, pa.int64())], [*names, SOURCE_LINE])
        values = ", ".join(f"nullif({name}, '')" for name in names)
        self._insert(batch, _INSERT.format(table=self._table, columns=", ".join(names), values=values), {})
        self.rows += len(self._rows)
        self._rows, self._lines = [], []

    def _write_rejected(self) -> None:
        if not self._rejected:
            return
        fields = ("source_line", "rule", "reason", "record")
        columns = {field: [getattr(line, field) for line in self._rejected] for field in fields}
        self._insert(pa.table(columns), _INSERT_REJECTED, {"table_name": self._table})
        self.rejected += len(self._rejected)
        self._rejected = []

    def _insert(self, batch: pa.Table, sql: str, parameters: dict[str, str]) -> None:
        self._connection.register("landing_batch", batch)
        self._connection.execute(sql, parameters)
        self._connection.unregister("landing_batch")
