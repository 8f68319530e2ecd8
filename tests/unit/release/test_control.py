"""The report's tables under disclosure control: what is small stays hidden, whatever else is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import duckdb
import pytest

from tests.unit.release.made_up_tables import MEANS, ROLES, SCHOOLS, TEACHERS, made
from transforms.disclosure import Verdict
from transforms.release.cells import Declared
from transforms.release.counted import Comparison, Margin


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    opened = duckdb.connect()
    opened.execute("create schema given")
    yield opened
    opened.close()


def shown(connection: duckdb.DuckDBPyConnection) -> set[tuple[str, str]]:
    return set(
        connection.execute("select school, role from report.made_up_school where mean is not null").fetchall()
    )


def test_a_small_part_is_hidden_and_one_more_so_that_no_difference_tells_it(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    released = made(connection, [("1014", "all", 13), ("1014", "teacher", 12), ("1014", "principal", 1)])
    assert len(shown(connection)) == 1
    assert ("1014", "principal") not in shown(connection)
    assert [one.verdict for one in released.verdicts] == [Verdict.PASS, Verdict.PASS]


def test_a_count_that_another_table_shows_is_hidden_in_both(connection: duckdb.DuckDBPyConnection) -> None:
    rows = [("1014", "all", 13), ("1014", "teacher", 12), ("1014", "principal", 1), ("1020", "all", 30)]
    made(connection, rows, [("1014", 12), ("1020", 30)])
    assert shown(connection) in ({("1014", "teacher"), ("1020", "all")}, {("1014", "all"), ("1020", "all")})
    (in_the_other,) = connection.execute(
        "select count(mean) from report.made_up_mean where school = '1014'"
    ).fetchone()  # type: ignore[misc]
    assert in_the_other == (("1014", "teacher") in shown(connection))


def test_a_hidden_row_is_flagged_and_says_why(connection: duckdb.DuckDBPyConnection) -> None:
    made(connection, [("1", "all", 13), ("1", "teacher", 12), ("1", "principal", 1)])
    rows = connection.execute(
        "select distinct n is null, is_suppressed, note from report.made_up_school order by all"
    ).fetchall()
    assert rows == [(False, False, ""), (True, True, "few")]


def test_where_nothing_is_small_nothing_is_hidden(connection: duckdb.DuckDBPyConnection) -> None:
    released = made(connection, [("1", "all", 25), ("1", "teacher", 15), ("1", "principal", 10)])
    assert len(shown(connection)) == 3
    assert [one.n_hidden for one in released.verdicts] == [0, 0]


def test_a_link_that_is_not_declared_is_what_the_attack_would_have_found(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    made(
        connection,
        [("1014", "all", 13), ("1014", "teacher", 12), ("1014", "principal", 1)],
        [("1014", 12)],
        Declared((SCHOOLS, MEANS), (), ()),
    )
    assert len(shown(connection)) == 2  # all and teacher: their difference is the principal


def test_a_table_without_declared_counts_waits_for_a_review(connection: duckdb.DuckDBPyConnection) -> None:
    released = made(connection, [("1", "all", 25)], declared=Declared((SCHOOLS,), (ROLES,)))
    assert [(one.table_name, one.verdict, one.persons) for one in released.verdicts] == [
        ("report.made_up_mean", Verdict.REVIEW, None),
        ("report.made_up_school", Verdict.PASS, "staff"),
    ]


def test_parts_that_do_not_make_up_the_whole_leave_a_remainder_that_is_protected(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    made(connection, [("1", "all", 13), ("1", "teacher", 12)])  # one person's role is not known
    assert len(shown(connection)) == 1


def test_the_largest_small_count_is_not_what_the_other_parts_leave(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """Four are hidden: a reader who takes the roles for all there are gets them as 16 less 12."""
    made(connection, [("1", "all", 16), ("1", "teacher", 12), ("1", "principal", 4)])
    assert len(shown(connection)) == 1


def test_a_remainder_that_readers_may_know_hides_nothing(connection: duckdb.DuckDBPyConnection) -> None:
    rows = [("1", "all", 30), ("1", "teacher", 20), ("1", "principal", 9)]  # one person's role is not known
    known = replace(ROLES, is_rest_known=True)
    released = made(connection, rows, declared=Declared((SCHOOLS,), (known,)))
    assert len(shown(connection)) == 3
    assert [one.verdict for one in released.verdicts if one.persons] == [Verdict.PASS]


def test_a_table_that_counts_nobody_passes_with_its_reason(connection: duckdb.DuckDBPyConnection) -> None:
    declared = Declared((SCHOOLS,), (ROLES,), without_persons={"report.made_up_mean": "counts schools"})
    released = made(connection, [("1", "all", 25)], declared=declared)
    assert [(one.table_name, one.verdict, one.reason) for one in released.verdicts] == [
        ("report.made_up_mean", Verdict.PASS, "counts schools"),
        ("report.made_up_school", Verdict.PASS, None),
    ]


def test_what_tells_of_a_row_that_shows_nothing_is_emptied(connection: duckdb.DuckDBPyConnection) -> None:
    compared = Comparison(
        "report.made_up_school",
        ("mean",),
        "other.school = counted.school and other.role = 'principal' and counted.role = 'teacher'",
        "n",
    )
    made(
        connection,
        [("1", "teacher", 12), ("1", "principal", 1), ("2", "teacher", 12), ("2", "principal", 6)],
        declared=Declared((replace(SCHOOLS, hides=("n",)),), comparisons=(compared,)),
    )
    rows = connection.execute(
        "select school, n, mean from report.made_up_school where role = 'teacher' order by 1"
    )
    assert rows.fetchall() == [("1", 12, None), ("2", 12, 3.5)]


def test_what_the_attack_was_not_told_of_is_for_a_review(connection: duckdb.DuckDBPyConnection) -> None:
    questions = {"report.made_up_mean": "means of whom?", "report.made_up_school": "roles of two"}
    declared = Declared((SCHOOLS,), (ROLES,), open_questions=questions)
    released = made(connection, [("1", "all", 25)], declared=declared)
    assert [(one.table_name, one.verdict, one.reason, one.n_figures) for one in released.verdicts] == [
        ("report.made_up_mean", Verdict.REVIEW, "means of whom?", None),
        ("report.made_up_school", Verdict.REVIEW, "roles of two", 1),
    ]


def test_a_hidden_row_that_has_no_place_for_a_gap_is_dropped(connection: duckdb.DuckDBPyConnection) -> None:
    dropped = replace(SCHOOLS, hides=(), words={}, is_dropped=True)
    rows = [("1", "all", 13), ("1", "teacher", 12), ("1", "principal", 1)]
    released = made(connection, rows, declared=Declared((dropped,), (ROLES,)))
    left = connection.execute("select role from report.made_up_school").fetchall()
    assert len(left) == 1
    assert ("principal",) not in left
    assert [one.n_hidden for one in released.verdicts if one.persons] == [2]


def test_figures_of_two_counts_are_emptied_with_either(connection: duckdb.DuckDBPyConnection) -> None:
    both = replace(SCHOOLS, hides=("n",), with_it=("mean",))
    made(connection, [("1", "principal", 1), ("2", "principal", 8)], declared=Declared((both,)))
    rows = connection.execute("select school, n, mean from report.made_up_school order by school").fetchall()
    assert rows == [("1", None, None), ("2", 8, 3.5)]


def test_one_grouping_does_not_tell_what_another_hides(connection: duckdb.DuckDBPyConnection) -> None:
    kinds = Margin("schools", None, ("school",), per="split_part(role, ':', 1)")
    rows = [("1", "level: low", 3), ("1", "level: high", 20), ("1", "level: middle", 30)]
    rows += [("1", "place: town", 23), ("1", "place: country", 30)]
    released = made(connection, rows, declared=Declared((SCHOOLS,), (kinds,)))
    hidden = {row for row in ((school, role) for school, role, _ in rows) if row not in shown(connection)}
    assert ("1", "level: low") in hidden
    assert len(hidden) == 2
    assert [one.verdict for one in released.verdicts if one.persons] == [Verdict.PASS]


def test_what_hangs_together_loosely_is_hidden_on_both_sides_and_protected_there(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    loose = replace(TEACHERS, is_loose=True)
    rows = [("1", "all", 13), ("1", "teacher", 12), ("1", "principal", 1)]
    made(connection, rows, [("1", 12)], Declared((SCHOOLS, MEANS), (ROLES,), (loose,)))
    in_the_other = connection.execute("select mean is not null from report.made_up_mean").fetchall()
    assert in_the_other == [(("1", "teacher") in shown(connection),)]


def test_a_count_may_ask_for_the_minimum(connection: duckdb.DuckDBPyConnection) -> None:
    asking = replace(SCHOOLS, count="case when n < $minimum_staff then n else 100 end")
    released = made(connection, [("1", "all", 3), ("2", "all", 8)], declared=Declared((asking,)))
    assert [one.n_hidden for one in released.verdicts if one.persons] == [1]
