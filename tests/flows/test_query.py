"""``pdeval query`` and ``pdeval open``: what is answered, where it goes, and what is refused."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from flows import cli
from flows.folders import new_file
from tests.readable_study import BUILD_ID, ReadableStudy, answer_in_this_process, write_readable_study

PUPILS = "select id, name, score from core.pupil order by id"


@dataclass
class Ended:
    """What a command left behind."""

    exit_code: int
    out: bytes
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ReadableStudy:
    monkeypatch.chdir(tmp_path)
    return write_readable_study(tmp_path / "study")


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    answer_in_this_process(monkeypatch)


@pytest.fixture
def pdeval(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    def run(*arguments: str | Path) -> Ended:
        monkeypatch.setattr(sys, "argv", ["pdeval", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capfdbinary.readouterr()
        return Ended(int(ended.value.code or 0), said.out, said.err.decode())

    return run


@pytest.mark.usefixtures("in_this_process")
def test_table_shows_names_values_and_how_many(study: ReadableStudy, pdeval: Run) -> None:
    ended = pdeval("query", study.folder, PUPILS)
    assert (ended.exit_code, ended.err) == (0, "")
    assert ended.out.decode().splitlines() == [
        "id  name        score",
        "--  ----------  -----",
        " 1  ann           0.5",
        " 2  =1+1         NULL",
        " 3  é□[31m□red  -1.25",
        "(3 rows)",
    ]


@pytest.mark.usefixtures("in_this_process")
def test_table_leaves_rows_off_and_says_how_many(study: ReadableStudy, pdeval: Run) -> None:
    lines = pdeval("query", study.folder, "from range(250)").out.decode().splitlines()
    assert len(lines) == 2 + 100 + 1
    assert lines[-1] == "(100 rows shown, 150 left off; --output FILE or --format csv gives all)"


@pytest.mark.usefixtures("in_this_process")
def test_csv_on_stdout_has_all_rows_and_no_formula(study: ReadableStudy, pdeval: Run) -> None:
    out = pdeval("query", study.folder, PUPILS, "--format", "csv").out.decode()
    assert list(csv.reader(io.StringIO(out))) == [
        ["id", "name", "score"],
        ["1", "ann", "0.5"],
        ["2", "'=1+1", ""],
        ["3", "é [31m\u202ered", "-1.25"],  # a number that is below zero is no formula
    ]


def test_sql_comes_from_standard_input(
    study: ReadableStudy, pdeval: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("\ufeffselect 'é' as e".encode())))
    assert pdeval("query", study.folder, "-", "--format", "csv").out.decode() == "e\r\né\r\n"


@pytest.mark.usefixtures("in_this_process")
def test_json_has_every_value_exactly(study: ReadableStudy, pdeval: Run) -> None:
    ended = pdeval("query", study.folder, PUPILS, "--format", "json")
    assert json.loads(ended.out) == [
        {"id": 1, "name": "ann", "score": 0.5},
        {"id": 2, "name": "=1+1", "score": None},
        {"id": 3, "name": "é\x1b[31m\u202ered", "score": -1.25},
    ]
    assert b"\x1b" not in ended.out
    assert pdeval("query", study.folder, "from range(0)", "--format", "json").out == b"[]\n"


@pytest.mark.usefixtures("in_this_process")
def test_json_option_gives_one_object_with_build_columns_and_rows(study: ReadableStudy, pdeval: Run) -> None:
    sql = "select 1 as a, 2::hugeint as a, 'nan'::double as n"
    assert json.loads(pdeval("query", study.folder, sql, "--json").out) == {
        "build_id": BUILD_ID,
        "columns": [
            {"name": "a", "type": "INTEGER"},
            {"name": "a_1", "type": "HUGEINT"},
            {"name": "n", "type": "DOUBLE"},
        ],
        "rows": [{"a": 1, "a_1": 2, "n": "NaN"}],
        "n_rows": 1,
    }


def test_parquet_file_keeps_types_and_its_digest_is_told(
    study: ReadableStudy, pdeval: Run, tmp_path: Path
) -> None:
    out = tmp_path / "pupils.parquet"
    facts = json.loads(pdeval("query", study.folder, PUPILS, "--output", out, "--json").out)
    table = pq.read_table(out)
    assert [str(field.type) for field in table.schema] == ["int32", "string", "double"]
    assert table.column("name").to_pylist() == ["ann", "=1+1", "é\x1b[31m\u202ered"]
    assert facts["n_rows"] == 3
    assert facts["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert out.stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("in_this_process")
def test_parquet_on_stdout_is_its_bytes(study: ReadableStudy, pdeval: Run) -> None:
    out = pdeval("query", study.folder, PUPILS, "--format", "parquet").out
    assert pq.read_table(io.BytesIO(out)).num_rows == 3


def test_csv_file_has_the_mark_that_spreadsheets_want(
    study: ReadableStudy, pdeval: Run, tmp_path: Path
) -> None:
    ended = pdeval("query", study.folder, PUPILS, "--output", tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbfid,name,score\r\n")
    assert ended.out.decode().splitlines()[1] == "output    a.csv, 3 rows, 62 bytes"


@pytest.mark.parametrize(
    ("sql", "line"),
    [
        (
            "from core.pupils",
            "line 1, column 6: Table with name pupils does not exist; the nearest names: pupil",
        ),
        ("select id,\n 'é', nam from core.pupil", 'line 2, column 7: Referenced column "nam" not found'),
        ("-- é\n/* ü */ selec 1", 'line 2, column 9: syntax error at or near "selec"; is a word misspelled'),
        ("drop table core.pupil", "DROP is not allowed, but only statements that read: SELECT, WITH, FROM,"),
        ("select 1; select 2", "2 statements; give one at a time"),
        ("select interval 1 month as i", 'column "i" is of type INTERVAL; cast it to text: "i"::varchar'),
    ],
)
@pytest.mark.usefixtures("in_this_process")
def test_wrong_statement_is_one_line_with_place_and_what_to_do(
    study: ReadableStudy, pdeval: Run, sql: str, line: str
) -> None:
    ended = pdeval("query", study.folder, "--", sql)
    assert (ended.exit_code, ended.out, ended.err.count("\n")) == (2, b"", 1)
    assert ended.err.startswith((f"pdeval: SQL: {line}", f"pdeval: SQL, {line}"))


@pytest.mark.parametrize(
    "sql",
    [
        "with a as (select 1 as x) select x from a",
        "from core.pupil",
        "table core.pupil",
        "values (1), (2)",
        "describe core.pupil",
        "summarize core.pupil",
        "show all tables",
        "explain select 1",
        "explain (format json) select 1",
        "explain analyze from core.pupil",
        "pivot core.pupil on name using count(*)",
        "unpivot (select 1 as a, 2 as b) on a, b",
        "(select 1) union all (select 2);",
        "/* a */ -- b\n select 1 -- c",
    ],
)
@pytest.mark.usefixtures("in_this_process")
def test_statements_that_read_are_answered(study: ReadableStudy, pdeval: Run, sql: str) -> None:
    ended = pdeval("query", study.folder, "--format", "csv", "--", sql)
    assert (ended.exit_code, ended.err) == (0, "")
    assert ended.out.count(b"\n") >= 2


def test_statement_that_is_no_text_is_one_line(study: ReadableStudy, pdeval: Run) -> None:
    ended = pdeval("query", study.folder, "select '\udcff'")
    assert (ended.exit_code, ended.err) == (
        2,
        "pdeval: SQL: not UTF-8 text; - takes it from standard input\n",
    )


def test_database_that_somebody_writes_is_one_line(study: ReadableStudy, pdeval: Run) -> None:
    database = str(study.warehouse.published)
    code = f"import duckdb, sys; c = duckdb.connect({database!r}); print(); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        ended = pdeval("query", study.folder, "select 1")
        writer.kill()
    assert (ended.exit_code, ended.err) == (
        2,
        "pdeval: study/warehouse/pdeval.duckdb: another program has it open for writing; close it there, and"
        " open it read-only\n",
    )


@pytest.mark.usefixtures("in_this_process")
def test_kept_build_is_asked_by_its_id(study: ReadableStudy, pdeval: Run) -> None:
    study.warehouse.published.unlink()
    sql = "select count(*) as n from core.pupil"
    assert pdeval("query", study.folder, sql, "--build", BUILD_ID, "--format", "csv").out == b"n\r\n3\r\n"
    for other in ("20200101T000000Z-000000", "../pdeval", "*"):
        ended = pdeval("query", study.folder, sql, "--build", other)
        assert ended.exit_code == 2
        assert ended.err == f"pdeval: --build {other}: is not kept; kept are: {BUILD_ID}\n"


def test_study_without_a_published_build_says_what_comes_first(study: ReadableStudy, pdeval: Run) -> None:
    study.warehouse.published.unlink()
    for command in (("query", study.folder, "select 1"), ("open", study.folder)):
        ended = pdeval(*command)
        assert ended.exit_code == 2
        assert ended.err == (
            "pdeval: Riverbend: nothing is published in study/warehouse; pdeval run study comes first\n"
        )


@pytest.mark.usefixtures("in_this_process")
@pytest.mark.parametrize("content", [b"", b"no database", b"DUCK" * 5000], ids=["empty", "text", "damaged"])
def test_unreadable_database_is_one_line(study: ReadableStudy, pdeval: Run, content: bytes) -> None:
    study.warehouse.published.write_bytes(content)
    for command in (("query", study.folder, "select 1"), ("open", study.folder)):
        ended = pdeval(*command)
        assert (ended.exit_code, ended.err.count("\n")) == (2, 1)
        assert ended.err.startswith("pdeval: study/warehouse/pdeval.duckdb: cannot be read by DuckDB 2.0.0: ")


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (("--output", "there.csv"), "--output there.csv: is there already; name another file"),
        (("--output", "link.csv"), "--output link.csv: is there already; name another file"),
        (
            ("--output", "study/warehouse/builds/a.csv"),
            "--output study/warehouse/builds/a.csv: lies in the warehouse; name a place outside of it",
        ),
        (
            ("--output", "shortcut/a.csv"),
            "--output study/warehouse/reports/a.csv: lies in the warehouse; name a place outside of it",
        ),
        (("--output", "nowhere/a.csv"), "--output nowhere/a.csv: nowhere is not a folder"),
        (("--output", "a.txt"), "--output a.txt: should end in .csv, .json or .parquet, or add --format"),
        (("--output", "a.csv", "--format", "table"), "--format table: is for reading; a file is csv, json"),
        (("--time-limit", "nan"), "--time-limit nan: should be 0.1 to 86400 seconds"),
        (("--time-limit", "inf"), "--time-limit inf: should be 0.1 to 86400 seconds"),
        (("--format", "xlsx"), "--format xlsx: should be table, csv, json or parquet"),
        (("--format", "csv", "--json"), "--format csv: --json gives the rows as JSON; leave one of them out"),
    ],
)
def test_output_that_cannot_be_is_refused_before_anything_runs(
    study: ReadableStudy, pdeval: Run, tmp_path: Path, options: tuple[str, ...], line: str
) -> None:
    (tmp_path / "there.csv").write_text("mine")
    (tmp_path / "link.csv").symlink_to("not_there.csv")
    (tmp_path / "shortcut").symlink_to(study.warehouse.reports)
    ended = pdeval("query", study.folder, "select 1", *options)
    assert ended.exit_code == 2
    assert f"pdeval: {line}" in ended.err
    assert (tmp_path / "there.csv").read_text() == "mine"
    assert not study.warehouse.audit_log.exists()


def test_file_is_whole_or_not_there_at_all(study: ReadableStudy, pdeval: Run, tmp_path: Path) -> None:
    sql = "select case when range < 100000 then 1 else error('late') end from range(200000)"
    ended = pdeval("query", study.folder, sql, "--output", tmp_path / "a.csv")
    assert ended.exit_code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["study"]


def test_file_that_came_in_the_meantime_is_not_replaced(tmp_path: Path) -> None:
    def write() -> None:
        with new_file(tmp_path / "a.csv", 0o600) as out:
            out.write(b"new")
            (tmp_path / "a.csv").write_text("old")

    with pytest.raises(FileExistsError):
        write()
    assert (tmp_path / "a.csv").read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.usefixtures("in_this_process")
def test_published_database_is_as_it_was_after_queries(study: ReadableStudy, pdeval: Run) -> None:
    before = study.warehouse.published.read_bytes()
    pdeval("query", study.folder, PUPILS)
    pdeval("query", study.folder, "select 1 +")
    assert study.warehouse.published.read_bytes() == before


def test_module_in_the_working_folder_does_not_take_the_place_of_ours(
    study: ReadableStudy, pdeval: Run, tmp_path: Path
) -> None:
    (tmp_path / "duckdb.py").write_text("raise SystemExit('taken over')")
    assert pdeval("query", study.folder, "select 1 as a", "--format", "csv").out == b"a\r\n1\r\n"


def test_process_ends_with_its_caller(study: ReadableStudy, tmp_path: Path) -> None:
    """A caller that is killed closes the pipe on which the process of the statement waits."""
    request = json.dumps(
        {
            "database": str(study.warehouse.published),
            "shown_name": "it",
            "sql": "select sleep_ms(600000)",
            "file_format": "csv",
            "memory_limit": "200MB",
            "threads": 1,
        }
    )
    reading, writing = os.pipe()
    words_reading, words_writing = os.pipe()
    child = os.posix_spawn(
        sys.executable,
        [sys.executable, "-m", "transforms.querying.child", str(words_writing)],
        {"PYTHONPATH": str(Path(cli.__file__).parents[1])},
        file_actions=[
            (os.POSIX_SPAWN_DUP2, reading, 0),
            (os.POSIX_SPAWN_CLOSE, writing),
            (os.POSIX_SPAWN_DUP2, words_writing, words_writing),
        ],
    )
    os.write(writing, f"{request}\n".encode())
    assert os.read(words_reading, 100).decode().strip() == BUILD_ID  # it runs
    assert os.waitpid(child, os.WNOHANG) == (0, 0)
    os.close(writing)
    deadline = time.monotonic() + 10
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
            pytest.fail("the process outlived its caller")
        time.sleep(0.02)


def test_open_names_the_real_places_and_schemas(study: ReadableStudy, pdeval: Run) -> None:
    text = pdeval("open", study.folder).out.decode()
    database = study.warehouse.published
    for line in (
        f"database  {database}",
        "schemas   core (1), meta (1)",
        f"  duckdb -readonly {database}",
        f'  study = duckdb.connect("{database}", read_only=True)',
        f'  study <- dbConnect(duckdb(), "{database}", read_only = TRUE)',
        f"  {study.warehouse.public}/*.parquet is their place: not there, this build put no such files out",
    ):
        assert line in text.splitlines()


def test_open_tells_of_parquet_files_that_are_there(study: ReadableStudy, pdeval: Run) -> None:
    study.warehouse.public.mkdir()
    (study.warehouse.public / "effect.parquet").write_bytes(b"PAR1")
    assert (
        f"  {study.warehouse.public}/*.parquet (1 files, one a table)"
        in pdeval("open", study.folder).out.decode()
    )
    facts = json.loads(pdeval("open", study.folder, "--json").out)
    assert facts["public"] == str(study.warehouse.public)
    assert facts["schemas"] == {"core": 1, "meta": 1}


def test_what_open_prints_for_python_runs(study: ReadableStudy, pdeval: Run) -> None:
    code = json.loads(pdeval("open", study.folder, "--json").out)["commands"]["Python"]
    names: dict[str, object] = {}
    exec(code.replace("from estimates.effect", "from core.pupil"), names)
    assert "study" in names
