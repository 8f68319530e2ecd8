"""A school system that learns: four drivers, how they go with growth, how practices spread over schools."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from expectations.outputs import OUTPUTS
from sql import render_sql
from transforms.improvement import learning_indicators as indicators
from transforms.improvement.adoption import AdoptionRule, fill_adoption, read_school_years
from transforms.improvement.adoption_spread import adoption_spread
from transforms.improvement.climate_growth import climate_growth, read_gains
from transforms.improvement.driver_cells import DRIVERS, drivers_with_other_questions, read_cells
from transforms.improvement.driver_changes import driver_changes
from transforms.improvement.driver_gaps import driver_gaps
from transforms.improvement.driver_scores import driver_scores
from transforms.improvement.indicators import (
    Indicator,
    fill_indicators,
    insert_indicator_rows,
    missing_sources,
)
from transforms.improvement.neighbours import fill_network, read_ties
from transforms.improvement.settings import ImprovementSettings
from transforms.warehouse import insert_records

Record = dict[str, object]


def compute_learning_system(connection: duckdb.DuckDBPyConnection, settings: ImprovementSettings) -> None:
    """Fill estimates.driver_score, driver_gap, driver_change, climate_growth, school_adoption, adoption,
    school_network and adoption_spread, and the indicators of idea ``learning_system``.

    Reads core, frames and estimates.school_growth.
    """
    levels = school_levels(connection)
    _climate(connection, settings, levels)
    _spread(connection, settings, levels, AdoptionRule())


def school_levels(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Level of each school that has one."""
    rows = connection.execute(
        "select school_id, school_level from core.school where school_level is not null"
    )
    return dict(rows.fetchall())


def _climate(
    connection: duckdb.DuckDBPyConnection, settings: ImprovementSettings, levels: dict[str, str]
) -> None:
    cells = read_cells(connection)
    scores, gaps = driver_scores(cells), driver_gaps(cells)
    changes = driver_changes(cells, drivers_with_other_questions(connection))
    _insert(connection, "driver_score", [score.record for score in scores])
    _insert(connection, "driver_gap", gaps)
    _insert(connection, "driver_change", changes)
    _insert(connection, "climate_growth", climate_growth(cells, read_gains(connection)))
    for driver, indicator in zip(DRIVERS, indicators.DRIVER_INDICATORS, strict=True):
        _indicate(connection, indicator, settings, indicators.driver_rows(driver, scores, levels))
    _indicate(connection, indicators.GAP, settings, indicators.gap_rows(gaps))
    _indicate(connection, indicators.CHANGE, settings, indicators.change_rows(changes, settings.report_year))


def _spread(
    connection: duckdb.DuckDBPyConnection,
    settings: ImprovementSettings,
    levels: dict[str, str],
    rule: AdoptionRule,
) -> None:
    fill_adoption(connection, rule)
    fill_network(connection)
    missing = missing_sources(connection, ("staff_assignment",))
    spread = adoption_spread(
        read_school_years(connection), read_ties(connection), levels, settings.seed, missing
    )
    connected = dict(connection.execute("select pd_type, is_connected from core.pd_type").fetchall())
    hours = dict(connection.execute(render_sql("improvement/median_hours.sql")).fetchall())
    for row in spread:
        row |= {"is_connected": connected.get(row["pd_type"]), "median_hours": hours.get(row["pd_type"])}
    _insert(connection, "adoption_spread", spread)
    cursor = connection.execute(
        "select pd_type, school_year, n_schools, n_adopted, share from estimates.adoption order by all"
    )
    names = [column[0] for column in cursor.description or ()]
    by_year = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    _indicate(connection, indicators.reached_indicator(rule), settings, indicators.reached_rows(by_year))


def _insert(connection: duckdb.DuckDBPyConnection, table: str, records: Sequence[Record]) -> None:
    insert_records(connection, OUTPUTS[f"estimates.{table}"], records)


def _indicate(
    connection: duckdb.DuckDBPyConnection,
    indicator: Indicator,
    settings: ImprovementSettings,
    records: Sequence[Record],
) -> None:
    fill_indicators(connection, [indicator], settings)
    reason = missing_sources(connection, indicator.sources)
    insert_indicator_rows(connection, indicator, settings, [] if reason else records, reason)
