"""Delimited text record by record, each with the number of its first line, in bounded memory.

The reader for files that are not one record a line: it knows blank lines, line ends inside
quotes, ragged rows, broken quotes, endless lines and bytes that are not text, and turns away
the record rather than the file.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple, TextIO

from transforms.errors import InputError
from transforms.sources.tabular import RejectedLine
from transforms.sources.text_encoding import has_marks, show_marks

MAX_LINE_CHARACTERS = 1024 * 1024
SHOWN_CHARACTERS = 1000

# Each stray quotation mark can swallow lines up to the limit before it is found out.
_MAX_REREAD_CHARACTERS = 20 * MAX_LINE_CHARACTERS
_QUOTES_EVERYWHERE = (
    "quoted fields without an end all over the file; export it again with doubled quotation marks"
)
_TOO_LONG = f"longer than {MAX_LINE_CHARACTERS:,} characters; look for missing line ends in the export"
_NOT_TEXT = "has bytes that are not of the file's encoding; export it again as UTF-8 or set encoding"
_QUOTING = (
    "a quoted field is not closed, or has a quotation mark inside that is not doubled; correct the line"
)

# The csv module's limit is one for the process; ours is checked on lines and records.
csv.field_size_limit(4 * MAX_LINE_CHARACTERS)


class Line(NamedTuple):
    """One line of a file with its line end; of one that is too long the first characters only."""

    number: int
    text: str
    is_too_long: bool


class Record(NamedTuple):
    """The fields of one record and the number of the line on which it starts."""

    line: int
    fields: list[str]
    lines: list[Line]
    characters: int

    @property
    def text(self) -> str:
        """The record as it stands in the file, without its last line end."""
        return "".join(line.text for line in self.lines).rstrip("\r\n")


class Lines:
    """The numbered lines of a text; lines can be given back to be read again."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._number = 0
        self._returned: deque[Line] = deque()

    def take(self) -> Line | None:
        """Return the next line, None at the end."""
        if self._returned:
            return self._returned.popleft()
        text = self._text.readline(MAX_LINE_CHARACTERS + 1)
        if not text:
            return None
        self._number += 1
        if len(text) <= MAX_LINE_CHARACTERS:
            return Line(self._number, text, False)
        rest = text
        while rest and not rest.endswith(("\n", "\r")):
            rest = self._text.readline(MAX_LINE_CHARACTERS)
        return Line(self._number, text[:SHOWN_CHARACTERS], True)

    def give_back(self, lines: list[Line]) -> None:
        """Put lines, in file order, before those still to come."""
        self._returned.extendleft(reversed(lines))


def rejected_line(line: Line) -> RejectedLine | None:
    """Return why a line is no text that can be read, None where it is."""
    if line.is_too_long:
        return RejectedLine(line.number, "line_too_long", _TOO_LONG, show_marks(line.text))
    if has_marks(line.text):
        return RejectedLine(line.number, "encoding", _NOT_TEXT, show_marks(line.text.rstrip("\r\n")))
    return None


class _UnreadableLineError(Exception):
    def __init__(self, rejected: RejectedLine) -> None:
        super().__init__(rejected.rule)
        self.rejected = rejected


class _RecordLines:
    """What csv.reader pulls lines from; ``lines`` are those of the record that it is in."""

    def __init__(self, source: Lines) -> None:
        self.source = source
        self.lines: list[Line] = []
        self.characters = 0

    def begin(self) -> None:
        self.lines = []
        self.characters = 0

    def __iter__(self) -> _RecordLines:
        return self

    def __next__(self) -> str:
        line = self.source.take()
        if line is None:
            raise StopIteration
        if self.lines and self.characters + len(line.text) > MAX_LINE_CHARACTERS:
            self.source.give_back([line])
            raise StopIteration
        if line.is_too_long or not line.text.isascii():
            self._refuse_unreadable(line)
        self.lines.append(line)
        self.characters += len(line.text)
        return line.text

    def _refuse_unreadable(self, line: Line) -> None:
        rejected = rejected_line(line)
        if rejected is None:
            return
        if self.lines:
            self.source.give_back([line])
            raise StopIteration
        raise _UnreadableLineError(rejected)


def read_records(text: TextIO, delimiter: str, file: str) -> Iterator[Record | RejectedLine]:
    """Yield the records of delimited text and, in place, the lines that are none.

    Blank lines are no records. Where a quoted field does not end as it should, its first line is
    turned away and reading goes on with the next line, so that one stray quotation mark costs
    one line. Raises InputError for a file in which that happens over and over.
    """
    pulled = _RecordLines(Lines(text))
    reader = csv.reader(pulled, delimiter=delimiter, strict=True)
    spaced = _spaced_quotes_pattern(delimiter)
    reread = 0
    while True:
        pulled.begin()
        try:
            fields = next(reader)
        except StopIteration:
            return
        except _UnreadableLineError as error:
            yield error.rejected
            continue
        except csv.Error:
            fields = None
        first, *others = pulled.lines
        if not others and (fields is None or _has_spaced_quotes(first.text, fields)):
            fields = _split_spaced_quotes(first.text, spaced) or fields
        if fields is None:
            reread += sum(len(line.text) for line in others)
            if reread > _MAX_REREAD_CHARACTERS:
                raise InputError(file, _QUOTES_EVERYWHERE, line=first.number)
            pulled.source.give_back(others)
            yield RejectedLine(first.number, "quoting", _QUOTING, first.text.rstrip("\r\n"))
        elif fields and (len(fields) > 1 or fields[0].strip() or '"' in first.text):
            yield Record(first.number, fields, pulled.lines, pulled.characters)


def _has_spaced_quotes(text: str, fields: list[str]) -> bool:
    return ' "' in text and any(field.startswith(" ") and field.lstrip(" ")[:1] == '"' for field in fields)


def _spaced_quotes_pattern(delimiter: str) -> re.Pattern[str]:
    end = re.escape(delimiter)
    return re.compile(rf' *"([^"]*+(?:""[^"]*+)*+)" *({end}|\Z)|(?! *")([^{end}]*)({end}|\Z)')


def _split_spaced_quotes(text: str, field: re.Pattern[str]) -> list[str] | None:
    """Split one line whose quoted fields have blanks around them, None where it has other faults.

    DuckDB reads ``1, "2,3"`` as two fields, the csv module as three; both readers must agree.
    """
    text = text.rstrip("\r\n")
    fields: list[str] = []
    match = field.match(text)
    while match:
        quoted, quoted_end, plain, plain_end = match.groups()
        fields.append(plain if quoted is None else quoted.replace('""', '"'))
        if not (quoted_end or plain_end):
            return fields
        match = field.match(text, match.end())
    return None
