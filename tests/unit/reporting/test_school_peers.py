"""Schools of a level beside each other: from shown numbers alone, so that no hidden one can be worked out."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

import sql
from transforms.reporting.school_peers import Peers, peers_by_level, peers_of

QUERY = (Path(sql.__path__[0]) / "report" / "school_reach.sql").read_text(encoding="utf-8")
PARAMETERS = {"minimum_staff": 5, "minimum_schools": 5}


def test_quartiles_are_those_of_the_schools_that_are_shown() -> None:
    # of 1, 2, 3, 4, 5 the quartiles with both ends counted are 2, 3, 4
    assert peers_of([5.0, None, 1.0, 2.0, 4.0, 3.0]) == Peers(5, 2.0, 3.0, 4.0)


def test_fewer_than_five_schools_have_no_middle() -> None:
    assert peers_of([1.0, 2.0, 3.0, 4.0, None]) is None


def test_a_level_has_its_own_schools_alone() -> None:
    levels = {**{f"e{number}": "elementary" for number in range(5)}, "m0": "middle"}
    values = [(school, 1.0 if level == "elementary" else 9.0) for school, level in levels.items()]
    assert peers_by_level(values, levels) == {"elementary": Peers(5, 1.0, 1.0, 1.0)}


def reach(n_reached: dict[str, int], n_teachers: int = 20) -> dict[str, tuple[object, ...]]:
    """Rows of report.school_reach by school: of one level, with ``n_reached`` teachers in coaching."""
    connection = duckdb.connect()
    connection.execute("create schema core")
    connection.execute("create schema frames")
    connection.execute("create table core.school (school_id text, school_level text)")
    connection.execute(
        "create table frames.teacher_year (staff_id text, school_id text, school_year smallint)"
    )
    connection.execute(
        "create table frames.teacher_year_pd (staff_id text, school_year smallint, pd_type text, hours"
        " double)"
    )
    for school, n in n_reached.items():
        connection.execute("insert into core.school values (?, 'elementary')", [school])
        connection.execute(
            "insert into frames.teacher_year select $1 || range, $1, 2025 from range($2)",
            [school, n_teachers],
        )
        connection.execute(
            "insert into frames.teacher_year_pd select $1 || range, 2025, 'coaching', 10 from range($2)",
            [school, n],
        )
    found = connection.execute(
        "select school_id, share_of_teachers, hours_per_participant, peer_middle_low, peer_middle_high,"
        f" is_suppressed from ({QUERY})",
        PARAMETERS,
    ).fetchall()
    return {row[0]: row[1:] for row in found}


def test_a_share_of_one_to_four_teachers_is_hidden_and_of_none_is_zero() -> None:
    found = reach({"a": 0, "b": 4, "c": 5})
    assert found["a"] == (0.0, None, None, None, False)
    assert found["b"] == (None, None, None, None, True)
    assert found["c"] == (0.25, 10.0, None, None, False)


@pytest.mark.parametrize("hidden", [1, 2, 3, 4])
def test_what_is_told_of_a_level_is_the_same_whatever_a_hidden_share_is(hidden: int) -> None:
    # the hidden school is the middle of five: its share is not told, but 1 of 20 to 4 of 20
    found = reach({"a": 0, "b": 0, "c": hidden, "d": 10, "e": 12})
    assert found["a"][2:4] == (0.05, 0.2)


def test_a_hidden_share_that_cannot_move_the_median_leaves_it_told() -> None:
    # 3 of 20 is below the middle of 0, hidden, 8, 10 and 12 of 20, whatever it is
    assert reach({"a": 0, "b": 3, "c": 8, "d": 10, "e": 12})["a"][2:4] == (0.4, 0.4)
