"""The bytes of a text file: its hash, its encoding, its line count, found in bounded memory."""

from __future__ import annotations

import codecs
import hashlib
import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TextIO

from transforms.errors import InputError

CHUNK_BYTES = 4 * 1024 * 1024
EMPTY = "is empty; export it again or take it out of the study"

_HEAD_BYTES = 64 * 1024
_UTF8_NAMES = ("utf-8", "utf-8-sig")
_MARK = re.compile("[\udc00-\udcff]")
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\x0b\x0c\x1a")) + b"\x7f"


def _mark_undecodable(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    undecodable = error.object[error.start : error.end]
    return "".join(chr(0xDC00 + byte) for byte in undecodable), error.end


# 'surrogateescape' does the same for bytes above 127 only; broken UTF-16 has others too.
codecs.register_error("pdeval_mark", _mark_undecodable)


@dataclass(frozen=True)
class ByteScan:
    """One streaming pass over a file.

    ``lines`` counts lines up to the last one that is not empty. ``has_plain_line_ends`` is False
    where a carriage return stands without its line feed. ``head`` is the beginning of the file.
    """

    sha256: str
    size_bytes: int
    is_utf8: bool
    has_nul: bool
    lines: int
    has_plain_line_ends: bool
    head: bytes


class _LineCount:
    """Counts line ends over chunks, the empty lines at the end of the file left out."""

    def __init__(self) -> None:
        self.has_plain_line_ends = True
        self._before = 0
        self._total = 0
        self._last = b""

    def feed(self, chunk: bytes) -> None:
        joined = self._last[-1:] == b"\r"
        if joined or b"\r" in chunk:
            pairs = chunk.count(b"\r\n") + (joined and chunk[:1] == b"\n")
            singles = chunk.count(b"\r") + joined - (chunk[-1:] == b"\r")
            self.has_plain_line_ends &= pairs == singles
        self._total += chunk.count(b"\n")
        text = chunk.rstrip(b"\r\n")
        if text:
            self._before = self._total - chunk.count(b"\n", len(text))
        self._last = chunk

    def lines(self) -> int:
        if self._last[-1:] == b"\r":
            self.has_plain_line_ends = False
        return self._before + 1


class Readable(Protocol):
    """A binary file that is read from."""

    def read(self, size: int, /) -> bytes:
        """Return up to ``size`` bytes, none at the end."""


def read_chunks(file: Readable) -> Iterator[bytes]:
    """Yield the rest of an open file in chunks of ``CHUNK_BYTES``."""
    while chunk := file.read(CHUNK_BYTES):
        yield chunk


def scan_file(path: Path, name: str) -> ByteScan:
    """Hash a file, check it for UTF-8 and NUL bytes, and count its lines, in one pass.

    ``name`` is what an InputError calls the file; it is raised where the file cannot be read.
    """
    digest, decoder, count = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")(), _LineCount()
    head, size, is_utf8, has_nul = b"", 0, True, False
    try:
        with path.open("rb") as file:
            for chunk in read_chunks(file):
                head = head or chunk[:_HEAD_BYTES]
                size += len(chunk)
                digest.update(chunk)
                has_nul = has_nul or b"\0" in chunk
                is_utf8 = is_utf8 and _decodes(decoder, chunk)
                count.feed(chunk)
    except OSError as error:
        raise InputError(name, f"cannot be read: {error.strerror}") from error
    is_utf8 = is_utf8 and _decodes(decoder, b"", is_final=True)
    lines = count.lines()
    return ByteScan(digest.hexdigest(), size, is_utf8, has_nul, lines, count.has_plain_line_ends, head)


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, is_final: bool = False) -> bool:
    if not is_final and chunk.isascii() and decoder.getstate()[0] == b"":
        return True
    try:
        decoder.decode(chunk, is_final)
    except UnicodeDecodeError:
        return False
    return True


def refuse_empty(name: str, scan: ByteScan) -> None:
    """Raise InputError for a file that begins with nothing but blanks."""
    if not scan.head.strip(codecs.BOM_UTF8 + b" \t\r\n"):
        raise InputError(name, EMPTY, line=1)


