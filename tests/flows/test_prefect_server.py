"""Prefect servers: the packaged tables of the temporary one, and a run on one that was there before."""

from __future__ import annotations

import os
import re
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.orchestration import SERVER_PROGRAM, SILENT, Server, wait_for
from flows.prefect_server import SCHEMA_OF, prepare_database
from transforms.errors import UsageError

ROOT = Path(__file__).parents[2]

MIGRATE = """
import anyio
from prefect.server.database.alembic_commands import alembic_upgrade
async def main(): await anyio.to_thread.run_sync(alembic_upgrade)
anyio.run(main)
"""


def objects(database: Path) -> list[tuple[str, ...]]:
    connection = sqlite3.connect(database)
    found = connection.execute("select type, name, tbl_name, sql from sqlite_master").fetchall()
    connection.close()
    return sorted((kind, name, table, *clauses(sql or "")) for kind, name, table, sql in found)


def clauses(sql: str) -> list[str]:
    """What a statement declares; the migrations leave the order of constraints to chance."""
    return sorted(" ".join(clause.split()).rstrip(" )") for clause in re.split(r",\s+CONSTRAINT", sql))


def revision(database: Path) -> list[tuple[str]]:
    connection = sqlite3.connect(database)
    found = connection.execute("select version_num from alembic_version").fetchall()
    connection.close()
    return found


@pytest.mark.slow
def test_packaged_tables_equal_the_migrated_ones(tmp_path: Path) -> None:
    pytest.importorskip("prefect")
    migrated, packaged = tmp_path / "migrated", tmp_path / "packaged"
    migrated.mkdir()
    packaged.mkdir()
    environment = {**os.environ, "PREFECT_HOME": str(migrated), "DO_NOT_TRACK": "1"}
    subprocess.run([sys.executable, "-c", MIGRATE], env=environment, check=True)
    prepare_database(packaged)
    assert objects(packaged / "prefect.db") == objects(migrated / "prefect.db")
    assert revision(packaged / "prefect.db") == revision(migrated / "prefect.db")


def test_database_that_exists_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "prefect.db").write_bytes(b"mine")
    prepare_database(tmp_path)
    assert (tmp_path / "prefect.db").read_bytes() == b"mine"


def test_other_version_of_prefect_makes_its_own_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.prefect_server.metadata.version", lambda _name: f"{SCHEMA_OF}.1")
    prepare_database(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def running_server(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A server that was there before the run; gives the environment that names it."""
    pytest.importorskip("prefect")
    home = tmp_path / "home"
    home.mkdir()
    environment = {**os.environ, **SILENT, "PREFECT_HOME": str(home)}
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = subprocess.Popen(
            [sys.executable, "-P", str(SERVER_PROGRAM), str(listener.fileno())],
            stdin=subprocess.PIPE,
            env=environment,
            pass_fds=(listener.fileno(),),
        )
        port = listener.getsockname()[1]
    yield {**environment, "PREFECT_API_URL": f"http://127.0.0.1:{port}/api"}
    server.communicate(timeout=60)


@pytest.mark.slow
def test_scheduled_study_runs_on_a_server_that_is_there(
    running_server: dict[str, str], tmp_path: Path
) -> None:
    study = tmp_path / "study"
    command = [sys.executable, "-m", "tests.flows.scheduled_run", str(study)]
    run = subprocess.run(command, cwd=ROOT, env=running_server, capture_output=True, check=True)
    assert run.stdout == b"published\n"
    connection = sqlite3.connect(Path(running_server["PREFECT_HOME"]) / "prefect.db")
    names = connection.execute("select name, state_type from flow_run order by start_time").fetchall()
    connection.close()
    assert names[0] == (str(study), "COMPLETED")
    assert names[1][0].startswith("Riverbend 2")
    assert names[1][1] == "COMPLETED"
    assert not list((study / "warehouse" / "restricted" / "prefect").iterdir())


def test_server_that_does_not_answer_is_a_usage_error(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    server = Server(f"http://127.0.0.1:{port}/api")
    with pytest.raises(UsageError, match=r"PREFECT_API_URL: no Prefect server answers at http://127"):
        wait_for(server)
