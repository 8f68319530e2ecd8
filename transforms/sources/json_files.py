"""JSON and JSON Lines into the landing: objects are rows, the union of their keys the columns."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, TextIO

import duckdb

from transforms.errors import InputError
from transforms.sources.csv_records import MAX_LINE_CHARACTERS, Lines, rejected_line
from transforms.sources.tabular import (
    SOURCE_LINE,
    Reading,
    RejectedLine,
    RowWriter,
    clean_headers,
    has_lone_surrogate,
    number_text,
)
from transforms.sources.text_encoding import CHUNK_BYTES, has_marks, open_text, show_marks

_BROKEN = "is no valid JSON; write the record again as one object"
_NOT_AN_OBJECT = "is no JSON object; each record must be {...} with a value for each column name"
_NOT_TEXT = "has bytes that are not of the file's encoding; export it again as UTF-8 or set encoding"
_NOT_AN_ARRAY = "must be one JSON array of objects [{...}, ...]; a file of one object a line is named .jsonl"
_BLANK = re.compile(r"[\s\ufeff]*")


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


class JsonRecord(NamedTuple):
    """One object of the file as cells by key, and the line on which it starts."""

    line: int
    cells: dict[str, str | None]
    characters: int


def land_json(
    connection: duckdb.DuckDBPyConnection, table: str, path: Path, name: str, encoding: str, is_lines: bool
) -> Reading:
    """Read JSON Lines, or one JSON array of objects, into ``table``.

    Nested values are kept as JSON text; null and absent are empty. InputError, with the line,
    where an array breaks off or the file has no objects; in JSON Lines a broken line is turned away.
    """
    writer = RowWriter(connection, table, 0)
    keys: dict[str, None] = {}
    headers: tuple[str, ...] = ()
    with open_text(path, encoding) as file:
        for record in _read_lines(file) if is_lines else _read_array(file, name):
            if isinstance(record, RejectedLine):
                writer.reject(record)
                continue
            if record.cells.keys() - keys.keys():
                keys.update(dict.fromkeys(record.cells))
                headers = clean_headers(tuple(keys), name, record.line)
                writer.widen(len(keys))
            writer.add(record.line, [record.cells.get(key) for key in keys], record.characters)
    if not headers:
        raise InputError(name, "has no JSON objects; give one object for each record", line=1)
    return Reading(headers, writer.finish(), SOURCE_LINE, encoding)


def _read_lines(file: TextIO) -> Iterator[JsonRecord | RejectedLine]:
    lines = Lines(file)
    while line := lines.take():
        rejected = rejected_line(line)
        if rejected is not None:
            yield rejected
        elif text := line.text.strip("\ufeff \t\r\n"):
            yield _parse_line(line.number, text)


def _parse_line(number: int, text: str) -> JsonRecord | RejectedLine:
    try:
        value = _DECODER.decode(text)
    except (ValueError, RecursionError):
        return RejectedLine(number, "json", _BROKEN, text)
    return _as_record(number, value, text)


def _as_record(line: int, value: object, text: str) -> JsonRecord | RejectedLine:
    if not isinstance(value, dict):
        return RejectedLine(line, "json", _NOT_AN_OBJECT, text)
    cells = {key: value_text(item) for key, item in value.items()}
    if any(has_lone_surrogate(item or "") or has_lone_surrogate(key) for key, item in cells.items()):
        return RejectedLine(line, "json", _BROKEN, text)
    return JsonRecord(line, cells, len(text))


def value_text(value: object) -> str | None:
    """Return a JSON value as the text of a cell; null is None, 123.0 is ``123``."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float):
        return number_text(value)
    return json.dumps(value, ensure_ascii=False)


class _ArrayText:
    """The part of a JSON array that is being read; ``line`` is the line of ``position``."""

    def __init__(self, file: TextIO, name: str) -> None:
        self._file = file
        self._name = name
        self.text = ""
        self.position = 0
        self.line = 1

    def fill(self) -> bool:
        """Read on; False at the end of the file."""
        piece = self._file.read(CHUNK_BYTES)
        if piece:
            self.text = self.text[self.position :] + piece
            self.position = 0
        return bool(piece)

    def advance(self, end: int) -> None:
        self.line += self.text.count("\n", self.position, end)
        self.position = end

    def next_sign(self) -> str:
        """Step over blanks and return the next character without taking it; empty at the end."""
        while True:
            match = _BLANK.match(self.text, self.position)
            self.advance(match.end() if match else self.position)
            if self.position < len(self.text) or not self.fill():
                return self.text[self.position : self.position + 1]

    def take_value(self) -> tuple[object, str]:
        """Take the next value and its text; InputError where there is none of bearable length."""
        while True:
            try:
                value, end = _DECODER.raw_decode(self.text, self.position)
            except (ValueError, RecursionError) as error:
                if len(self.text) - self.position > MAX_LINE_CHARACTERS or not self.fill():
                    raise self.broken(error) from error
                continue
            # A number at the end of the piece may go on in the next.
            if end == len(self.text) and self.fill():
                continue
            taken = self.text[self.position : end]
            self.advance(end)
            return value, taken

    def broken(self, error: Exception | None = None) -> InputError:
        at = error.pos if isinstance(error, json.JSONDecodeError) else self.position
        line = self.line + self.text.count("\n", self.position, at)
        problem = "is no valid JSON from here on, or a record is too long; write the file again"
        return InputError(self._name, problem, line=line)


def _read_array(file: TextIO, name: str) -> Iterator[JsonRecord | RejectedLine]:
    array = _ArrayText(file, name)
    if array.next_sign() != "[":
        raise InputError(name, _NOT_AN_ARRAY, line=array.line)
    array.advance(array.position + 1)
    if array.next_sign() == "]":
        return
    separator = ","
    while separator == ",":
        array.next_sign()
        line = array.line
        value, text = array.take_value()
        yield _array_record(line, value, text)
        separator = array.next_sign()
        array.advance(array.position + 1)
    if separator != "]" or array.next_sign():
        raise array.broken()


def _array_record(line: int, value: object, text: str) -> JsonRecord | RejectedLine:
    if has_marks(text):
        return RejectedLine(line, "encoding", _NOT_TEXT, show_marks(text))
    return _as_record(line, value, text)
