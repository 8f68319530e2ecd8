"""The landing: read once, found again by content, private, all or nothing."""

from __future__ import annotations

import gzip
import io
import stat
import zipfile
from pathlib import Path

import pytest

from transforms.errors import InputError
from transforms.sources import landing, text_files
from transforms.sources.landing import forget_unused, land_file, open_landing
from transforms.sources.source import Source

CONTENT = "id,score\nS1,1\nS2,2\n"


def _registered(desk) -> int:
    return desk.connection.execute("select count(*) from landing.file").fetchall()[0][0]


def _tables(desk) -> set[str]:
    found = desk.connection.execute(
        "select table_name from information_schema.tables where table_name like 'f\\_%' escape '\\'"
    )
    return {f"landing.{name}" for (name,) in found.fetchall()}


def zip_of(**members: bytes | str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return packed.getvalue()


def test_the_same_bytes_are_read_once(desk) -> None:
    first = desk.land("a.csv", CONTENT)
    again = desk.land("a.csv")
    copied = desk.land("b.csv", CONTENT)
    assert [first.is_reused, again.is_reused, copied.is_reused] == [False, True, True]
    assert first.table == again.table == copied.table
    assert (copied.source_file, copied.headers, copied.rows) == ("exports/b.csv", first.headers, first.rows)
    assert _registered(desk) == 1


def test_what_is_found_again_equals_what_was_read(desk) -> None:
    first = desk.land("a.csv", "id;note\nS1;x\nS2\n")
    again = desk.land("a.csv")
    assert again == type(first)(**{**vars(first), "is_reused": True})


def test_what_was_read_is_found_after_reopening(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(CONTENT)
    seen = []
    for _ in range(2):
        connection = open_landing(tmp_path / "restricted" / "landing.duckdb", "500MB")
        (landed,) = land_file(connection, path, "a.csv", Source(path="a.csv"), tmp_path / "scratch")
        seen.append((landed.is_reused, connection.execute(f"select count(*) from {landed.table}").fetchall()))
        connection.close()
    assert seen == [(False, [(2,)]), (True, [(2,)])]


def test_a_changed_file_is_read_anew(desk) -> None:
    first = desk.land("a.csv", CONTENT)
    changed = desk.land("a.csv", CONTENT + "S3,3\n")
    assert (changed.is_reused, changed.rows) == (False, 3)
    assert changed.table != first.table


def test_other_reading_options_are_another_reading(desk) -> None:
    desk.land("a.csv", CONTENT)
    assert not desk.land("a.csv", delimiter=";").is_reused


def test_only_the_owner_can_read_what_is_landed(desk) -> None:
    desk.land("a.csv", CONTENT)
    restricted = desk.folder / "restricted"
    assert stat.S_IMODE(restricted.stat().st_mode) == 0o700
    assert stat.S_IMODE((restricted / "landing.duckdb").stat().st_mode) == 0o600


def test_copies_are_private_and_removed(desk, monkeypatch: pytest.MonkeyPatch) -> None:
    modes: list[int] = []

    def look(*arguments: object) -> None:
        modes.extend(
            stat.S_IMODE(path.stat().st_mode) for path in desk.scratch.rglob("*") if not path.is_symlink()
        )

    monkeypatch.setattr(text_files, "_read_csv", look)
    desk.land("a.csv.gz", gzip.compress("id,name\nS1,Müller\n".encode("utf-16")))
    # the folder of this reading, the unpacked file, its copy in UTF-8
    assert sorted(modes) == [0o600, 0o600, 0o700]
    assert list(desk.scratch.iterdir()) == []


def test_a_reading_that_fails_leaves_nothing(desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr(landing, "register", fail)
        with pytest.raises(RuntimeError, match="power cut"):
            desk.land("a.csv", "id,score\nS1,1\nS2\n")
    assert (_tables(desk), _registered(desk)) == (set(), 0)
    assert desk.connection.execute("select count(*) from landing.rejected_line").fetchall() == [(0,)]
    assert not desk.land("a.csv").is_reused


def test_a_file_that_changes_while_it_is_read_is_turned_away(desk, monkeypatch: pytest.MonkeyPatch) -> None:
    states = iter([(1, 1), (2, 2)])
    monkeypatch.setattr(landing, "_state", lambda *arguments: next(states))
    with pytest.raises(InputError, match="changed while it was read; run again"):
        desk.land("a.csv", CONTENT)


def test_what_is_not_kept_is_forgotten(desk) -> None:
    kept = desk.land("a.csv", CONTENT)
    dropped = desk.land("b.csv", "id,score\nS1\n")
    forget_unused(desk.connection, [kept.table])
    assert _tables(desk) == {kept.table}
    assert desk.rejected(dropped) == []
    assert desk.land("a.csv").is_reused
    assert not desk.land("b.csv").is_reused


def test_gzip_is_unpacked(desk) -> None:
    landed = desk.land("a.csv.gz", gzip.compress(CONTENT.encode()))
    assert landed.bytes == (desk.folder / "a.csv.gz").stat().st_size
    assert desk.rows(landed) == [(2, "S1", "1"), (3, "S2", "2")]


def test_an_archive_is_a_table_for_each_member_in_order(desk) -> None:
    members = {"users__csv": CONTENT, "org/orgs__tsv": "id\tname\nO1\tNorth\n", "read me__pdf": b"%PDF"}
    first, second = desk.land_all("a.zip", zip_of(**members))
    assert [first.source_file, second.source_file] == [
        "exports/a.zip:users.csv",
        "exports/a.zip:org/orgs.tsv",
    ]
    assert desk.rows(second) == [(2, "O1", "North")]
    assert first.sha256 == second.sha256
    assert [landed.is_reused for landed in desk.land_all("a.zip")] == [True, True]


def test_an_archive_may_hold_every_format(desk) -> None:
    members = {
        "a__csv__gz": gzip.compress(b"id,x\nS1,1\n"),
        "b__jsonl": '{"id": "S1"}\n',
        "c__json": '[{"id": "S1"}]',
    }
    assert [landed.rows for landed in desk.land_all("a.zip", zip_of(**members))] == [1, 1, 1]


def test_bytes_that_are_no_rows_balance_with_those_that_are(desk) -> None:
    landed = desk.land("a.csv", 'id,score\nS1,1\nS2\n"S3,3\nS4,4\n')
    # 4 records = 2 rows and 2 rejected lines
    assert landed.rows == len(desk.rows(landed)) + len(desk.rejected(landed)) == 4
