"""Reports made up for the page of changes: what the last one showed, and what this one does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import duckdb

from tests.unit.reporting.made_up_build import BUILD_ID, effects, insert

THEN_ID = "20251120T210000Z-0123ab"
THEN_YEAR, NOW_YEAR = 2024, 2025
Row = Mapping[str, object]


def report(build_id: str = BUILD_ID, year: int = NOW_YEAR, **more: object) -> dict[str, object]:
    """A row of history.report."""
    return {
        "build_id": build_id,
        "report_year": year,
        "study_name": "Riverbend Public Schools",
        "published_at": datetime(2026, 11, 21) if build_id == BUILD_ID else datetime(2025, 11, 20),
        "pdeval_version": "0.1.0",
        "schema_version": "1.2",
        "settings": '{"cost": {"teacher_hourly_cost": 42.0}}',
        "design": "adjusted",
        "contrast": "participated",
        "n_teachers": 800,
        "n_students": 9_000,
        "n_schools": 38,
        "rows_read": 100_000,
        "rows_turned_away": 200,
        **more,
    }


def comparison(sd: float | None, se: float, pd_type: str = "coaching", **more: object) -> dict[str, object]:
    """What a comparison comes to, with an interval of 2 standard errors; None: refused."""
    found = {} if sd is None else {"estimate_sd": sd, "ci_low": sd - 2 * se, "ci_high": sd + 2 * se}
    return {
        "pd_type": pd_type,
        "academic_subject": "mathematics",
        "design": "adjusted",
        "contrast": "participated",
        "df": 30.0,
        "p_value_bh": 0.01,
        "is_struck_out": False,
        **found,
        **more,
    }


def recommendation(pd_type: str, action: str, **more: object) -> dict[str, object]:
    """A row of history.recommendation without its build."""
    return {
        "pd_type": pd_type,
        "action": action,
        "expected_effect_sd": 0.05,
        "ci_low": 0.01,
        "ci_high": 0.09,
        "reasons": f"Reason for {action}.",
        **more,
    }


def indicator(
    name: str, value: float | None, low: float | None = None, high: float | None = None, **more: object
) -> dict[str, object]:
    """A value of the district without its build or year."""
    return {
        "indicator": name,
        "category": "all",
        "idea": "balance",
        "label": name,
        "unit": "share",
        "value": value,
        "ci_low": low,
        "ci_high": high,
        "status": "described",
        **more,
    }


def remember(
    connection: duckdb.DuckDBPyConnection, build_id: str, year: int, tables: Mapping[str, Sequence[Row]]
) -> None:
    """Add rows of one report to history tables, by table name."""
    for table, rows in tables.items():
        named = [{"build_id": build_id, "report_year": year, **row} for row in rows]
        insert(connection, f"history.{table}", named)


def add_reports(
    connection: duckdb.DuckDBPyConnection,
    then: Mapping[str, Sequence[Row]],
    now: Mapping[str, Sequence[Row]],
    report_then: Row | None = None,
    report_now: Row | None = None,
) -> None:
    """Two reports; the comparisons and values of ``now`` are also this build's own."""
    insert(
        connection,
        "history.report",
        [{**report(THEN_ID, THEN_YEAR), **(report_then or {})}, {**report(), **(report_now or {})}],
    )
    remember(connection, THEN_ID, int(str((report_then or {}).get("report_year", THEN_YEAR))), then)
    remember(connection, BUILD_ID, NOW_YEAR, now)
    effects(connection, now.get("comparison", ()))
    insert(
        connection,
        "report.indicator",
        [{"school_year": NOW_YEAR, "is_suppressed": False, **row} for row in now.get("indicator", ())],
    )


def hours(pd_type: str, year: int, amount: float | None, **more: object) -> dict[str, object]:
    """A row of report.pd_reach_district."""
    return {
        "school_year": year,
        "pd_type": pd_type,
        "is_connected": True,
        "hours": amount,
        "n_staff": None if amount is None else 40,
        "n_teachers_reached": None if amount is None else 40,
        "n_teachers": 800,
        "is_suppressed": amount is None,
        **more,
    }


def flow(
    initiated_by: str, pd_type: str, amount: float | None, cost: float | None = None
) -> dict[str, object]:
    """A row of report.pd_flow; without ``amount`` it is hidden."""
    return {
        "school_year": NOW_YEAR,
        "initiated_by": initiated_by,
        "pd_type": pd_type,
        "n_activities": 2,
        "n_staff": None if amount is None else 30,
        "hours": amount,
        "cost": cost,
        "is_suppressed": amount is None,
    }


FLOWS = (
    flow("district", "coaching", 600.0, 30_000.0),
    flow("district", "workshop_single", 300.0, 9_000.0),
    flow("school", "coaching", 200.0, 8_000.0),
    flow("teacher", "conference", 100.0, 5_000.0),
    flow("unknown", "conference", 50.0, 1_000.0),
    flow("teacher", "micro_credential", None),
)


def add_changes(connection: duckdb.DuckDBPyConnection) -> None:
    """A page of changes with every section, and flows of hours and money, on any made-up build."""
    then = {
        "comparison": [comparison(0.02, 0.03), comparison(0.05, 0.02, "workshop_single")],
        "recommendation": [recommendation("coaching", "study"), recommendation("workshop_single", "pause")],
        "indicator": [indicator("mentored", 0.50, 0.45, 0.55), indicator("mandatory", 0.30)],
        "source": [{"entity": "student", "rows_read": 9_000}],
    }
    now = {
        "comparison": [comparison(0.06, 0.02), comparison(0.05, 0.02, "workshop_single")],
        "recommendation": [recommendation("coaching", "scale"), recommendation("workshop_single", "pause")],
        "indicator": [indicator("mentored", 0.70, 0.65, 0.75), indicator("mandatory", 0.20)],
        "source": [{"entity": "student", "rows_read": 9_000}, {"entity": "pd_cost", "rows_read": 40}],
    }
    insert(connection, "history.report", [report(THEN_ID, THEN_YEAR), report(schema_version="1.3")])
    remember(connection, THEN_ID, THEN_YEAR, then)
    remember(connection, BUILD_ID, NOW_YEAR, now)
    insert(
        connection,
        "report.indicator",
        [{"school_year": NOW_YEAR, "is_suppressed": False, **row} for row in now["indicator"]],
    )
    insert(connection, "report.pd_flow", FLOWS)
