"""kill -9 at any moment: the published database is a whole old or new build, and the next run goes on."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flows import nightly
from flows.folders import Warehouse
from flows.nightly import run_study
from flows.records import read_records
from tests.flows.light_stages import fingerprint, published_content, run_stages, write_study

ROOT = Path(__file__).parents[2]
N_KILLS = 20

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nightly, "intake_fingerprint", fingerprint)
    monkeypatch.setattr(nightly, "run_flow", run_stages)


def start(study: Path, content: int, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.flows.killed_run", str(study), str(content), *arguments]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"begun\n"
    return process


def seconds_of_a_run(study: Path) -> float:
    process = start(study, 1)
    began = time.monotonic()
    assert process.wait() == 0
    return time.monotonic() - began


def test_published_build_is_whole_after_a_kill_at_any_moment(tmp_path: Path) -> None:
    warehouse = Warehouse(write_study(tmp_path).warehouse_folder)
    seconds = seconds_of_a_run(tmp_path)
    moments = random.Random(7)
    published = 1
    n_unfinished = 0
    for number in range(2, 2 + N_KILLS):
        process = start(tmp_path, number)
        time.sleep(moments.uniform(0, seconds))
        process.kill()
        process.wait()
        (found,) = published_content(warehouse)
        # Not older than before; a run killed in the midst of publishing is finished by the one after it.
        assert published <= found <= number
        n_unfinished += found == published
        published = found
        assert (warehouse.latest_report / "index.html").read_text().endswith("<!-- whole -->")
    assert 0 < n_unfinished < N_KILLS  # else the kills all fell before, or all after the one rename
    check_next_run(tmp_path, warehouse)


def check_next_run(study: Path, warehouse: Warehouse) -> None:
    record = run_study(write_study(study, "999"), is_forced=True).record
    assert published_content(warehouse) == {999}
    records = read_records(warehouse.folder)
    assert records[0] == record
    published = [each.build_id for each in records if each.state == "published"]
    assert sorted(path.stem for path in warehouse.builds.glob("*.duckdb")) == sorted(published[:5])
    assert (warehouse.latest_report / "index.html").read_text().startswith("<p>999</p>")
    assert not list(warehouse.folder.rglob("*.tmp"))


def test_server_of_a_killed_run_ends_with_it(tmp_path: Path) -> None:
    process = start(tmp_path, 1, "prefect")
    assert process.stdout is not None
    server = int(process.stdout.readline())
    os.kill(server, 0)
    process.kill()
    process.wait()
    deadline = time.monotonic() + 30
    while is_alive(server) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not is_alive(server)
    assert run_study(write_study(tmp_path, "2")).record.state == "published"


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A container's first process may not reap orphans: a zombie is dead.
    return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
