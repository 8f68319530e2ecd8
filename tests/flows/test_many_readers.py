"""Many processes read while builds are published: no error, no mixed result, nobody waits for anybody."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.folders import Warehouse, prepare_folders
from flows.publish import publish
from flows.records import BuildRecord
from tests.flows.reader_loop import TABLES

READER = Path(__file__).with_name("reader_loop.py")
N_ROWS = 20_000


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    warehouse = Warehouse(tmp_path / "warehouse")
    prepare_folders(warehouse)
    publish_build(warehouse, 100)
    return warehouse


def publish_build(warehouse: Warehouse, number: int) -> None:
    """Publish a build whose every row of every table is ``number``."""
    build_id = f"{number}-a"
    candidate = warehouse.candidate(build_id)
    connection = duckdb.connect(str(candidate))
    for part in range(TABLES):
        connection.execute(f"create table part_{part} as select {number} as build from range({N_ROWS})")
    connection.execute("checkpoint")
    connection.close()
    warehouse.report(build_id).mkdir()
    record = BuildRecord(build_id, "published", started_at="2026-01-01T00:00:00Z", fingerprint=build_id)
    publish(warehouse, candidate, record, builds_kept=2)


@contextmanager
def readers(warehouse: Warehouse, task: str, count: int) -> Iterator[list[dict[str, Any]]]:
    """Processes that have the published build open; what they saw is in the list at the end."""
    command = [sys.executable, str(READER), str(warehouse.published), task]
    processes = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(count)
    ]
    told: list[dict[str, Any]] = []
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "open\n"
        yield told
        told += [json.loads(process.communicate(timeout=60)[0]) for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()


@pytest.mark.parametrize(
    ("n_readers", "n_publishes"), [(2, 6), pytest.param(8, 20, marks=pytest.mark.slow)], ids=["2", "8"]
)
def test_readers_through_many_publishes_see_whole_builds_and_no_error(
    warehouse: Warehouse, n_readers: int, n_publishes: int
) -> None:
    with readers(warehouse, "keep", 1) as kept, readers(warehouse, "read", n_readers) as told:
        for number in range(101, 101 + n_publishes):
            publish_build(warehouse, number)
    assert [each["errors"] for each in told] == [[]] * n_readers
    assert [read for each in told for read in each["reads"] if len(read) != 1] == []
    assert all(each["reads"] == sorted(each["reads"]) for each in told)  # never back to an older build
    assert len({read[0] for each in told for read in each["reads"]}) >= 3  # they did read meanwhile
    # What was open before the first publishing is that build to the end, though its file was pruned.
    assert kept[0]["reads"] == [[100], [100]]
    assert not warehouse.build("100-a").exists()


def test_reader_that_opened_for_writing_blocks_no_publishing(warehouse: Warehouse) -> None:
    with readers(warehouse, "hold", 1) as told:
        with pytest.raises(duckdb.IOException, match="lock"):
            duckdb.connect(str(warehouse.published), read_only=True)
        publish_build(warehouse, 101)
        connection = duckdb.connect(str(warehouse.published), read_only=True)
        assert connection.execute("select distinct build from part_0").fetchall() == [(101,)]
        connection.close()
        publish_build(warehouse, 102)
    assert told[0]["reads"] == [[100], [100]]
    connection = duckdb.connect(str(warehouse.published), read_only=True)
    assert connection.execute("select distinct build from part_5").fetchall() == [(102,)]
    connection.close()
