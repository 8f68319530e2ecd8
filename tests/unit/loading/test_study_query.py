"""A source's own query: one SELECT over ``source``, each row with its line, no value in any message."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from transforms.errors import InputError, UsageError
from transforms.loading.staging import Relation
from transforms.loading.study_query import read_query, run_query
from transforms.warehouse import open_database


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    connection = open_database(None)
    connection.execute("attach ':memory:' as scratch; create schema scratch.staging")
    connection.execute(
        "create table f0 as select * from (values ('p1', '410'), ('Jane Roe', '')) as f(c0, c1)"
    )
    return connection


def _run(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple]:
    relation = Relation("wide.csv", "f0", ("g1.name", "g1.score"), "rowid + 2")
    rows = run_query(connection, relation, query, "q.sql")
    return connection.execute(
        f"select {rows.line_sql}, * exclude (source_line) from {rows.name} order by 1"
    ).fetchall()


def _refusal(tmp_path: Path, text: str | bytes) -> str:
    path = tmp_path / "q.sql"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(UsageError) as caught:
        read_query(path, "q.sql")
    return str(caught.value)


def test_headers_with_points_are_one_name(connection: duckdb.DuckDBPyConnection) -> None:
    # as R writes them
    query = 'select source_line, "g1.name" as student_id, "g1.score" as "scale.score" from source'
    assert _run(connection, query) == [(2, "p1", "410"), (3, "Jane Roe", "")]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("select 'x from source", "q.sql:1: not valid SQL"),
        ("select (1 from source", "q.sql:1: not valid SQL"),
        ("select 'M\u00fcller' from source".encode("cp1252"), "q.sql: not UTF-8 text; save it as UTF-8"),
        ("", "q.sql: one SELECT over the relation source is wanted, nothing else"),
        ("select 1 from source; drop table source", "q.sql: one SELECT over the relation source is wanted"),
        ("copy source to 'out.csv'", "q.sql: one SELECT over the relation source is wanted"),
        ("select * from core.staff", "q.sql: it may read the relation source only, not core.staff"),
        (
            "select * from source, read_csv('/etc/passwd')",
            "q.sql: it may read the relation source only, not READ_CSV",
        ),
        ("select * from 'other.csv'", "q.sql: it may read the relation source only"),
    ],
)
def test_a_query_that_is_not_one_select_over_source_is_refused(
    tmp_path: Path, text: str | bytes, problem: str
) -> None:
    message = _refusal(tmp_path, text)
    assert message.startswith(problem)
    assert "\n" not in message


def test_a_byte_order_mark_before_the_query_is_no_part_of_it(tmp_path: Path) -> None:
    (tmp_path / "q.sql").write_text("\ufeffselect source_line from source")
    assert read_query(tmp_path / "q.sql", "q.sql") == "SELECT source_line FROM source"


def test_a_name_that_the_file_lacks_is_said(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(InputError, match=r"wide\.csv: q\.sql failed on it: .*\"Score\" not found"):
        _run(connection, 'select source_line, "Score" from source')


def test_a_value_that_the_query_trips_over_is_not_repeated(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(InputError) as caught:
        _run(connection, 'select source_line, "g1.name"::int as student_id from source')
    assert str(caught.value) == (
        "wide.csv: q.sql failed on a value of it (ConversionException); use try_cast or try_strptime there"
    )


def test_a_query_without_source_line_is_refused(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(UsageError, match=r"q\.sql: it must select source_line too"):
        _run(connection, 'select "g1.name" as student_id from source')


@pytest.mark.parametrize("line", ["source_line + 100", "null", "'first'", "source_line::varchar || '.5'"])
def test_a_source_line_that_the_file_does_not_have_is_refused(
    connection: duckdb.DuckDBPyConnection, line: str
) -> None:
    with pytest.raises(
        UsageError, match=r"q\.sql: source_line must come from source as it is; 2 rows .* wide\.csv"
    ):
        _run(connection, f'select {line} as source_line, "g1.name" as student_id from source')


def test_several_rows_of_one_line_keep_its_number(connection: duckdb.DuckDBPyConnection) -> None:
    query = "select source_line, unnest(['ela', 'mathematics']) as academic_subject from source"
    assert [row[0] for row in _run(connection, query)] == [2, 2, 3, 3]
