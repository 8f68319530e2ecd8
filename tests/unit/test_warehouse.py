"""The warehouse runner: opening, tables from the contract, SQL files in dependency order."""

from __future__ import annotations

import ast
import hashlib
from pathlib import Path

import duckdb
import pytest

from expectations.contract import Column, Kind, Table
from expectations.entities import ENTITIES
from expectations.outputs import OUTPUTS
from transforms import warehouse
from transforms.warehouse import (
    Lineage,
    WarehouseError,
    build_tables,
    create_table,
    in_dependency_order,
    open_database,
    read_sql,
    sql_files,
)

HEADER = "-- grain: one row per thing\n-- question: what is it?\n"

THING = Table(
    schema="frames",
    name="thing",
    grain="One row per thing",
    description="Things, and the owner's notes.",
    key=("thing_id",),
    columns=(
        Column("thing_id", Kind.ID, "Id of the thing.", is_required=True),
        Column("hours", Kind.NUMBER, "Hours of it.", unit="hours"),
        Column("owner", Kind.TEXT, "Name of the owner.", is_direct_identifier=True),
    ),
)


@pytest.fixture
def connection():
    """A database in memory with one thread."""
    opened = open_database(None, threads=1)
    yield opened
    opened.close()


@pytest.fixture
def declared(monkeypatch):
    """The contract declares frames.thing."""
    monkeypatch.setitem(OUTPUTS, "frames.thing", THING)


def setting(connection, name: str) -> str:
    """The value of a DuckDB setting."""
    return str(connection.execute("SELECT current_setting(?)", [name]).fetchall()[0][0])


def test_database_is_opened_without_progress_bar_and_with_limits(tmp_path):
    opened = open_database(
        tmp_path / "w.duckdb", memory_limit="200MiB", scratch=tmp_path / "scratch", threads=1
    )
    assert setting(opened, "enable_progress_bar") == "False"
    assert setting(opened, "memory_limit") == "200.0 MiB"
    assert setting(opened, "temp_directory") == str(tmp_path / "scratch")
    assert setting(opened, "max_temp_directory_size") == "18.6 GiB"  # 20e9 / 2**30
    assert setting(opened, "threads") == "1"
    opened.close()


def test_without_scratch_nothing_spills(tmp_path, connection):
    assert setting(connection, "temp_directory") == ""


def test_work_larger_than_memory_spills_to_scratch_and_leaves_nothing_there(tmp_path):
    scratch = tmp_path / "scratch"
    opened = open_database(None, memory_limit="60MiB", scratch=scratch, threads=1)
    opened.execute("CREATE TABLE wide AS SELECT range AS n, md5(range::varchar) AS text FROM range(2000000)")
    assert scratch.exists()
    opened.close()
    assert list(scratch.glob("*")) == []


def test_read_only_database_refuses_to_write(tmp_path):
    path = tmp_path / "w.duckdb"
    open_database(path).close()
    opened = open_database(path, is_read_only=True)
    with pytest.raises(duckdb.InvalidInputException, match="read-only"):
        opened.execute("CREATE TABLE t (n INTEGER)")
    opened.close()


def test_table_from_the_contract_has_its_types_and_required_columns_and_no_direct_identifier(connection):
    create_table(connection, THING)
    described = connection.execute("DESCRIBE frames.thing").fetchall()
    assert [row[:3] for row in described] == [("thing_id", "VARCHAR", "NO"), ("hours", "DOUBLE", "YES")]


def test_comments_of_table_and_columns_come_from_the_contract(connection):
    create_table(connection, THING)
    tables = connection.execute("SELECT comment FROM duckdb_tables()").fetchall()
    columns = connection.execute(
        "SELECT column_name, comment FROM duckdb_columns() WHERE NOT internal"
    ).fetchall()
    assert tables == [("One row per thing. Things, and the owner's notes.",)]
    assert sorted(columns) == [("hours", "Hours of it. Unit: hours."), ("thing_id", "Id of the thing.")]


def test_every_table_of_the_contract_can_be_created(connection):
    for table in (*ENTITIES.values(), *OUTPUTS.values()):
        create_table(connection, table)
    count = connection.execute("SELECT count(*) FROM duckdb_tables()").fetchall()[0][0]
    assert count == len(ENTITIES) + len(OUTPUTS)


def test_sql_file_tells_what_it_reads_and_which_parameters_it_wants():
    file = read_sql(
        "frames",
        "thing",
        HEADER + "with step as (select * from core.staff where 1 < $minimum)"
        " select * from step join frames.other using (staff_id) where $minimum < $maximum",
    )
    assert file.name == "frames/thing.sql"
    assert file.qualified_name == "frames.thing"
    assert file.grain == "one row per thing"
    assert file.question == "what is it?"
    assert file.depends_on == ("core.staff", "frames.other")
    assert file.parameters == ("maximum", "minimum")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEADER + "select 1; select 2", "one SELECT is wanted"),
        (HEADER + "drop table core.staff", "one SELECT is wanted"),
        (HEADER, "one SELECT is wanted"),
        (HEADER + "select * from staff", "table staff is read without its schema"),
        ("-- grain: one row per thing\nselect 1", "the opening comment '-- question: …' is missing"),
        ("select 1\n-- grain: one row per thing", "the opening comment '-- grain: …' is missing"),
    ],
)
def test_sql_file_that_breaks_a_habit_is_refused(text, message):
    with pytest.raises(WarehouseError, match=r"^sql/frames/thing\.sql: ") as refusal:
        read_sql("frames", "thing", text)
    assert message in str(refusal.value)