def detect_encoding(path: Path, name: str, scan: ByteScan, declared: str | None) -> str:
    """Return the Python name of a text file's encoding; ``declared`` wins where it is given.

    Without it: a byte order mark, else UTF-16 by where its NULs are, else UTF-8 where the whole
    file is, else UTF-8 with some broken lines where most of its non-ASCII characters read as
    that, else cp1252. Raises InputError for a file that is not text or an unknown encoding.
    """
    encoding = _declared_encoding(name, scan, declared) if declared else _utf16(scan)
    if encoding is None:
        _refuse_binary(name, scan)
        is_utf8 = scan.is_utf8 or _is_mostly_utf8(path)
        encoding = _utf8(scan) if is_utf8 else "cp1252"
    return encoding


def _declared_encoding(name: str, scan: ByteScan, declared: str) -> str:
    try:
        encoding = codecs.lookup(declared).name
        "".encode(encoding)
    except LookupError as error:
        problem = f"encoding {declared!r} is not known; use utf-8, utf-16 or cp1252, or leave it out"
        raise InputError(name, problem) from error
    if encoding in _UTF8_NAMES:
        encoding = _utf8(scan)
    if not encoding.startswith(("utf-16", "utf-32")):
        _refuse_binary(name, scan)
    return encoding


def _utf8(scan: ByteScan) -> str:
    return "utf-8-sig" if scan.head.startswith(codecs.BOM_UTF8) else "utf-8"


def _utf16(scan: ByteScan) -> str | None:
    if scan.head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if not scan.has_nul or len(scan.head) < 4:
        return None
    even, odd = scan.head[0::2], scan.head[1::2]
    even_share, odd_share = even.count(0) / len(even), odd.count(0) / len(odd)
    if odd_share > 0.4 and even_share < 0.05:
        return "utf-16-le"
    if even_share > 0.4 and odd_share < 0.05:
        return "utf-16-be"
    return None


def _refuse_binary(name: str, scan: ByteScan) -> None:
    controls = len(scan.head) - len(scan.head.translate(None, _CONTROLS))
    if scan.has_nul or controls > 0.05 * len(scan.head):
        is_package = scan.head.startswith(b"PK\x03\x04")
        advice = (
            "it looks like a workbook or zip: name it .xlsx or .zip" if is_package else "export it as CSV"
        )
        raise InputError(name, f"is not a text file; {advice}")


def _is_mostly_utf8(path: Path) -> bool:
    """Tell whether valid multi-byte characters outnumber the bytes that are not UTF-8."""
    valid = broken = 0
    with open_text(path, "utf-8") as file:
        while text := file.read(CHUNK_BYTES):
            storable = len(text.encode("utf-8", "ignore").decode("utf-8"))
            broken += len(text) - storable
            valid += storable - len(text.encode("ascii", "ignore"))
    return valid > broken


def open_text(path: Path, encoding: str) -> TextIO:
    """Open a file for reading with its line ends kept; undecodable bytes become marks."""
    return path.open("r", encoding=encoding, errors="pdeval_mark", newline="")


def has_marks(text: str) -> bool:
    """Tell whether text that ``open_text`` read had bytes that are not of its encoding."""
    return not text.isascii() and _MARK.search(text) is not None


def show_marks(text: str) -> str:
    r"""Return text with each undecodable byte written as ``\xNN``, so that it can be stored."""
    return _MARK.sub(lambda mark: f"\\x{ord(mark[0]) - 0xDC00:02x}", text)


def open_private(path: Path) -> io.FileIO:
    """Create a file that only its owner can read, and open it for writing."""
    return io.FileIO(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def write_utf8(path: Path, encoding: str, target: Path) -> bool:
    """Write a text file as UTF-8 to ``target``; return False where it has undecodable bytes."""
    with open_text(path, encoding) as text, open_private(target) as file:
        while piece := text.read(CHUNK_BYTES):
            if has_marks(piece):
                return False
            file.write(piece.encode("utf-8"))
    return True
