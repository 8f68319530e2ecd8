"""The restricted folder: closed in every run, never through a link, never of another account."""

from __future__ import annotations

import os
import stat
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from flows import nightly, restricted
from flows.folders import Warehouse, prepare_folders, private_files
from flows.lock import run_lock
from flows.nightly import run_study
from flows.records import read_records
from flows.restricted import closed_tree
from flows.settings import StudySettings
from flows.study_run import StudyRun
from tests.flows.light_stages import fingerprint, run_stages, write_study
from transforms.errors import UsageError, ValidationBlockedError


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    warehouse = Warehouse(tmp_path / "warehouse")
    prepare_folders(warehouse)
    return warehouse


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StudySettings:
    monkeypatch.delenv("PDEVAL_PSEUDONYM_KEY", raising=False)
    monkeypatch.setattr(nightly, "intake_fingerprint", fingerprint)
    monkeypatch.setattr(nightly, "run_flow", run_stages)
    return write_study(tmp_path, "7")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def modes_below(folder: Path) -> set[tuple[bool, int]]:
    return {(path.is_dir(), mode(path)) for path in (folder, *folder.rglob("*"))}


def test_open_restricted_folder_is_closed_and_said(warehouse: Warehouse) -> None:
    warehouse.restricted.chmod(0o755)
    (warning,) = prepare_folders(warehouse)
    assert "restricted: mode was 0755, open to other accounts; corrected to 0700" in warning
    assert mode(warehouse.restricted) == 0o700
    assert prepare_folders(warehouse) == ()


def test_every_file_below_is_closed_and_said(warehouse: Warehouse) -> None:
    deep = warehouse.prefect_home / "storage" / "deep"
    deep.mkdir(parents=True)
    files = [warehouse.landing, warehouse.key_file, warehouse.log("1-a"), deep / "prefect.db"]
    for path in files:
        path.write_text("x")
        path.chmod(0o644)
    deep.chmod(0o775)
    warnings = prepare_folders(warehouse)
    assert modes_below(warehouse.restricted) == {(True, 0o700), (False, 0o600)}
    assert len(warnings) == 6  # four files, the folder of the last, and the one above it by the umask
    assert str(warehouse.key_file) in warnings[0]
    (key_warning,) = (warning for warning in warnings if str(warehouse.key_file) in warning)
    assert key_warning.endswith("the pseudonym key may have been read: pdeval key rotate makes another")
    assert prepare_folders(warehouse) == ()


def test_many_open_files_are_counted(warehouse: Warehouse) -> None:
    for number in range(40):
        warehouse.log(f"{number}").write_text("x")
        warehouse.log(f"{number}").chmod(0o640)
    warnings = closed_tree(warehouse.restricted, warehouse.scratch)
    assert len(warnings) == restricted.WARNINGS_SHOWN + 1
    assert warnings[-1] == f"{warehouse.restricted}: 35 more were open; corrected"


@pytest.mark.parametrize("name", ["landing.duckdb", "logs", "pseudonym.key", "run.lock", "scratch", ""])
def test_link_is_refused_and_what_it_leads_to_is_left_alone(
    warehouse: Warehouse, tmp_path: Path, name: str
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o755)
    link = warehouse.restricted / name if name else warehouse.restricted
    if link.exists():
        link.rename(tmp_path / "before")
    link.symlink_to(elsewhere)
    with pytest.raises(UsageError, match="is a symbolic link") as refused:
        prepare_folders(warehouse)
    assert str(refused.value).startswith(f"{link}: ")
    assert "\n" not in str(refused.value)
    assert mode(elsewhere) == 0o755
    assert list(elsewhere.iterdir()) == []


