"""What the report may read."""

from __future__ import annotations

import sqlglot
from sqlglot import exp

from tests.unit.reporting.made_up_build import BUILD_ID
from tests.unit.reporting.made_up_district import district_build
from transforms.reporting import growth_view, view

ALLOWED = {"core.pd_activity", "estimates.effect", "estimates.norm_group", "estimates.variance_component"}


def tables_read() -> set[str]:
    constants = {**vars(view), **vars(growth_view)}
    queries = [value for name, value in constants.items() if name.isupper() and isinstance(value, str)]
    assert len(queries) == 13 + 6
    found = [
        table for query in queries for table in sqlglot.parse_one(query, dialect="duckdb").find_all(exp.Table)
    ]
    return {f"{table.db}.{table.name}" for table in found if table.db}


def test_the_report_reads_only_aggregates_and_titles_of_activities() -> None:
    beyond = {name for name in tables_read() - ALLOWED if not name.startswith(("report.", "meta."))}
    assert beyond == set()


def test_reach_and_growth_by_school_are_those_of_the_report_year() -> None:
    connection = district_build(["Alder Creek"])
    connection.execute(
        "insert into report.pd_reach select * replace (2024 as school_year) from report.pd_reach"
    )
    report = view.read_report(connection, BUILD_ID)
    assert {row.school_year for row in report.reach} == {2025}
    assert {row.school_year for row in report.district_reach} == {2023, 2024, 2025}
