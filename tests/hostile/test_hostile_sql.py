"""``pdeval query``: a statement reads and writes no file, changes no setting, and crashes nothing."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
import typer

from flows import cli_evaluators, query
from tests.hostile.hostile_sql import BOMBS, HARMLESS, HOSTILE_SQL
from tests.readable_study import (
    BUILD_ID,
    ReadableStudy,
    answer_in_this_process,
    write_database,
    write_readable_study,
)
from transforms.database import lock_down, open_database

SECRET = "hunter2-Smith-Zoe"
MEMORY_LIMIT = "200MB"
# Refused as they are no statement that reads; run all the same, they change no setting.
_HARMLESS_IN_ITSELF = ("pragma database_list", "set variable mine = 1")
_SETTING = ("set ", "reset ", "pragma ", "call ", "from enable", "explain analyze set")


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said."""

    exit_code: int
    out: str
    err: str


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> ReadableStudy:
    """A published study beside a file with a secret and another database."""
    folder = tmp_path_factory.mktemp("attacked")
    study = write_readable_study(folder / "study")
    settings = (study.folder / "study.toml").read_text()
    (study.folder / "study.toml").write_text(f'{settings}\n[warehouse]\nmemory_limit = "{MEMORY_LIMIT}"\n')
    (folder / "canary.txt").write_text(f"{SECRET}\n")
    with open_database(folder / "other.duckdb") as connection:
        connection.execute("create table secret as select ? as word", [SECRET])
    return study


@pytest.fixture
def ask(
    attacked: ReadableStudy, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., Ended]:
    """Ask a statement by the command; paths are filled in."""

    def asked(sql: str, file_format: str = "csv", time_limit: float = 60) -> Ended:
        monkeypatch.setenv("PDEVAL_PSEUDONYM_KEY", SECRET * 3)
        monkeypatch.chdir(attacked.folder.parent)
        monkeypatch.setattr(os, "fsync", lambda _descriptor: None)  # a hundred entries would wait for it
        exit_code = 0
        try:
            cli_evaluators.query(
                attacked.folder, filled(attacked, sql), file_format=file_format, time_limit=time_limit
            )
        except typer.Exit as ended:
            exit_code = ended.exit_code
        said = capfd.readouterr()
        return Ended(exit_code, said.out, said.err)

    return asked


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    answer_in_this_process(monkeypatch)


def filled(study: ReadableStudy, sql: str) -> str:
    folder = study.folder.parent
    places = {"CANARY": folder / "canary.txt", "FOLDER": folder, "DATABASE": study.warehouse.published}
    for name, place in places.items():
        sql = sql.replace(name, str(place))
    return sql


def files_below(study: ReadableStudy) -> dict[str, str]:
    """SHA-256 of every file but the audit log, which every query adds to."""
    folder = study.folder.parent
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith("audit.")
    }


def assert_one_clear_line(ended: Ended) -> None:
    assert ended.exit_code == 2, ended
    assert ended.err.count("\n") == 1, ended.err
    assert re.fullmatch(r"pdeval: SQL[:,] [^\x00-\x1f\x7f-\x9f\u202a-\u202e]+\n", ended.err), ended
    assert "Traceback" not in ended.err
    assert "internal error" not in ended.err
    assert len(ended.err) < 800


@pytest.mark.usefixtures("in_this_process")
@pytest.mark.parametrize("name", HOSTILE_SQL)
def test_hostile_statement_is_refused_in_one_line_and_touches_nothing(
    ask: Callable[..., Ended], attacked: ReadableStudy, name: str
) -> None:
    before = files_below(attacked)
    ended = ask(HOSTILE_SQL[name])
    assert_one_clear_line(ended)
    assert SECRET not in ended.out + ended.err
    assert ended.out == ""
    assert files_below(attacked) == before


@pytest.mark.usefixtures("in_this_process")
@pytest.mark.parametrize("file_format", ["table", "csv", "json"])
@pytest.mark.parametrize("name", HARMLESS)
def test_what_the_engine_tells_of_itself_changes_nothing_and_steers_no_terminal(
    ask: Callable[..., Ended], attacked: ReadableStudy, name: str, file_format: str
) -> None:
    before = files_below(attacked)
    ended = ask(HARMLESS[name], file_format)
    assert (ended.exit_code, ended.err) == (0, "")
    assert SECRET not in ended.out
    unseen = {sign for sign in ended.out if not sign.isprintable()} - {"\n", "\r", "\u202e"}
    assert unseen == set()
    assert file_format == "csv" or "\u202e" not in ended.out
    assert files_below(attacked) == before