def test_file_of_another_account_is_refused(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    with pytest.raises(UsageError, match=rf"belongs to account {owner}, and this is account {owner + 1}"):
        prepare_folders(warehouse)


def test_pipe_is_refused(warehouse: Warehouse) -> None:
    os.mkfifo(warehouse.logs / "pipe")
    with pytest.raises(UsageError, match="pipe: is neither a file nor a folder"):
        prepare_folders(warehouse)


def test_link_that_a_killed_run_left_is_removed_by_the_next(study: StudySettings, tmp_path: Path) -> None:
    warehouse = Warehouse(study.warehouse_folder)
    prepare_folders(warehouse)
    (warehouse.scratch / "source").symlink_to(tmp_path / "input.txt")
    assert run_study(study).record.state == "published"
    assert list(warehouse.scratch.iterdir()) == []
    assert (tmp_path / "input.txt").read_text() == "7"


def test_file_that_a_run_removes_meanwhile_is_no_error(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = os.listdir
    monkeypatch.setattr(os, "listdir", lambda path: [*listed(path), "gone"])
    assert closed_tree(warehouse.restricted, warehouse.scratch) == ()


def test_new_files_are_private_from_their_first_moment(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        with private_files():
            (tmp_path / "file").touch()
            (tmp_path / "folder").mkdir()
        (tmp_path / "after").touch()
    finally:
        os.umask(before)
    assert [mode(tmp_path / name) for name in ("file", "folder", "after")] == [0o600, 0o700, 0o644]


def watched(folder: Path, is_over: threading.Event, seen: set[str]) -> None:
    """Look at every file of ``folder`` again and again; note those that others could open."""
    while not is_over.is_set():
        for path in folder.rglob("*"):
            with suppress(FileNotFoundError):
                if path.lstat().st_mode & 0o077:
                    seen.add(path.name)


def test_no_moment_of_a_run_has_an_open_restricted_file(study: StudySettings) -> None:
    warehouse = Warehouse(study.warehouse_folder)
    is_over, seen = threading.Event(), set[str]()
    watcher = threading.Thread(target=watched, args=(warehouse.restricted, is_over, seen))
    before = os.umask(0o002)
    watcher.start()
    try:
        for _ in range(3):
            run_study(study, is_forced=True)
    finally:
        is_over.set()
        watcher.join()
        os.umask(before)
    assert seen == set()
    assert modes_below(warehouse.restricted) == {(True, 0o700), (False, 0o600)}


def test_what_is_published_is_for_the_group_and_reports_for_whom_their_folder_is(
    study: StudySettings,
) -> None:
    warehouse = Warehouse(study.warehouse_folder)
    before = os.umask(0o022)
    try:
        run_study(study)
        warehouse.reports.chmod(0o2750)
        build_id = run_study(study, is_forced=True).record.build_id
    finally:
        os.umask(before)
    older = read_records(warehouse.folder)[1].build_id
    assert {mode(path) for path in (warehouse.published, *warehouse.builds.iterdir())} == {0o640}
    assert modes_below(warehouse.report(older)) == {(True, 0o755), (False, 0o644)}
    assert modes_below(warehouse.report(build_id)) == {(True, 0o2750), (False, 0o640)}


def test_validation_page_of_a_refused_run_can_be_read(
    study: StudySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(run: StudyRun) -> None:
        run.warehouse.report(run.build_id).mkdir()
        (run.warehouse.report(run.build_id) / "validation.html").write_text("x")
        raise ValidationBlockedError("refused")

    monkeypatch.setattr(nightly, "run_flow", refuse)
    with pytest.raises(ValidationBlockedError) as refused:
        run_study(study)
    warehouse = Warehouse(study.warehouse_folder)
    page = warehouse.report(refused.value.build_id) / "validation.html"
    assert mode(page) == mode(warehouse.reports) & 0o666


def test_warnings_stand_in_the_record(study: StudySettings) -> None:
    warehouse = Warehouse(study.warehouse_folder)
    run_study(study)
    warehouse.key_file.chmod(0o644)
    (warning,) = run_study(study, is_forced=True).record.warnings
    assert warning.startswith(f"{warehouse.key_file}: mode was 0644, open to other accounts")


def test_lock_is_not_taken_through_a_link(warehouse: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("content")
    warehouse.lock.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match=r"run\.lock: is a symbolic link"), run_lock(warehouse):
        pass
    assert (tmp_path / "elsewhere").read_text() == "content"
