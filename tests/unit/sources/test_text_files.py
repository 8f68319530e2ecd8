"""Delimited text in the landing: what is a row, what its line is, what is turned away."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from transforms.errors import InputError
from transforms.sources import text_files
from transforms.sources.source import Source
from transforms.sources.text_encoding import scan_file

REGULAR = "rowid + 2"
IRREGULAR = "source_line"


def test_a_regular_file_is_landed_as_it_stands(desk) -> None:
    landed = desk.land("a.csv", "id,score\nS1, 12 \nS2,007\n")
    assert (landed.headers, landed.rows, landed.encoding, landed.delimiter) == (
        ("id", "score"),
        2,
        "utf-8",
        ",",
    )
    assert landed.line_sql == REGULAR
    assert desk.rows(landed) == [(2, "S1", " 12 "), (3, "S2", "007")]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_the_last_line_needs_no_line_end(desk, line_end: str) -> None:
    landed = desk.land("a.csv", line_end.join(["id,score", "S1,1", "S2,2"]))
    assert (landed.rows, landed.line_sql) == (2, REGULAR)


def test_old_macintosh_line_ends_are_line_ends(desk) -> None:
    assert desk.rows(desk.land("a.csv", "id,score\rS1,1\rS2,2\r")) == [(2, "S1", "1"), (3, "S2", "2")]


def test_mixed_line_ends_are_line_ends(desk) -> None:
    assert desk.rows(desk.land("a.csv", "id,score\r\nS1,1\nS2,2\r\n")) == [(2, "S1", "1"), (3, "S2", "2")]


def test_blank_lines_are_no_records_but_count_as_lines(desk) -> None:
    landed = desk.land("a.csv", "id,score\n\nS1,1\n   \nS2,2\n\n")
    assert (landed.rows, landed.line_sql) == (2, IRREGULAR)
    assert desk.rows(landed) == [(3, "S1", "1"), (5, "S2", "2")]


def test_blank_lines_at_the_end_leave_a_file_regular(desk) -> None:
    assert desk.land("a.csv", "id,score\nS1,1\n\n\n").line_sql == REGULAR


def test_a_row_of_delimiters_is_a_record(desk) -> None:
    landed = desk.land("a.csv", "id,score,grade\nS1,1,4\n,,\n")
    assert desk.rows(landed) == [(2, "S1", "1", "4"), (3, None, None, None)]


def test_blank_lines_of_a_single_column_are_no_records(desk) -> None:
    assert desk.rows(desk.land("a.csv", 'id\nS1\n\n""\nS2\n')) == [(2, "S1"), (4, None), (5, "S2")]


def test_line_ends_in_quotes_belong_to_the_text(desk) -> None:
    landed = desk.land("a.csv", 'id,note\nS1,"one\ntwo"\nS2,x\n')
    assert landed.line_sql == IRREGULAR
    assert desk.rows(landed) == [(2, "S1", "one\ntwo"), (4, "S2", "x")]


def test_a_header_over_two_lines_moves_the_rows(desk) -> None:
    landed = desk.land("a.csv", '"the\nid",score\nS1,1\n')
    assert landed.headers == ("the\nid", "score")
    assert desk.rows(landed) == [(3, "S1", "1")]


def test_a_ragged_row_is_turned_away_alone(desk) -> None:
    landed = desk.land("a.csv", "id,score\nS1,1\nS2\nS3,3,x\nS4,4\n")
    assert landed.rows == 4
    assert desk.rows(landed) == [(2, "S1", "1"), (5, "S4", "4")]
    assert desk.rejected(landed) == [(3, "field_count", "S2"), (4, "field_count", "S3,3,x")]


def test_a_stray_quotation_mark_costs_one_line(desk) -> None:
    landed = desk.land("a.csv", 'id,note\nS1,"open\nS2,x\nS3,"y"\nS4,z\n')
    assert desk.rows(landed) == [(3, "S2", "x"), (4, "S3", "y"), (5, "S4", "z")]
    assert desk.rejected(landed) == [(2, "quoting", 'S1,"open')]


def test_a_quotation_mark_that_is_not_doubled_costs_its_line(desk) -> None:
    landed = desk.land("a.csv", 'id,note\nS1,"a "b" c"\nS2,x\n')
    assert desk.rejected(landed) == [(2, "quoting", 'S1,"a "b" c"')]


def test_an_endless_line_is_turned_away_with_its_beginning(desk) -> None:
    landed = desk.land("a.csv", "id,note\nS1," + "x" * 3_000_000 + "\nS2,y\n")
    assert desk.rows(landed) == [(3, "S2", "y")]
    # 1000 characters are shown: 'S1,' and 997 of the text
    assert desk.rejected(landed) == [(2, "line_too_long", "S1," + "x" * 997)]


def test_reasons_hold_no_values(desk) -> None:
    landed = desk.land("a.csv", 'id,note\nSECRET\nSECRET,"open\n')
    reasons = desk.connection.execute("select reason from landing.rejected_line").fetchall()
    assert len(reasons) == landed.rows == 2
    assert not any("SECRET" in reason for (reason,) in reasons)


def test_blanks_around_quotes_are_no_part_of_the_text(desk) -> None:
    content = 'id, note ,score\nS1, "a, b" ,1\n'
    regular = desk.land("a.csv", content)
    irregular = desk.land("b.csv", content + "\n\nS2,x,2\n")
    assert (regular.line_sql, irregular.line_sql) == (REGULAR, IRREGULAR)
    assert desk.rows(regular) == [(2, "S1", "a, b", "1")] == desk.rows(irregular)[:1]


@pytest.mark.parametrize("name", ["scores[1].csv", "year=2025.csv", "a*b?.csv", "scores.final.CSV", "ü.csv"])
def test_a_file_name_is_taken_literally(desk, name: str) -> None:
    assert desk.rows(desk.land(name, "id,score\nS1,1\n")) == [(2, "S1", "1")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", ":"])
def test_the_delimiter_is_found(desk, delimiter: str) -> None:
    lines = [["id", "name", "score"], ["S1", "Li", "1"], ["S2", f"O{delimiter}k", "2"]]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(lines)
    landed = desk.land("a.txt", text.getvalue())
    assert landed.delimiter == delimiter
    assert desk.rows(landed)[1] == (3, "S2", f"O{delimiter}k", "2")


def test_a_decimal_comma_is_no_delimiter(desk) -> None:
    assert desk.land("a.csv", "id;score, scaled\nS1;1,5\nS2;2,5\n").delimiter == ";"


def test_a_declared_delimiter_wins(desk) -> None:
    landed = desk.land("a.csv", "id^score,x\nS1^1,2\n", delimiter="^")
    assert landed.headers == ("id", "score,x")


@pytest.mark.parametrize("delimiter", ["", ",,", '"', " ", "\n"])
def test_what_cannot_be_a_delimiter_is_said(desk, delimiter: str) -> None:
    with pytest.raises(InputError, match="delimiter must be one character"):
        desk.land("a.csv", "id,score\nS1,1\n", delimiter=delimiter)


def test_header_texts_lose_outer_blanks_and_unnamed_columns_get_names(desk) -> None:
    landed = desk.land("a.csv", ",id , score,\n1,S1,5,\n")
    assert landed.headers == ("column_1", "id", "score", "column_4")
    assert desk.rows(landed) == [(2, "1", "S1", "5", None)]


def test_a_header_alone_is_a_file_of_no_rows(desk) -> None:
    landed = desk.land("a.csv", "id,score\n")
    assert (landed.headers, landed.rows, desk.rows(landed)) == (("id", "score"), 0, [])


def _read_both_ways(desk, content: str) -> tuple[list, list] | None:
    """Return what each reader makes of a file; None where DuckDB leaves it to the other."""
    path = desk.write("both.csv", content)
    text = text_files.describe_text(
        path, "both.csv", scan_file(path, "both.csv"), Source(path="", delimiter=",")
    )
    outcomes = []
    for read in (_regular, text_files.land_records):
        desk.connection.begin()
        rows = read(desk.connection, "landing.both", text)
        desk.connection.commit()
        if rows is not None:
            line = "rowid + 2" if read is _regular else "source_line"
            columns = ", ".join(f"c{position}" for position in range(len(text.headers)))
            found = desk.connection.execute(
                f"select {line}, {columns} from landing.both order by 1"
            ).fetchall()
            outcomes.append((rows, found))
        desk.connection.execute("drop table if exists landing.both")
    return (outcomes[0], outcomes[1]) if len(outcomes) == 2 else None


def _regular(connection: duckdb.DuckDBPyConnection, table: str, text: text_files.TextFile) -> int | None:
    with tempfile.TemporaryDirectory() as folder:
        return text_files.land_regular(connection, table, text, Path(folder))


CELLS = st.text(st.sampled_from('ab1 ",;\té'), max_size=6)
ROWS = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=6)
)
MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@MANY
@given(rows=ROWS, quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))
def test_both_readers_agree_on_well_formed_files(desk, rows: list[list[str]], quoting: int) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", quoting=quoting)
    writer.writerows([[f"column {position}" for position, _ in enumerate(rows[0])], *rows])
    by_duckdb, by_python = _read_both_ways(desk, text.getvalue()) or (None, None)
    assert by_duckdb == by_python
    assert by_python is not None
    assert [row[1:] for row in by_python[1]] == [tuple(cell or None for cell in row) for row in rows]


@MANY
@given(body=st.text(st.sampled_from('ab1 "",,,\n\n\r;é'), max_size=60))
def test_both_readers_agree_on_whatever_duckdb_takes_for_regular(desk, body: str) -> None:
    by_duckdb, by_python = _read_both_ways(desk, f"id,score\n{body}") or (None, None)
    assert by_duckdb == by_python
