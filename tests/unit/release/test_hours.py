"""Hours of which one person has most are not to be read from a school's sum, nor from the district's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import duckdb
import pytest

from transforms.disclosure import MagnitudeRule, Verdict
from transforms.release.hours import DISTRICT, SCHOOLS, JudgedHours, hide_and_judge_hours

EVEN = [10.0] * 12
DOMINATED = [200.0, 100.0, *[1.0] * 10]  # two of twelve have 97 %
NEEDED = 300 / 0.85  # the sum at which the two had 85 %


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    opened = duckdb.connect()
    opened.execute("create schema report; create schema frames")
    figures = "n_staff bigint, hours double, hours_per_participant double"
    opened.execute(f"create table {SCHOOLS} (school_id text, school_year int, pd_type text, {figures})")
    opened.execute(f"create table {DISTRICT} (school_year int, pd_type text, {figures})")
    opened.execute("create table frames.people (school_id text, school_year int, pd_type text, hours double)")
    yield opened
    opened.close()


def judged(
    connection: duckdb.DuckDBPyConnection, schools: Mapping[str | None, Sequence[float]]
) -> JudgedHours:
    for school, hours in schools.items():
        connection.executemany(
            "insert into frames.people values (?, 2025, 'coaching', ?)", [[school, one] for one in hours]
        )
    figures = "count(*), sum(hours), avg(hours)"
    connection.execute(
        f"insert into {SCHOOLS} select school_id, 2025, 'coaching', {figures} from frames.people"
        " where school_id is not null group by school_id"
    )
    connection.execute(f"insert into {DISTRICT} select 2025, 'coaching', {figures} from frames.people")
    return hide_and_judge_hours(connection, "frames.people", MagnitudeRule(10))


def hidden_schools(connection: duckdb.DuckDBPyConnection) -> set[str]:
    rows = connection.execute(
        f"select school_id, hours is null, hours_per_participant is null from {SCHOOLS}"
    ).fetchall()
    assert all(first == second for _, first, second in rows)
    return {school for school, is_hidden, _ in rows if is_hidden}


def district_is_shown(connection: duckdb.DuckDBPyConnection) -> bool:
    return connection.execute(f"select hours is not null from {DISTRICT}").fetchall() == [(True,)]


def test_where_nobody_dominates_all_sums_are_shown(connection: duckdb.DuckDBPyConnection) -> None:
    result = judged(connection, {"1": EVEN, "2": EVEN})
    assert hidden_schools(connection) == set()
    assert district_is_shown(connection)
    assert result.attacked.verdict is Verdict.PASS
    assert result.hidden == {SCHOOLS: 0, DISTRICT: 0}


def test_a_dominated_sum_is_hidden_with_as_much_as_keeps_the_district_from_telling_it(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    schools = {"1": DOMINATED, "2": EVEN, "3": EVEN, "4": EVEN}
    result = judged(connection, schools)
    hidden = hidden_schools(connection)
    assert "1" in hidden
    if district_is_shown(connection):  # the least and most that the difference leaves for the first school
        assert sum(sum(schools[school]) for school in hidden) >= NEEDED
    assert result.attacked.verdict is Verdict.PASS
    assert result.figures == {SCHOOLS: 4, DISTRICT: 1}


def test_the_count_of_staff_stays(connection: duckdb.DuckDBPyConnection) -> None:
    judged(connection, {"1": DOMINATED, "2": EVEN})
    rows = connection.execute(f"select n_staff from {SCHOOLS} order by school_id").fetchall()
    assert rows == [(12,), (12,)]


def test_a_sum_that_stays_shown_is_refused(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transforms.release.hours._hide", lambda *_: None)
    result = judged(connection, {"1": DOMINATED, "2": EVEN})
    assert result.attacked.tables[SCHOOLS] is Verdict.FAIL


def test_staff_of_no_school_are_in_the_sum_of_the_district(connection: duckdb.DuckDBPyConnection) -> None:
    result = judged(connection, {"1": EVEN, "2": EVEN, None: [40.0]})
    assert result.figures == {SCHOOLS: 2, DISTRICT: 1}
    assert not district_is_shown(connection) or hidden_schools(
        connection
    )  # or the one person's hours are told
