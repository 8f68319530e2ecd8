"""What a published file remembers, whatever state the file is in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from expectations.history_outputs import HISTORY
from expectations.outputs import OUTPUTS
from transforms.history.recall import (
    ANOTHER_STUDY,
    KEPT_NONE,
    NOTHING_BEFORE,
    UNREADABLE,
    Memory,
    Study,
    recall,
)
from transforms.warehouse import create_table, insert_records

STUDY = Study("Riverbend", "RB")
REPORT = {"build_id": "b1", "report_year": 2023, "study_name": "Riverbend", "n_teachers": 40}


def published(path: Path, *, has_history: bool = True, change: str = "") -> Path:
    """A published file with one remembered report; ``change`` is run on it at the end."""
    connection = duckdb.connect(str(path))
    connection.execute("create schema meta")
    connection.execute("create table meta.build as select 'Riverbend' as study_name, 'RB' as lea_id")
    if has_history:
        for table in HISTORY:
            create_table(connection, table)
        insert_records(connection, OUTPUTS["history.report"], [REPORT])
        source = {"build_id": "b1", "report_year": 2023, "entity": "student", "rows_read": 9}
        insert_records(connection, OUTPUTS["history.source"], [source])
    if change:
        connection.execute(change)
    connection.close()
    return path


def test_rows_come_back_as_they_were_kept(tmp_path):
    memory = recall([published(tmp_path / "a.duckdb")], STUDY)
    assert memory.reports[0] == {
        column: REPORT.get(column) for column in OUTPUTS["history.report"].column_names
    }
    assert memory.records["history.source"][0]["rows_read"] == 9
    assert (memory.reason, memory.is_lost) == ("", False)


def test_the_file_is_not_changed(tmp_path):
    path = published(tmp_path / "a.duckdb")
    before = path.read_bytes()
    recall([path], STUDY)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["a.duckdb"]


def test_before_the_first_publication_nothing_is_remembered():
    assert recall([], STUDY) == Memory(reason=NOTHING_BEFORE)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("alter table history.report drop column n_teachers", {"n_students": None}),
        ("alter table history.report add column later int default 7", {"n_teachers": 40}),
        ("alter table history.report alter n_teachers type varchar using 'forty'", {"n_teachers": None}),
    ],
)
def test_columns_of_another_version_are_matched_by_name(tmp_path, change, expected):
    (report,) = recall([published(tmp_path / "a.duckdb", change=change)], STUDY).reports
    assert report["build_id"] == "b1"
    assert "later" not in report
    assert {name: report[name] for name in expected} == expected


def test_a_table_that_the_version_did_not_have_is_empty(tmp_path):
    memory = recall([published(tmp_path / "a.duckdb", change="drop table history.source")], STUDY)
    assert memory.records["history.source"] == ()
    assert memory.reports


def garbage(path: Path) -> Path:
    path.write_bytes(b"no database" * 1_000)
    return path


def cut(path: Path) -> Path:
    whole = published(path).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    return path


def scribbled(path: Path) -> Path:
    whole = bytearray(published(path).read_bytes())
    whole[12_288:] = b"\xff" * (len(whole) - 12_288)
    path.write_bytes(bytes(whole))
    return path


def empty(path: Path) -> Path:
    path.write_bytes(b"")
    return path


def of_nobody(path: Path) -> Path:
    return published(path, change="delete from meta.build")


@pytest.mark.parametrize("damage", [garbage, cut, scribbled, empty, of_nobody])
def test_a_damaged_file_begins_history_anew_and_is_said_to_be_lost(
    tmp_path: Path, damage: Callable[[Path], Path]
):
    assert recall([damage(tmp_path / "a.duckdb")], STUDY) == Memory(reason=UNREADABLE, is_lost=True)


@pytest.mark.parametrize("damage", [garbage, cut, scribbled])
def test_a_copy_stands_in_for_a_damaged_file(tmp_path: Path, damage: Callable[[Path], Path]):
    places = [damage(tmp_path / "a.duckdb"), published(tmp_path / "copy.duckdb")]
    assert recall(places, STUDY).reports


def test_a_copy_stands_in_for_a_file_that_is_open_for_writing(tmp_path):
    path, copy = published(tmp_path / "a.duckdb"), published(tmp_path / "copy.duckdb")
    writer = duckdb.connect(str(path))
    assert recall([path, copy], STUDY).reports
    writer.close()


def test_another_study_in_the_same_place_is_not_remembered(tmp_path):
    path = published(tmp_path / "a.duckdb", change="update meta.build set lea_id = 'OAK'")
    assert recall([path], STUDY) == Memory(reason=ANOTHER_STUDY, is_lost=True)


def test_a_file_of_a_version_without_history_is_no_loss(tmp_path):
    path = published(tmp_path / "a.duckdb", has_history=False)
    assert recall([path], STUDY) == Memory(reason=KEPT_NONE)
