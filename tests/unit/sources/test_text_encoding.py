"""Encodings: found over the whole file, never mixed up in silence."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from transforms.errors import InputError
from transforms.sources import text_encoding
from transforms.sources.text_encoding import scan_file

TEXT = "id,name\nS1,Müller\nS2,Łukasz\n"
ROWS = [(2, "S1", "Müller"), (3, "S2", "Łukasz")]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode("utf-8"), "utf-8"),
        (codecs.BOM_UTF8 + TEXT.encode("utf-8"), "utf-8 with byte order mark"),
        (TEXT.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
    ],
    ids=[
        "utf-8",
        "utf-8 with mark",
        "utf-16",
        "utf-16 big endian",
        "utf-16-le unmarked",
        "utf-16-be unmarked",
    ],
)
def test_unicode_is_found(desk, content: bytes, encoding: str) -> None:
    landed = desk.land("a.csv", content)
    assert (landed.headers, landed.encoding, landed.line_sql) == (("id", "name"), encoding, "rowid + 2")
    assert desk.rows(landed) == ROWS


def test_windows_text_is_found(desk) -> None:
    landed = desk.land("a.csv", "id,name\nS1,Müller\nS2,“Zoë” – 5 €\n".encode("cp1252"))
    assert landed.encoding == "cp1252"
    assert desk.rows(landed) == [(2, "S1", "Müller"), (3, "S2", "“Zoë” – 5 €")]


def test_one_umlaut_at_the_end_of_a_long_file_decides(desk) -> None:
    landed = desk.land("a.csv", b"id,name\n" + b"S1,x\n" * 300_000 + "S2,Müller\n".encode("cp1252"))
    assert (landed.encoding, landed.rows) == ("cp1252", 300_001)


def test_a_broken_line_in_utf8_is_turned_away_alone(desk) -> None:
    landed = desk.land("a.csv", "id,name\nS1,Müller\nS2,Zoë\n".encode() + b"S3,J\xe9r\n")
    assert landed.encoding == "utf-8"
    assert desk.rows(landed) == [(2, "S1", "Müller"), (3, "S2", "Zoë")]
    assert desk.rejected(landed) == [(4, "encoding", r"S3,J\xe9r")]


def test_bytes_that_windows_text_has_not_are_turned_away_with_their_line(desk) -> None:
    landed = desk.land("a.csv", b"id,name\nS1,M\xfcller\nS2,\x81\x8d\n")
    assert desk.rejected(landed) == [(3, "encoding", r"S2,\x81\x8d")]


def test_a_declared_encoding_wins(desk) -> None:
    landed = desk.land("a.csv", "id,name\nS1,Łukasz\n".encode("iso8859-2"), encoding="latin2")
    assert desk.rows(landed) == [(2, "S1", "Łukasz")]


@pytest.mark.parametrize("encoding", ["utf-9", "base64"])
def test_an_unknown_encoding_is_said(desk, encoding: str) -> None:
    with pytest.raises(InputError, match=f"encoding '{encoding}' is not known; use utf-8"):
        desk.land("a.csv", TEXT, encoding=encoding)


@pytest.mark.parametrize(
    ("content", "lines", "is_plain"),
    [
        (b"a\nb\n", 2, True),
        (b"a\nb", 2, True),
        (b"a\r\nb\r\n", 2, True),
        (b"a\nb\n\n\n", 2, True),
        (b"a\n\nb\n", 3, True),
        (b"a\rb\n", 1, False),
        (b"a\r\nb\r", 2, False),
    ],
)
@pytest.mark.parametrize("chunk_bytes", [1, 2, 3, 1024])
def test_lines_are_counted_alike_in_chunks_of_any_size(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    content: bytes,
    lines: int,
    is_plain: bool,
    chunk_bytes: int,
) -> None:
    monkeypatch.setattr(text_encoding, "CHUNK_BYTES", chunk_bytes)
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    scan = scan_file(path, "a.csv")
    assert scan.has_plain_line_ends == is_plain
    assert scan.lines == lines or not is_plain


def test_utf8_is_checked_across_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_encoding, "CHUNK_BYTES", 1)
    path = tmp_path / "a.csv"
    path.write_bytes("ü€𝄞".encode())
    assert scan_file(path, "a.csv").is_utf8
    path.write_bytes("ü€𝄞".encode()[:-1])
    assert not scan_file(path, "a.csv").is_utf8
