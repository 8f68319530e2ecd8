"""Hours of which one person has most are not to be read from a school's sum, nor from the district's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import duckdb
import pytest

from flows.report import REPORT_PARAMETERS
from tests.unit.reporting.made_up_build import empty_build, insert
from transforms.disclosure import MagnitudeRule, Verdict
from transforms.release.control import Released, make_released_tables
from transforms.release.counts import REPORT_COUNTS
from transforms.release.earlier import LastRelease
from transforms.release.hours import DISTRICT, SCHOOLS, JudgedHours, hide_and_judge_hours
from transforms.warehouse import sql_files

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


REPORT_TABLES = {SCHOOLS, DISTRICT, "report.school_reach", "report.pd_type_profile", "report.cost"}


def released(schools: Mapping[str, Sequence[float]]) -> tuple[duckdb.DuckDBPyConnection, Released]:
    """A report of reach and cost; all staff are teachers, of 40 in each school."""
    build = empty_build()
    for school, hours in schools.items():
        row = {"school_year": 2025, "school_id": school}
        staff = [{**row, "staff_id": f"{school} {i}"} for i in range(40)]
        insert(build, "frames.teacher_year", staff)
        given = [
            {**one, "pd_type": "coaching", "is_connected": True, "hours": h, "n_participations": 1}
            for one, h in zip(staff, hours, strict=False)
        ]
        insert(build, "frames.teacher_year_pd", given)
    total = sum(sum(hours) for hours in schools.values())
    people = sum(len(hours) for hours in schools.values())
    cost = {
        "period": "report_year",
        "school_year": 2025,
        "pd_type": "coaching",
        "n_activities": 1,
        "currency": "$",
    }
    sums = {"n_participants": people, "hours": total, "total_cost": 50 * total, "source_cost": 50 * total}
    insert(build, "estimates.cost", [{**cost, **sums}])
    files = [file for file in sql_files("report") if file.qualified_name in REPORT_TABLES]
    for file in files:
        build.execute(f"drop table {file.qualified_name}")
    return build, make_released_tables(build, files, REPORT_PARAMETERS, REPORT_COUNTS, LastRelease())


def test_the_report_hides_hours_that_two_have_with_the_means_that_tell_them() -> None:
    build, result = released({"1": DOMINATED, "2": EVEN, "3": EVEN})
    rows = build.execute(f"select school_id, n_staff, hours from {SCHOOLS} order by 1").fetchall()
    means = build.execute(
        "select school_id from report.school_reach where hours_per_participant is not null"
    ).fetchall()
    build.close()
    assert rows[0] == ("1", None, None)
    assert ("1",) not in means
    assert {one.verdict for one in result.verdicts if one.table_name in {SCHOOLS, DISTRICT}} == {"pass"}


def test_money_of_hours_that_two_have_is_hidden_with_them() -> None:
    build, _ = released({"1": DOMINATED})
    assert build.execute(f"select hours from {DISTRICT}").fetchall() == [(None,)]
    assert build.execute("select hours, total_cost from report.cost").fetchall() == [(None, None)]
    build.close()


def test_the_report_shows_hours_that_nobody_dominates() -> None:
    build, _ = released({"1": EVEN, "2": EVEN})
    assert build.execute(f"select hours from {SCHOOLS}").fetchall() == [(120.0,), (120.0,)]
    assert build.execute("select hours, total_cost from report.cost").fetchall() == [(240.0, 12000.0)]
    build.close()