@pytest.mark.parametrize("name", BOMBS)
def test_bomb_ends_in_one_line_within_its_limits(
    ask: Callable[..., Ended], attacked: ReadableStudy, name: str
) -> None:
    before = files_below(attacked)
    ended = ask(BOMBS[name], time_limit=0.5)
    assert_one_clear_line(ended)
    assert "not done after 0.5 seconds" in ended.err or "needs more memory than the 200MB" in ended.err
    assert files_below(attacked) == before


def test_settings_are_locked_and_no_setting_differs_after_a_refusal(tmp_path: Path) -> None:
    write_database(tmp_path / "a.duckdb")
    with open_database(tmp_path / "a.duckdb", is_read_only=True) as connection:
        lock_down(connection)
        settings = "select name, value from duckdb_settings() order by name"
        before = connection.execute(settings).fetchall()
        for sql in HOSTILE_SQL.values():
            if sql.startswith(_SETTING) and sql not in _HARMLESS_IN_ITSELF:
                with pytest.raises(duckdb.Error):
                    connection.execute(sql.replace("FOLDER", str(tmp_path))).fetchall()
        changed = set(connection.execute(settings).fetchall()) - set(before)
    values = dict(before)
    assert changed == set()
    assert values["enable_external_access"] == "false"
    assert values["lock_configuration"] == "true"
    assert values["access_mode"] == "read_only"
    assert values["temp_directory"] == ""


def test_lock_of_the_engine_holds_also_for_what_the_command_would_not_pass_on(
    attacked: ReadableStudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files_below(attacked)
    monkeypatch.chdir(attacked.folder.parent)
    answers = []
    frame = pa.table({"word": [SECRET]})  # "from frame" would find it by its name
    database = attacked.warehouse.published
    with open_database(database, is_read_only=True, memory_limit=MEMORY_LIMIT) as connection:
        lock_down(connection)
        for sql in HOSTILE_SQL.values():
            try:
                answered = connection.execute(filled(attacked, sql))  # None where there is no statement
                answers.append(str(answered.fetchall()) if answered else "")
            except (duckdb.Error, UnicodeError):
                if "begin" in sql:
                    connection.rollback()
        locked = "select current_setting('enable_external_access'), current_setting('lock_configuration')"
        assert connection.execute(locked).fetchall() == [(False, True)]
    assert len(answers) > 5  # of settings and memory, say: they tell nothing of files
    assert frame.num_rows == 1
    assert SECRET not in "".join(answers)
    assert files_below(attacked) == before


def test_the_secret_would_be_found_if_files_were_in_reach(attacked: ReadableStudy) -> None:
    """The proof of the proof: without the lock the canary is read."""
    with open_database(attacked.warehouse.published, is_read_only=True) as connection:
        sql = HOSTILE_SQL["read text"].replace("CANARY", str(attacked.folder.parent / "canary.txt"))
        assert SECRET in str(connection.execute(sql).fetchall())


def test_the_process_of_a_query_has_neither_key_nor_open_files_of_its_caller(
    ask: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, object] = {}
    start = query.subprocess.Popen

    def popen(*arguments: object, **options: object) -> object:
        given.update(options)
        return start(*arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(query.subprocess, "Popen", popen)
    assert ask("select build_id from meta.build").out.split()[1] == BUILD_ID
    assert SECRET not in str(given["env"])
    assert "PDEVAL_PSEUDONYM_KEY" not in str(given["env"])
    assert given.get("close_fds", True) is True


def test_kernel_holds_memory_files_and_cores_of_the_process() -> None:
    code = """
import resource
from transforms.querying import child
from transforms.querying.request import Request
before = child._address_space()
child._limit_process(Request("", "", "", "csv", "1.5 GB", threads=1))
limits = [resource.getrlimit(kind)[0] for kind in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE)]
print(*limits, resource.getrlimit(resource.RLIMIT_AS)[0] - before)
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    file_size, core, memory = map(int, told.split())
    assert (file_size, core) == (0, 0)
    assert 1_500_000_000 < memory < 2_500_000_000  # and a margin for what DuckDB does not count


def test_crash_of_the_engine_is_one_line(ask: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch) -> None:
    start = query.subprocess.Popen

    def popen(command: list[str], **options: object) -> object:
        code = "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"
        return start([sys.executable, "-c", code], **options)  # type: ignore[call-overload]

    monkeypatch.setattr(query.subprocess, "Popen", popen)
    ended = ask("select 1")
    assert_one_clear_line(ended)
    assert "ended by SIGSEGV" in ended.err
