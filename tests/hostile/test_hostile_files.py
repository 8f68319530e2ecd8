"""Files that nobody should trust: each is turned away with one line, or costs only its bad records."""

from __future__ import annotations

import gzip
import io
import stat
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import openpyxl
import pytest

from transforms.errors import InputError
from transforms.sources import archives, csv_records
from transforms.sources.landing import LandedFile, land_file, open_landing
from transforms.sources.source import Source

Land = Callable[[str, bytes], tuple[LandedFile, ...]]


@pytest.fixture
def landing(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = open_landing(tmp_path / "restricted" / "landing.duckdb", "500MB")
    yield connection
    connection.close()


@pytest.fixture
def land(landing: duckdb.DuckDBPyConnection, tmp_path: Path) -> Land:
    def put(name: str, content: bytes) -> tuple[LandedFile, ...]:
        path = tmp_path / name
        path.write_bytes(content)
        return land_file(landing, path, name, Source(path=name), tmp_path / "restricted" / "scratch")

    return put


def _zip(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return packed.getvalue()


def _workbook() -> bytes:
    workbook, saved = openpyxl.Workbook(), io.BytesIO()
    workbook.active.append(["id", "score"])
    workbook.save(saved)
    return saved.getvalue()


def _parquet() -> bytes:
    # 'PAR1', no footer, 'PAR1'
    return b"PAR1" + bytes(64) + b"PAR1"


def _link() -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("scores.csv")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


def _encrypted() -> bytes:
    packed = bytearray(_zip(("scores.csv", b"id\nS1\n")))
    # general purpose bit 0, in the local header (offset 6) and in the central directory (offset 8)
    packed[6] |= 1
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    return bytes(packed)


CSV = b"id,score\nS1,1\n"
REFUSED = {
    "nothing": ("a.csv", b"", "a.csv:1: is empty"),
    "only a byte order mark": ("a.csv", b"\xef\xbb\xbf", "a.csv:1: is empty"),
    "only blank lines": ("a.csv", b"\n \n\n", "a.csv:1: is empty"),
    "only many blank lines": ("a.csv", b"\n" * 200_000, "a.csv:1: is empty"),
    "a picture": ("a.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "is not a text file"),
    "bytes without NUL": ("a.csv", bytes(range(1, 32)) * 9, "is not a text file"),
    "a NUL far down": ("a.csv", CSV * 100_000 + b"\0", "is not a text file"),
    "a workbook named csv": ("a.csv", _workbook(), "looks like a workbook or zip"),
    "a header of delimiters": ("a.csv", b",,\n1,2,3\n", "a.csv:1: the header line has no names"),
    "two equal headers": ("a.csv", b"id,x, id\n1,2,3\n", "columns 1 and 3 have the same header"),
    "a header that does not end": ("a.csv", b'"id,score\nS1,1\n', "a.csv:1: the header line cannot be read"),
    "a header of a megabyte": ("a.csv", b"x" * 1_100_000, "a.csv:1: the header line cannot be read"),
    "too many columns": ("a.csv", b"x" + b",x" * 20_000, "has 20,001 columns|same header"),
    "an unknown kind": ("a.xls", CSV, "is of a kind that is not read; give it as csv, tsv"),
    "no kind": ("scores", CSV, "is of a kind that is not read"),
    "no gzip": ("a.csv.gz", CSV, "is no complete gzip file"),
    "half a gzip file": ("a.csv.gz", gzip.compress(CSV * 50)[:-9], "is no complete gzip file"),
    "a broken gzip file": (
        "a.csv.gz",
        gzip.compress(CSV * 50)[:20] + b"\xff" * 40,
        "is no complete gzip file",
    ),
    "an empty gzip file": ("a.csv.gz", gzip.compress(b""), "a.csv.gz:1: is empty"),
    "no workbook": ("a.xlsx", CSV, "is no complete zip archive"),
    "half a workbook": ("a.xlsx", _workbook()[:2000], "is no complete zip archive"),
    "a zip without a sheet": ("a.xlsx", _zip(("a.csv", CSV)), "is no workbook that can be read"),
    "no Parquet": ("a.parquet", CSV, "is no complete Parquet file"),
    "Parquet without footer": ("a.parquet", _parquet(), "is no complete Parquet file"),
    "half an array": ("a.json", b'[{"id": 1},\n{"id"', "a.json:2: is no valid JSON"),
    "a bottomless array": ("a.json", b"[" * 100_000, "a.json:1: is no valid JSON"),
    "no zip": ("a.zip", CSV, "is no complete zip archive"),
    "half a zip": ("a.zip", _zip(("a.csv", CSV))[:-9], "is no complete zip archive"),
    "an empty zip": ("a.zip", _zip(), "has no data files in it"),
    "a zip of documents": ("a.zip", _zip(("a.pdf", b"%PDF")), "has no data files in it"),
    "a zip in a zip": ("a.zip", _zip(("b.zip", _zip(("a.csv", CSV)))), "b.zip is an archive itself"),
    "a program in a zip": ("a.zip", _zip(("a.csv", CSV), ("a.exe", b"MZ")), "a.zip:a.exe: is of a kind"),
    "a name that leads up": ("a.zip", _zip(("../a.csv", CSV)), "name leads out of the archive"),
    "a name from the root": ("a.zip", _zip(("/etc/a.csv", CSV)), "name leads out of the archive"),
    "a name with a drive": ("a.zip", _zip(("C:a.csv", CSV)), "name leads out of the archive"),
    "a name with a line end": ("a.zip", _zip(("a\n.csv", CSV)), "name leads out of the archive"),
    "a link": ("a.zip", _zip((_link(), b"/etc/passwd")), "scores.csv is a link"),
    "an encrypted member": ("a.zip", _encrypted(), "scores.csv is encrypted"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_hostile_file_is_one_clear_line(case: str, land: Land, landing: duckdb.DuckDBPyConnection) -> None:
    name, content, message = REFUSED[case]
    with pytest.raises(InputError, match=message) as refusal:
        land(name, content)
    assert "\n" not in str(refusal.value)
    assert str(refusal.value).startswith("a.") or case == "no kind"
    assert landing.execute("select count(*) from landing.file").fetchall() == [(0,)]


def test_two_members_of_one_name_are_refused(land: Land) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        packed = _zip(("a.csv", CSV), ("a.csv", CSV + CSV))
    with pytest.raises(InputError, match=r"has two members called a\.csv"):
        land("a.zip", packed)


@pytest.mark.parametrize("name", ["a.csv.gz", "a.zip", "a.xlsx"])
def test_what_unpacks_without_end_is_refused(name: str, land: Land, monkeypatch: pytest.MonkeyPatch) -> None:
    zeros = b"0" * 3_000_000
    monkeypatch.setattr(archives, "RATIO_FREE_BYTES", 1_000_000)
    packed = gzip.compress(zeros) if name.endswith("gz") else _zip(("a.csv", zeros))
    with pytest.raises(InputError, match="unpacks to more than 250 times its size"):
        land(name, packed)


@pytest.mark.parametrize("name", ["a.csv.gz", "a.zip"])
def test_what_unpacks_to_too_much_is_refused(name: str, land: Land, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_UNPACKED_BYTES", 1000)
    packed = (
        gzip.compress(CSV * 100) if name.endswith("gz") else _zip(("a.csv", CSV * 50), ("b.csv", CSV * 50))
    )
    with pytest.raises(InputError, match="unpacks to more than"):
        land(name, packed)


def test_nothing_is_unpacked_outside_the_scratch_folder(land: Land, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        land("a.zip", _zip(("good.csv", CSV), ("../../evil.csv", CSV)))
    assert sorted(path.name for path in tmp_path.rglob("*.csv")) == []


def test_a_missing_file_and_a_folder_are_said(landing: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    for name, message in {"gone.csv": "No such file", "folder.csv": "Is a directory"}.items():
        with pytest.raises(InputError, match=f"{name}: cannot be read: {message}"):
            land_file(landing, tmp_path / name, name, Source(path=name), tmp_path / "scratch")


def test_quotation_marks_without_end_all_over_a_file_do_not_take_forever(
    land: Land, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_records, "_MAX_REREAD_CHARACTERS", 2_000_000)
    # each line opens a field that the next line neither ends nor contradicts
    with pytest.raises(InputError, match="quoted fields without an end all over the file"):
        land("a.csv", b"id,score\n" + b'a","b\n' * 300_000)


def test_a_ten_megabyte_line_costs_itself_alone(land: Land, landing: duckdb.DuckDBPyConnection) -> None:
    (landed,) = land("a.csv", CSV + b"S2," + b"9" * 10_000_000 + b"\nS3,3\n")
    rejected = landing.execute(
        "select source_line, rule, length(record) from landing.rejected_line"
    ).fetchall()
    assert (landed.rows, rejected) == (3, [(3, "line_too_long", 1000)])


def test_names_and_cells_are_never_taken_for_sql(land: Land, landing: duckdb.DuckDBPyConnection) -> None:
    header = b'"id\'); drop table landing.file; --","a""b"\n'
    (landed,) = land("a'; drop schema landing cascade; --.csv", header + b"'; drop table x,1\n")
    assert landed.headers == ("id'); drop table landing.file; --", 'a"b')
    assert landing.execute(f"select c0, c1 from {landed.table}").fetchall() == [("'; drop table x", "1")]
