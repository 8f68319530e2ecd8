"""Delimited text files into the landing: DuckDB reads the regular ones, Python all others."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from transforms.errors import InputError
from transforms.sources.csv_records import MAX_LINE_CHARACTERS, Record, read_records
from transforms.sources.delimiters import declared_delimiter, sniff_delimiter
from transforms.sources.source import Source
from transforms.sources.tabular import (
    REGULAR_LINE,
    SOURCE_LINE,
    Reading,
    RejectedLine,
    RowWriter,
    clean_headers,
    column_names,
)
from transforms.sources.text_encoding import (
    EMPTY,
    ByteScan,
    detect_encoding,
    open_text,
    scan_file,
    write_utf8,
)

_SAMPLE_CHARACTERS = 1024 * 1024
_REPORTED_NAMES = {"utf-8-sig": "utf-8 with byte order mark"}
_READ_CSV = """
create table {table} as from read_csv(
    $path, auto_detect=false, header=false, skip=1, delim=$delimiter, quote='"', escape='"', comment='',
    columns={{{columns}}}, strict_mode=true, null_padding=false, max_line_size=$max_line_size,
    compression='none', hive_partitioning=false
)
"""
_COUNT = "from {table} select count(*)"


@dataclass(frozen=True)
class TextFile:
    """A delimited text file with everything found out about it before its rows are read."""

    path: Path
    name: str
    scan: ByteScan
    encoding: str
    delimiter: str
    headers: tuple[str, ...]
    header_line: int


def land_text(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    path: Path,
    name: str,
    scan: ByteScan,
    source: Source,
    folder: Path,
) -> Reading:
    """Read delimited text into ``table``, inside the caller's transaction, which may be begun anew.

    ``folder`` takes a UTF-8 copy where one is needed. InputError where the file as a whole is no
    delimited text with a header line; records that are no rows go to ``landing.rejected_line``.
    """
    text = describe_text(path, name, scan, source)
    encoding = _REPORTED_NAMES.get(text.encoding, text.encoding)
    rows = land_regular(connection, table, text, folder)
    if rows is not None:
        return Reading(text.headers, rows, REGULAR_LINE, encoding, text.delimiter)
    rows = land_records(connection, table, text)
    return Reading(text.headers, rows, SOURCE_LINE, encoding, text.delimiter)


def describe_text(path: Path, name: str, scan: ByteScan, source: Source) -> TextFile:
    """Find encoding, delimiter and headers of a text file; InputError where it has none."""
    encoding = detect_encoding(path, name, scan, source.encoding)
    delimiter = _delimiter(path, name, encoding, source)
    with open_text(path, encoding) as file:
        header = next(read_records(file, delimiter, name), None)
    if header is None:
        raise InputError(name, EMPTY, line=1)
    if isinstance(header, RejectedLine):
        raise InputError(name, f"the header line cannot be read: {header.reason}", line=header.source_line)
    headers = clean_headers(header.fields, name, header.line)
    return TextFile(path, name, scan, encoding, delimiter, headers, header.line)


def _delimiter(path: Path, name: str, encoding: str, source: Source) -> str:
    if source.delimiter is not None:
        return declared_delimiter(source.delimiter, name)
    with open_text(path, encoding) as file:
        sample = file.read(_SAMPLE_CHARACTERS)
    is_cut = len(sample) == _SAMPLE_CHARACTERS and "\n" in sample
    return sniff_delimiter(sample[: sample.rindex("\n") + 1] if is_cut else sample)


def land_regular(
    connection: duckdb.DuckDBPyConnection, table: str, text: TextFile, folder: Path
) -> int | None:
    """Let DuckDB read the file; None, and nothing written, unless each line of it is one record."""
    # DuckDB takes a blank line of a file with one column for a row.
    if text.header_line != 1 or len(text.headers) < 2:
        return None
    readable = _utf8_file(text, folder)
    if readable is None or not readable[1].has_plain_line_ends:
        return None
    path, scan = readable
    rows = _read_csv(connection, table, path, text)
    if rows == scan.lines - 1:
        return rows
    connection.rollback()
    connection.begin()
    return None


def _utf8_file(text: TextFile, folder: Path) -> tuple[Path, ByteScan] | None:
    """Return the file as UTF-8 under a name that DuckDB takes literally, None if undecodable."""
    if text.encoding.startswith("utf-8"):
        link = folder / "source"
        link.symlink_to(text.path.resolve())
        return (link, text.scan) if text.scan.is_utf8 else None
    copy = folder / "utf8"
    if not write_utf8(text.path, text.encoding, copy):
        return None
    scan = scan_file(copy, text.name)
    if scan.has_nul:
        raise InputError(text.name, "is not a text file; export it as CSV")
    return copy, scan


def _read_csv(connection: duckdb.DuckDBPyConnection, table: str, path: Path, text: TextFile) -> int | None:
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in column_names(len(text.headers)))
    options = {"path": str(path), "delimiter": text.delimiter, "max_line_size": MAX_LINE_CHARACTERS}
    try:
        connection.execute(_READ_CSV.format(table=table, columns=columns), options)
    except (duckdb.InvalidInputException, duckdb.NotImplementedException):
        return None
    return int(connection.execute(_COUNT.format(table=table)).fetchall()[0][0])


def land_records(connection: duckdb.DuckDBPyConnection, table: str, text: TextFile) -> int:
    """Read a file record by record into ``table``; return the number of its records."""
    width = len(text.headers)
    writer = RowWriter(connection, table, width)
    with open_text(text.path, text.encoding) as file:
        records = read_records(file, text.delimiter, text.name)
        next(records)
        for record in records:
            if isinstance(record, RejectedLine):
                writer.reject(record)
                continue
            # Delimiters at the end of a line open no fields; DuckDB has it so too.
            if len(record.fields) >= width and not any(record.fields[width:]):
                writer.add(record.line, record.fields[:width], record.characters)
            else:
                writer.reject(_ragged(record, width))
    return writer.finish()


def _ragged(record: Record, width: int) -> RejectedLine:
    reason = (
        f"has {len(record.fields)} fields where the header has {width}; "
        "correct the line (a delimiter inside a text needs quotation marks around the text)"
    )
    return RejectedLine(record.line, "field_count", reason, record.text)