def test_packaged_frames_and_reports_are_found():
    names = {file.qualified_name for folder in ("frames", "report") for file in sql_files(folder)}
    assert {name for name in OUTPUTS if name.startswith("frames.")} <= names
    assert "report.pd_reach" in names


def test_each_file_follows_those_it_reads_and_ties_go_by_name():
    last = read_sql("frames", "a", HEADER + "select * from frames.b join frames.c using (n)")
    middle = read_sql("frames", "b", HEADER + "select * from frames.d join core.staff using (n)")
    first, other = (read_sql("frames", name, HEADER + "select 1 as n") for name in ("d", "c"))
    ordered = in_dependency_order([last, middle, first, other])
    assert [file.table for file in ordered] == ["c", "d", "b", "a"]


def test_circle_of_tables_is_named():
    files = [
        read_sql("frames", name, HEADER + f"select * from frames.{read}")
        for name, read in (("a", "b"), ("b", "c"), ("c", "a"))
    ]
    with pytest.raises(WarehouseError, match=r"circle: frames\.(a|b|c) → .*frames\.(a|b|c)$") as refusal:
        in_dependency_order(files)
    assert str(refusal.value).count("→") == 3


def test_tables_are_built_with_the_parameters_that_they_name_and_their_lineage_told(connection):
    connection.execute("CREATE SCHEMA core")
    connection.execute("CREATE TABLE core.hours AS SELECT unnest([1, 2, 3]) AS hours")
    texts = {
        "long": HEADER + "select hours from core.hours where hours >= $minimum",
        "sum": HEADER + "select sum(hours) as hours from frames.long",
    }
    files = [read_sql("frames", name, text) for name, text in texts.items()]
    lineage = build_tables(connection, files[::-1], {"minimum": 2, "unused": 9})
    assert connection.execute("FROM frames.sum").fetchall() == [(5,)]  # 2 + 3
    fingerprints = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}
    assert lineage == (
        Lineage("frames.long", "core.hours", fingerprints["long"]),
        Lineage("frames.sum", "frames.long", fingerprints["sum"]),
    )


def test_table_that_the_contract_does_not_declare_is_commented_from_its_opening_lines(connection):
    build_tables(connection, [read_sql("report", "thing", HEADER + "select 1 as n")], {})
    assert connection.execute("SELECT comment FROM duckdb_tables()").fetchall() == [
        ("one row per thing. what is it?",)
    ]


def test_missing_parameter_is_an_error_that_names_it(connection):
    file = read_sql("frames", "a", HEADER + "select $minimum as n")
    with pytest.raises(WarehouseError, match=r"^sql/frames/a\.sql: no value for parameter minimum$"):
        build_tables(connection, [file], {})


def test_statement_that_fails_is_an_error_that_names_its_file(connection):
    file = read_sql("frames", "a", HEADER + "select * from core.nowhere")
    with pytest.raises(WarehouseError, match=r"^sql/frames/a\.sql: Catalog Error.*nowhere"):
        build_tables(connection, [file], {})


@pytest.mark.usefixtures("declared")
def test_declared_table_that_comes_out_as_declared_is_commented(connection):
    file = read_sql("frames", "thing", HEADER + "select 'a' as thing_id, 1.5::double as hours")
    build_tables(connection, [file], {})
    comments = connection.execute("SELECT comment FROM duckdb_tables()").fetchall()
    assert comments == [("One row per thing. Things, and the owner's notes.",)]


@pytest.mark.usefixtures("declared")
@pytest.mark.parametrize(
    ("select", "message"),
    [
        ("'a' as thing_id, 1 as hours", "column 2 is hours INTEGER, the contract says hours DOUBLE"),
        (
            "1.5::double as hours, 'a' as thing_id",
            "column 1 is hours DOUBLE, the contract says thing_id VARCHAR",
        ),
        ("'a' as thing_id", "column 2 is nothing, the contract says hours DOUBLE"),
        (
            "'a' as thing_id, 1.5::double as hours, 'Ann' as owner",
            "column 3 is owner VARCHAR, the contract says nothing",
        ),
        ("null::varchar as thing_id, 1.5::double as hours", "no value in thing_id (1 rows)"),
    ],
    ids=["type", "order", "missing", "direct identifier", "null in a required column"],
)
def test_declared_table_that_comes_out_otherwise_is_an_error(connection, select, message):
    file = read_sql("frames", "thing", HEADER + f"select {select}")
    with pytest.raises(WarehouseError) as refusal:
        build_tables(connection, [file], {})
    assert str(refusal.value) == f"sql/frames/thing.sql: {message}"


def opens_duckdb(path: Path) -> bool:
    """Whether the module calls duckdb.connect."""
    calls = (
        node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
    )
    return any(ast.unparse(call.func) == "duckdb.connect" for call in calls)


def test_only_the_opener_and_the_landing_open_duckdb():
    root = Path(warehouse.__file__).parents[1]
    modules = [
        path for folder in ("flows", "transforms", "expectations") for path in (root / folder).rglob("*.py")
    ]
    assert {path.name for path in modules if opens_duckdb(path)} <= {"database.py", "landing.py"}
