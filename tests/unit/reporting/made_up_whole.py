"""A made-up district with rows behind every page: what builders of single pages make, in one build."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from tests.unit.reporting import (
    test_balance_page,
    test_chain_page,
    test_connected_page,
    test_cost_page,
    test_decisions_page,
    test_leadership_page,
    test_learning_page,
    test_standard_page,
    test_surveys_page,
)
from tests.unit.reporting.made_up_build import insert
from tests.unit.reporting.made_up_costs import equity, ingredients, opportunity
from tests.unit.reporting.made_up_district import district_build
from tests.unit.reporting.made_up_evidence import add_evidence
from tests.unit.reporting.made_up_growth import add_growth
from tests.unit.reporting.made_up_history import add_changes
from tests.unit.reporting.made_up_kinds import add_profiles
from tests.unit.reporting.made_up_school import school_build

SCHOOLS = (
    "Alder Creek",
    "Dr. Martin Luther King Junior Memorial Elementary School",
    "<b>Cedar</b> & Sons",
    "Donaudampfschifffahrtsgesellschaftskapitänsschule",
    *(f"School {number:02} of the district" for number in range(16)),
)


def whole_build(school_names: Sequence[str] = SCHOOLS) -> duckdb.DuckDBPyConnection:
    """A district whose site has every page, each with its pictures, tables and things that stand out."""
    connection = district_build(school_names)
    add_growth(connection, school_names)
    add_evidence(connection)
    test_balance_page.fill(connection)
    for table, rows in (*test_leadership_page.whole_tables().items(), *test_standard_page.WHOLE.items()):
        insert(connection, table, rows)
    for table, rows in test_learning_page.whole_tables().items():
        insert(connection, f"report.{table}", rows)
    test_connected_page.fill(connection, test_connected_page.FULL)
    add_profiles(connection)
    for other in (
        test_chain_page.build_of(),
        test_decisions_page._build(),
        test_surveys_page.district(),
        school_build(),
        _costs(),
    ):
        _take_over(connection, other)
        other.close()
    add_changes(connection)
    return connection


def _costs() -> duckdb.DuckDBPyConnection:
    connection = test_cost_page.cost_build(ratios=[test_cost_page.CLEAR, test_cost_page.UNCLEAR])
    gap = {
        "pd_activity_id": "A9",
        "school_year": 2025,
        "title": "Lesson study",
        "pd_type": "collaborative_planning",
        "status": "hours_without_cost",
        "is_suppressed": False,
    }
    rate = {"assumption": "teacher hour", "value": "$42", "origin": "study.toml", "meaning": "Time listed"}
    for table, rows in {
        "cost_ingredient": ingredients(
            "all", {("Trainers", "facilitator"): 0.7, ("time", "teacher_time"): 0.3}
        ),
        "cost_equity": [
            *(equity("school", name, 900.0 + 300 * place) for place, name in enumerate(SCHOOLS[:4])),
            *(equity("poverty_third", third, 1_000.0) for third in ("lowest", "middle", "highest")),
        ],
        "cost_opportunity": [opportunity(listed_hours=250.0, time_hours=750.0)],
        "cost_gap": [gap],
        "cost_assumption": [rate],
    }.items():
        insert(connection, f"report.{table}", rows)
    return connection


def _take_over(connection: duckdb.DuckDBPyConnection, other: duckdb.DuckDBPyConnection) -> None:
    """Add the rows of another made-up build but for the row of the build itself."""
    tables = other.execute(
        "select schema_name || '.' || table_name from duckdb_tables() where table_name <> 'build'"
    ).fetchall()
    for (table,) in tables:
        rows = other.execute(f"select * from {table}")
        names = [column[0] for column in rows.description]
        insert(connection, table, [dict(zip(names, row, strict=True)) for row in rows.fetchall()])


def tables_without_rows(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Tables of the schema report that hold nothing."""
    tables = connection.execute(
        "select 'report.' || table_name from duckdb_tables() where schema_name = 'report' order by all"
    ).fetchall()
    return [
        name for (name,) in tables if connection.execute(f"select 1 from {name} limit 1").fetchone() is None
    ]
