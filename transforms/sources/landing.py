"""The landing: source files as they came, read once, found again by their content.

One database file in the restricted folder holds a table per file (or archive member), all columns
VARCHAR, the registry ``landing.file`` of what was read how, and ``landing.rejected_line`` with the
records that could not be rows.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb

from transforms.errors import InputError
from transforms.selfassessment.instrument import FORM_VERSION
from transforms.sources.archives import data_members, gunzip, opened_zip, unpack_member
from transforms.sources.json_files import land_json
from transforms.sources.parquet_files import land_parquet
from transforms.sources.registry import SCHEMA, LandedFile, LandingKey, find, forget_unused, register
from transforms.sources.self_assessment_forms import land_form
from transforms.sources.source import Source
from transforms.sources.tabular import Reading
from transforms.sources.text_encoding import ByteScan, detect_encoding, refuse_empty, scan_file
from transforms.sources.text_files import land_text
from transforms.sources.workbooks import land_workbook

__all__ = ["LandedFile", "forget_unused", "land_file", "open_landing"]

# Raise it where the same bytes would be landed otherwise than before.
READER_VERSION = 1

_TEXT_KINDS = ("csv", "tsv", "txt")
_PLAIN_KINDS = (*_TEXT_KINDS, "json", "jsonl", "parquet", "xlsx")
_SPILL_LIMIT = "64GB"


@dataclass(frozen=True)
class _Outer:
    """The file as the caller named it."""

    path: Path
    name: str
    scan: ByteScan
    source: Source

    def key(self, member: str, kind: str) -> LandingKey:
        source = self.source
        options = [READER_VERSION, kind, source.encoding, source.delimiter, source.sheet]
        if source.format:
            options += [source.format, FORM_VERSION]
        return LandingKey(self.scan.sha256, member, json.dumps(options))


@dataclass(frozen=True)
class _Plain:
    """The file that holds the data itself, no longer packed."""

    path: Path
    name: str
    kind: str
    scan: ByteScan


def open_landing(path: Path, memory_limit: str) -> duckdb.DuckDBPyConnection:
    """Open or create the landing database, readable by its owner alone.

    ``memory_limit`` is DuckDB's, for example ``1GB``. Its folder is made private too, because
    DuckDB keeps its log and what it spills beside the file.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.parent.chmod(0o700)
    connection = duckdb.connect(
        config={
            "memory_limit": memory_limit,
            "temp_directory": str(path.parent / "spill"),
            "max_temp_directory_size": _SPILL_LIMIT,
            "preserve_insertion_order": "true",
        },
    )
    # Opened as landing.duckdb it would be a catalogue called landing with a schema of that name.
    connection.execute("attach $path as restricted", {"path": str(path)})
    connection.execute("use restricted")
    path.chmod(0o600)
    connection.execute("set enable_progress_bar = false")
    connection.execute(SCHEMA)
    return connection


def land_file(
    connection: duckdb.DuckDBPyConnection, path: Path, source_file: str, source: Source, scratch: Path
) -> tuple[LandedFile, ...]:
    """Bring one file into the landing; several tables for an archive, in archive order.

    What has been landed from the same bytes with the same reading options is found again, not
    read. ``scratch`` takes unpacked and transcoded copies, removed before this returns. Nothing
    is registered where reading fails. InputError where a file is turned away as a whole.
    """
    kind = _kind(path.name, source_file)
    before = _state(path, source_file)
    outer = _Outer(path, source_file, scan_file(path, source_file), source)
    scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
    if kind == "zip":
        landed = _land_archive(connection, outer, scratch)
    else:
        landed = (_land_member(connection, outer, kind, "", scratch),)
    if _state(path, source_file) != before:
        raise InputError(source_file, "changed while it was read; run again when it is complete")
    return landed


def _state(path: Path, name: str) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError as error:
        raise InputError(name, f"cannot be read: {error.strerror}") from error
    return status.st_size, status.st_mtime_ns


def _kind(file_name: str, name: str) -> str:
    """Return the format that a file's name says, ``.gz`` kept: ``csv``, ``csv.gz``, ``zip`` …"""
    parts = file_name.lower().split(".")[1:]
    kind = ".".join(parts[-2:] if parts[-1:] == ["gz"] else parts[-1:])
    if kind == "zip" or kind.removesuffix(".gz") in _PLAIN_KINDS:
        return kind
    problem = (
        f"is of a kind that is not read; give it as {', '.join(_PLAIN_KINDS)}, .gz of text, or zip of these"
    )
    raise InputError(name, problem)


def _land_archive(
    connection: duckdb.DuckDBPyConnection, outer: _Outer, scratch: Path
) -> tuple[LandedFile, ...]:
    with opened_zip(outer.path, outer.name) as archive:
        members = data_members(archive, outer.path, outer.name)
    kinds = {member.filename: _member_kind(member.filename, outer.name) for member in members}
    return tuple(_land_member(connection, outer, kind, member, scratch) for member, kind in kinds.items())


def _member_kind(member: str, name: str) -> str:
    kind = _kind(member.rsplit("/", 1)[-1], f"{name}:{member}")
    if kind == "zip":
        raise InputError(name, f"member {member} is an archive itself; unpack it first")
    return kind


def _land_member(
    connection: duckdb.DuckDBPyConnection, outer: _Outer, kind: str, member: str, scratch: Path
) -> LandedFile:
    name = f"{outer.name}:{member}" if member else outer.name
    key = outer.key(member, kind)
    known = find(connection, key, name)
    if known is not None:
        return known
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        plain = _unpacked(outer, kind, member, name, Path(folder))
        refuse_empty(name, plain.scan)
        connection.begin()
        try:
            reading = _read(connection, key.table, plain, outer.source, Path(folder))
            landed = register(connection, key, name, outer.scan.size_bytes, reading)
            connection.commit()
        except BaseException:
            connection.rollback()
            raise
    return landed


def _unpacked(outer: _Outer, kind: str, member: str, name: str, folder: Path) -> _Plain:
    """Return the file that holds the data itself, unpacked into ``folder`` where it is compressed."""
    path = outer.path
    if member:
        path = folder / "member"
        with opened_zip(outer.path, name) as archive:
            unpack_member(archive, archive.getinfo(member), outer.path, name, path)
    if kind.endswith(".gz"):
        packed, path = path, folder / "unpacked"
        gunzip(packed, name, path)
    scan = outer.scan if path == outer.path else scan_file(path, name)
    return _Plain(path, name, kind.removesuffix(".gz"), scan)


def _read(
    connection: duckdb.DuckDBPyConnection, table: str, plain: _Plain, source: Source, folder: Path
) -> Reading:
    path, name, kind = plain.path, plain.name, plain.kind
    if source.format == "self_assessment_form":
        is_text = kind == "json"
        encoding = detect_encoding(path, name, plain.scan, source.encoding) if is_text else ""
        return land_form(connection, table, path, name, kind, encoding)
    if kind in _TEXT_KINDS:
        return land_text(connection, table, path, name, plain.scan, source, folder)
    if kind == "xlsx":
        return land_workbook(connection, table, path, name, source.sheet)
    if kind == "parquet":
        return land_parquet(connection, table, path, name, folder)
    encoding = detect_encoding(path, name, plain.scan, source.encoding)
    return land_json(connection, table, path, name, encoding, is_lines=kind == "jsonl")
