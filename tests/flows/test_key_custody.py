"""The key rotated and who is who told: on command, for the owner alone, under the run lock, recorded."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from expectations.contract import PSEUDONYMISED
from expectations.history_outputs import HISTORY
from expectations.outputs import OUTPUTS
from flows import custody_commands, nightly
from flows.crosswalk import write_crosswalk
from flows.folders import Warehouse, write_atomically
from flows.key_rotation import rotate_key
from flows.lock import run_lock
from flows.nightly import run_study
from flows.pinning import listed_pins, pinned
from flows.records import read_records
from flows.settings import StudySettings, load_settings
from tests.flows.commands import Run
from tests.flows.pipeline import load_and_publish
from transforms.errors import InputErrors, LockedError, UsageError
from transforms.loading.pseudonyms import pseudonym

MINISTUDY = Path(__file__).parents[1] / "data" / "ministudy"


@pytest.fixture(scope="module")
def published_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("custody") / "study"
    shutil.copytree(MINISTUDY, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PDEVAL_PSEUDONYM_KEY", raising=False)
        patch.delenv("PDEVAL_DATA", raising=False)
        patch.setattr(nightly, "run_flow", load_and_publish)
        run_study(load_settings(folder))
        yield folder


@pytest.fixture
def study(published_folder: Path, tmp_path: Path) -> StudySettings:
    shutil.copytree(published_folder, tmp_path / "study", symlinks=True)
    return load_settings(tmp_path / "study")


def warehouse_of(study: StudySettings) -> Warehouse:
    return Warehouse(study.warehouse_folder)


def column(database: Path, table: str, name: str) -> set[str]:
    connection = duckdb.connect(str(database), read_only=True)
    try:
        return {value for (value,) in connection.execute(f"select distinct {name} from {table}").fetchall()}
    finally:
        connection.close()


def source_ids(study: StudySettings, file: str, name: str) -> set[str]:
    with (study.folder / "exports" / file).open(newline="") as rows:
        return {row[name] for row in csv.DictReader(rows)}


def rows_of(file: Path) -> list[tuple[str, str, str]]:
    with file.open(newline="") as content:
        return [tuple(row) for row in csv.reader(content)][1:]  # type: ignore[misc]


def test_next_run_after_a_rotation_gives_everybody_a_new_pseudonym(study: StudySettings) -> None:
    warehouse = warehouse_of(study)
    old_key = warehouse.key_file.read_bytes()
    before = column(warehouse.published, "core.student", "student_id")
    pinned(study, read_records(warehouse.folder)[0].build_id, "")
    rotation = rotate_key(study)
    assert column(warehouse.published, "core.student", "student_id") == before
    record = run_study(study).record
    assert record.state == "published"  # the same input, and not "unchanged"
    assert record.pseudonym_key_id == rotation.new_key_id != rotation.old_key_id
    after = column(warehouse.published, "core.student", "student_id")
    assert len(after) == len(before) == 40
    assert not after & before
    (pin,) = listed_pins(study)
    assert (pin.is_whole, pin.pin.pseudonym_key_id) == (True, rotation.old_key_id)
    kept = b"".join(path.read_bytes() for path in warehouse.folder.rglob("*") if path.is_file())
    assert old_key not in kept
    assert bytes.fromhex(old_key.decode()) not in kept
    assert run_study(study).record.state == "unchanged"


def test_old_key_is_kept_where_it_is_asked_for(study: StudySettings, tmp_path: Path, pdeval: Run) -> None:
    old = warehouse_of(study).key_file.read_bytes()
    code, out, err = pdeval("key", "rotate", study.folder, "--keep-old", tmp_path / "old.key", "--json")
    assert (code, err) == (0, "")
    assert (tmp_path / "old.key").read_bytes() == old != warehouse_of(study).key_file.read_bytes()
    assert [mode(tmp_path / "old.key"), mode(warehouse_of(study).key_file)] == [0o600, 0o600]
    assert json.loads(out)["old_key_kept_in"] == str(tmp_path / "old.key")
    shutil.copyfile(tmp_path / "old.key", warehouse_of(study).key_file)  # and it can be put back
    assert run_study(study).record.state == "unchanged"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_key_of_the_environment_is_not_ours_to_rotate(
    study: StudySettings, monkeypatch: pytest.MonkeyPatch, pdeval: Run
) -> None:
    monkeypatch.setenv("PDEVAL_PSEUDONYM_KEY", "k" * 32)
    before = warehouse_of(study).key_file.read_bytes()
    code, out, err = pdeval("key", "rotate", study.folder)
    assert (code, out) == (2, "")
    assert err == (
        "pdeval: PDEVAL_PSEUDONYM_KEY: this key comes from the environment and cannot be changed from here;"
        " set another value there, and the next run builds under it\n"
    )
    assert warehouse_of(study).key_file.read_bytes() == before


def test_killed_rotation_leaves_the_old_key_or_the_new_one(
    study: StudySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = warehouse_of(study).key_file.read_bytes()

    def die(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", die)
        with pytest.raises(KeyboardInterrupt):
            rotate_key(study)
    assert warehouse_of(study).key_file.read_bytes() == before
    assert run_study(study).record.state == "unchanged"


def test_nothing_is_rotated_or_told_while_a_run_is_at_work(
    study: StudySettings, tmp_path: Path, pdeval: Run
) -> None:
    with run_lock(warehouse_of(study)):
        for command in (
            ("key", "rotate", study.folder),
            ("crosswalk", study.folder, "--output", tmp_path / "c"),
        ):
            code, out, err = pdeval(*command)
            assert (code, out) == (LockedError.exit_code, "")
            assert err.count("\n") == 1
    assert not (tmp_path / "c").exists()


def test_study_that_was_never_run_has_nothing_to_rotate_and_gets_no_folder(
    tmp_path: Path, pdeval: Run
) -> None:
    shutil.copytree(MINISTUDY, tmp_path / "new")
    code, _, err = pdeval("key", "rotate", tmp_path / "new")
    assert code == 2
    assert "pdeval run" in err
    assert not (tmp_path / "new" / "warehouse").exists()


def test_history_holds_no_id_of_a_person() -> None:
    tables = [table for table in OUTPUTS.values() if table.schema == "history"]
    assert len(tables) == len(HISTORY) >= 5
    columns = [each for table in tables for each in table.columns]
    assert [each.name for each in columns if each.references in PSEUDONYMISED] == []
    persons = {f"{kind}_id" for kind in (*PSEUDONYMISED, "response")} | {"student", "staff"}
    assert not {each.name for each in columns} & persons


def test_crosswalk_has_every_id_of_the_build_and_its_pseudonym(
    study: StudySettings, tmp_path: Path, pdeval: Run
) -> None:
    warehouse = warehouse_of(study)
    file = tmp_path / "crosswalk.csv"
    code, out, err = pdeval("crosswalk", study.folder, "--output", file)
    assert (code, err) == (0, "")
    rows = rows_of(file)
    assert mode(file) == 0o600
    assert {original for kind, original, _ in rows if kind == "student"} == source_ids(
        study, "students.csv", "student_id"
    )
    assert {public for kind, _, public in rows if kind == "student"} == column(
        warehouse.published, "core.student", "student_id"
    )
    key = bytes.fromhex(warehouse.key_file.read_text())
    assert all(public == pseudonym(key, kind, original) for kind, original, public in rows)
    assert {kind for kind, _, _ in rows} == {"student", "staff", "section"}
    assert "staff 6, student 40" in out.replace("section 12, ", "")
    assert not any(original in out for _, original, _ in rows if len(original) > 3)


def test_only_the_ids_asked_for_are_told(study: StudySettings, tmp_path: Path) -> None:
    whole = write_crosswalk(study, tmp_path / "whole.csv")
    first, second, *_ = (row for row in rows_of(whole.file) if row[0] == "student")
    (tmp_path / "ids.txt").write_text(f"{first[1]}\r\n\n{second[2]}\nnobody\n", encoding="utf-8-sig")
    asked = write_crosswalk(study, tmp_path / "asked.csv", tmp_path / "ids.txt")
    assert rows_of(asked.file) == [first, second]
    assert (asked.n_unknown, asked.n_by_kind) == (1, {"student": 2})
    (tmp_path / "ids.txt").write_text("nobody\n")
    with pytest.raises(UsageError, match="has none of the ids"):
        write_crosswalk(study, tmp_path / "none.csv", tmp_path / "ids.txt")
    assert not (tmp_path / "none.csv").exists()


@pytest.mark.parametrize(
    ("content", "problem"),
    [(b"\xff\xfe\x00", "not UTF-8"), (b"\n \n", "has no ids"), (None, "cannot be read")],
)
def test_file_of_ids_that_cannot_be_used_is_one_line(
    study: StudySettings, tmp_path: Path, content: bytes | None, problem: str
) -> None:
    if content is not None:
        (tmp_path / "ids.txt").write_bytes(content)
    with pytest.raises(UsageError, match=problem):
        write_crosswalk(study, tmp_path / "c.csv", tmp_path / "ids.txt")


@pytest.mark.parametrize("place", ["reports", "reports/latest", "builds", "", "public"])
def test_crosswalk_never_lies_where_the_warehouse_is_read(study: StudySettings, place: str) -> None:
    folder = study.warehouse_folder / place
    folder.mkdir(exist_ok=True)
    with pytest.raises(UsageError, match="lies in the warehouse, where others read"):
        write_crosswalk(study, folder / "crosswalk.csv")
    assert not (folder / "crosswalk.csv").exists()


def test_crosswalk_is_not_led_into_the_reports_by_a_link(study: StudySettings, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(study.warehouse_folder / "reports")
    with pytest.raises(UsageError, match="lies in the warehouse"):
        write_crosswalk(study, tmp_path / "link" / "crosswalk.csv")


def test_no_file_is_written_over(study: StudySettings, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("mine")
    (tmp_path / "dangling").symlink_to(study.warehouse_folder / "reports" / "c.csv")
    for name in ("there", "dangling"):
        with pytest.raises(UsageError, match="is there already"):
            write_crosswalk(study, tmp_path / name)
        with pytest.raises(UsageError, match="is there already"):
            rotate_key(study, tmp_path / name)
    assert (tmp_path / "there").read_text() == "mine"


def test_who_took_a_crosswalk_or_rotated_is_in_the_audit_log_without_ids_and_keys(
    study: StudySettings, tmp_path: Path
) -> None:
    warehouse, file = warehouse_of(study), tmp_path / "c.csv"
    secret = [warehouse.key_file.read_text()]
    custody_commands.crosswalk(study.folder, file)
    custody_commands.rotate(study.folder)
    text = warehouse.audit_log.read_text()
    ended = [entry for entry in map(json.loads, text.splitlines()) if entry["event"] == "ended"]
    assert [(entry["command"], entry["exit_code"]) for entry in ended] == [
        ("crosswalk", 0),
        ("key rotate", 0),
    ]
    assert ended[0]["rows"] == len(rows_of(file))
    assert [sent["sha256"] for sent in ended[0]["files"]] == [hashlib.sha256(file.read_bytes()).hexdigest()]
    secret += [warehouse.key_file.read_text(), *(name for row in rows_of(file) for name in row[1:])]
    assert not [name for name in secret if len(name) > 3 and name in text]


def test_crosswalk_is_for_the_owner_of_the_restricted_folder(
    study: StudySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    for refused in (lambda: write_crosswalk(study, tmp_path / "c.csv"), lambda: rotate_key(study)):
        with pytest.raises(UsageError, match=f"restricted: belongs to account {owner}"):
            refused()
    assert not (tmp_path / "c.csv").exists()


def test_build_under_another_key_has_no_crosswalk(study: StudySettings, tmp_path: Path) -> None:
    rotation = rotate_key(study)
    with pytest.raises(
        UsageError, match=f"of key {rotation.old_key_id}, the key of now is {rotation.new_key_id}"
    ):
        write_crosswalk(study, tmp_path / "c.csv")


def test_pseudonyms_whose_source_is_gone_are_counted(study: StudySettings, tmp_path: Path) -> None:
    with duckdb.connect(str(warehouse_of(study).landing)) as landing:
        landing.execute("delete from restricted.declared_id where kind = 'staff'")
    assert write_crosswalk(study, tmp_path / "c.csv").n_untraced == 6


def test_restricted_file_has_no_crosswalk_of_its_own(study: StudySettings) -> None:
    """Where the key is kept elsewhere, the folder alone must tell nobody who is who."""
    public = column(warehouse_of(study).published, "core.student", "student_id")
    assert len(public) == 40
    with duckdb.connect(str(warehouse_of(study).landing), read_only=True) as landing:
        places = landing.execute(
            "select schema_name, table_name, column_name from duckdb_columns() where data_type = 'VARCHAR'"
            " and not internal and database_name = current_database()"
        ).fetchall()
        landed = {
            value
            for schema, table, name in places
            for (value,) in landing.execute(
                f'select distinct "{name}" from landing."{schema}"."{table}"'
            ).fetchall()
        }
    assert "S01" in landed
    assert not public & landed


def test_refused_input_leaves_the_published_crosswalk_whole(study: StudySettings, tmp_path: Path) -> None:
    before = write_crosswalk(study, tmp_path / "before.csv")
    write_atomically(study.folder / "exports" / "staff.csv", b"", 0o644)
    with pytest.raises(InputErrors):
        run_study(study)
    after = write_crosswalk(study, tmp_path / "after.csv")
    assert after.sha256 == before.sha256
