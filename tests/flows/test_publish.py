"""Publishing: whole old or whole new, whatever happens; one writer; what is kept and who may read it."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from flows.folders import Warehouse, prepare_folders
from flows.lock import run_lock
from flows.publish import clean_leftovers, prune, publish
from flows.records import RECORDS_KEPT, BuildRecord, new_build_id, read_records, write_record
from transforms.errors import LockedError

ROOT = Path(__file__).parents[2]


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    warehouse = Warehouse(tmp_path / "warehouse")
    prepare_folders(warehouse)
    return warehouse


def record(build_id: str, state: str = "published") -> BuildRecord:
    return BuildRecord(build_id, state, started_at="2026-01-01T00:00:00Z", fingerprint=build_id)  # type: ignore[arg-type]


def make_candidate(warehouse: Warehouse, build_id: str, value: int) -> Path:
    """A closed candidate that holds ``value`` and its complete report."""
    candidate = warehouse.candidate(build_id)
    connection = duckdb.connect(str(candidate))
    connection.execute("create table content as select ? as value", [value])
    connection.execute("checkpoint")
    connection.close()
    warehouse.report(build_id).mkdir()
    (warehouse.report(build_id) / "index.html").write_text(str(value))
    return candidate


def publish_value(warehouse: Warehouse, build_id: str, value: int, builds_kept: int = 5) -> None:
    publish(warehouse, make_candidate(warehouse, build_id, value), record(build_id), builds_kept)


def published_value(warehouse: Warehouse) -> int:
    connection = duckdb.connect(str(warehouse.published), read_only=True)
    try:
        return connection.execute("select value from content").fetchall()[0][0]
    finally:
        connection.close()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_published_build_has_its_database_report_and_record(warehouse: Warehouse) -> None:
    publish_value(warehouse, "1-a", 1)
    publish_value(warehouse, "2-b", 2)
    assert published_value(warehouse) == 2
    assert (warehouse.latest_report / "index.html").read_text() == "2"
    assert [each.build_id for each in read_records(warehouse.folder)] == ["2-b", "1-a"]
    assert not list(warehouse.folder.rglob("*.tmp")) + list(warehouse.builds.glob("*.candidate.duckdb"))


def test_published_files_are_not_open_to_all(warehouse: Warehouse) -> None:
    publish_value(warehouse, "1-a", 1)
    for path in (warehouse.published, warehouse.build("1-a"), warehouse.record("1-a")):
        assert mode(path) == 0o640


def test_reader_keeps_the_build_that_it_opened(warehouse: Warehouse) -> None:
    publish_value(warehouse, "1-a", 1)
    reader = duckdb.connect(str(warehouse.published), read_only=True)
    publish_value(warehouse, "2-b", 2)
    assert reader.execute("select value from content").fetchall() == [(1,)]
    reader.close()
    assert published_value(warehouse) == 2


def test_writing_the_published_file_leaves_the_build_behind_it_whole(warehouse: Warehouse) -> None:
    publish_value(warehouse, "1-a", 1)
    stranger = duckdb.connect(str(warehouse.published))
    stranger.execute("update content set value = 99")
    stranger.close()
    build = duckdb.connect(str(warehouse.build("1-a")), read_only=True)
    assert build.execute("select value from content").fetchall() == [(1,)]
    build.close()


def test_write_ahead_log_of_a_stranger_does_not_block_the_next_build(warehouse: Warehouse) -> None:
    publish_value(warehouse, "1-a", 1)
    stranger = "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]); "
    stranger += "c.execute('update content set value = 99'); os._exit(0)"
    subprocess.run([sys.executable, "-c", stranger, str(warehouse.published)], check=True)
    assert warehouse.published.with_name("pdeval.duckdb.wal").exists()
    publish_value(warehouse, "2-b", 2)
    assert published_value(warehouse) == 2


def test_candidate_with_a_write_ahead_log_is_not_published(warehouse: Warehouse) -> None:
    candidate = make_candidate(warehouse, "1-a", 1)
    candidate.with_name(f"{candidate.name}.wal").write_bytes(b"x")
    with pytest.raises(RuntimeError, match="not checkpointed"):
        publish(warehouse, candidate, record("1-a"), 5)
    assert not warehouse.published.exists()


def test_full_disk_leaves_the_old_build_published(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_value(warehouse, "1-a", 1)

    def fail(_source: Path, target: Path) -> None:
        target.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", fail)
    with pytest.raises(OSError, match="No space left"):
        publish_value(warehouse, "2-b", 2)
    monkeypatch.undo()
    clean_leftovers(warehouse)
    assert published_value(warehouse) == 1
    assert [each.build_id for each in read_records(warehouse.folder)] == ["1-a"]
    assert sorted(path.name for path in warehouse.builds.iterdir()) == ["1-a.duckdb", "1-a.json"]


class Killed(BaseException):
    """Stands for the end of the process at that call."""


# The renames of publishing, in order: note, build, published, link, record.
@pytest.mark.parametrize(("killed_at", "expected"), [(1, 1), (2, 1), (3, 2), (4, 2), (5, 2)])
def test_next_run_finishes_or_clears_a_killed_publishing(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, killed_at: int, expected: int
) -> None:
    publish_value(warehouse, "1-a", 1)
    calls = 0
    replace = os.replace

    def replace_or_die(source: Path, target: Path) -> None:
        nonlocal calls
        calls += 1
        if calls == killed_at:
            raise Killed
        replace(source, target)

    monkeypatch.setattr(os, "replace", replace_or_die)
    with pytest.raises(Killed):
        publish_value(warehouse, "2-b", 2)
    monkeypatch.undo()
    assert published_value(warehouse) in (1, 2)  # before anybody cleans up
    clean_leftovers(warehouse)
    assert published_value(warehouse) == expected
    assert (warehouse.latest_report / "index.html").read_text() == str(expected)
    assert read_records(warehouse.folder)[0].build_id == {1: "1-a", 2: "2-b"}[expected]
    assert len(list(warehouse.builds.glob("*.duckdb"))) == expected
    assert not list(warehouse.folder.rglob("*.tmp"))


def test_only_the_newest_builds_are_kept(warehouse: Warehouse) -> None:
    for number in range(1, 5):
        publish_value(warehouse, f"{number}-a", number, builds_kept=2)
    assert sorted(path.name for path in warehouse.builds.glob("*.duckdb")) == ["3-a.duckdb", "4-a.duckdb"]
    assert sorted(path.name for path in warehouse.reports.iterdir()) == ["3-a", "4-a", "latest"]
    assert len(read_records(warehouse.folder)) == 4


def test_refused_runs_push_out_no_published_build(warehouse: Warehouse) -> None:
    publish_value(warehouse, "1-a", 1)
    for number in range(RECORDS_KEPT + 10):
        write_record(warehouse, record(f"2{number:03}-r", "refused"))
    prune(warehouse, builds_kept=2)
    kept = read_records(warehouse.folder)
    assert len(kept) == RECORDS_KEPT + 1
    assert kept[-1].build_id == "1-a"
    assert warehouse.build("1-a").exists()


def test_build_ids_sort_by_time() -> None:
    now = datetime(2026, 11, 21, 22, 50, 25, tzinfo=UTC)
    ids = [new_build_id(now + timedelta(hours=hours), f"{9 - hours}fffffff") for hours in range(3)]
    assert ids[0] == "20261121T225025Z-9fffff"
    assert ids == sorted(ids)


def test_second_run_is_told_who_holds_the_lock(warehouse: Warehouse) -> None:
    with (
        run_lock(warehouse),
        pytest.raises(LockedError, match=rf"locked by pid {os.getpid()} since 2"),
        run_lock(warehouse),
    ):
        pass
    assert LockedError.exit_code == 6


def test_lock_of_a_killed_run_is_free(warehouse: Warehouse) -> None:
    program = "import sys, time; from pathlib import Path; from flows.folders import Warehouse\n"
    program += "from flows.lock import run_lock\n"
    program += "with run_lock(Warehouse(Path(sys.argv[1]))): print('held', flush=True); time.sleep(60)"
    with subprocess.Popen(
        [sys.executable, "-c", program, str(warehouse.folder)], stdout=subprocess.PIPE, cwd=ROOT
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(LockedError, match=f"pid {holder.pid} "), run_lock(warehouse):
            pass
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        with run_lock(warehouse):
            pass


def test_record_of_a_later_version_is_read(warehouse: Warehouse) -> None:
    warehouse.record("1-a").write_text(
        '{"build_id": "1-a", "state": "refused", "started_at": "2026-01-01", "reasons": ["r"], "new": 1}'
    )
    (found,) = read_records(warehouse.folder)
    assert (found.state, found.reasons) == ("refused", ("r",))


def test_warehouse_that_was_never_run_has_no_records(tmp_path: Path) -> None:
    assert read_records(tmp_path) == []


def test_documented_way_back_to_an_older_build(warehouse: Warehouse) -> None:
    publish_value(warehouse, "1-a", 1)
    publish_value(warehouse, "2-b", 2)
    section = (ROOT / "docs" / "operations.md").read_text().split("## Going back to an older build")[1]
    script = section.split("```sh\n")[1].split("```")[0]
    environment = {**os.environ, "WAREHOUSE": str(warehouse.folder), "BUILD": "1-a"}
    warehouse.lock.touch()
    subprocess.run(["sh", "-e", "-c", script], env=environment, check=True)
    assert published_value(warehouse) == 1
    assert (warehouse.latest_report / "index.html").read_text() == "1"
    assert mode(warehouse.published) == 0o640
