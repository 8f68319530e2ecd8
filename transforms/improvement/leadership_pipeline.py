"""The leadership pipeline: its table of contents.

From being identified to being placed on three pathways, staying in role, who is ready to follow a principal, who
gets on the pathway, and growth around a change of principal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import duckdb

from expectations.outputs import OUTPUTS
from transforms.improvement import leadership_indicators as indicators
from transforms.improvement.indicators import (
    Indicator,
    fill_indicators,
    insert_indicator_rows,
    missing_sources,
)
from transforms.improvement.leader_change import leader_changes
from transforms.improvement.leadership_access import access_of_window
from transforms.improvement.leadership_processes import (
    closing_day,
    last_event_day,
    make_leadership_views,
    pathway_years,
    read_processes,
    read_spells,
)
from transforms.improvement.leadership_steps import Step, steps_of_year
from transforms.improvement.leadership_survival import (
    Observed,
    curve_records,
    horizon_records,
    median_record,
    observe_processes,
    observe_spells,
)
from transforms.improvement.placement_model import placement_models
from transforms.improvement.settings import ImprovementSettings
from transforms.warehouse import insert_records

Record = dict[str, object]


def compute_leadership_pipeline(connection: duckdb.DuckDBPyConnection, settings: ImprovementSettings) -> None:
    """Fill the tables of ``LEADERSHIP_ESTIMATES`` and the indicators of idea ``leadership_pipeline``.

    What needs a source that is missing stays empty; its indicator says which.
    """
    make_leadership_views(connection)
    steps, pathways = _compute_pathways(connection, settings.report_year)
    roles = list(observe_spells(read_spells(connection), settings.report_year))
    horizons, medians = _insert_survival(connection, [*pathways, *roles], settings.report_year)
    access = _compute_access(connection, settings.report_year)
    connection.execute("insert into estimates.school_successor by name from school_successor")
    _insert(connection, "leader_change", leader_changes(connection))
    fill_indicators(connection, indicators.INDICATORS, settings, indicators.PARAMETERS)
    for indicator, rows in (
        (indicators.CONVERSION, indicators.conversion_rows(steps)),
        (indicators.CONVERSION_IN_TIME, indicators.in_time_rows(steps)),
        (indicators.TIME_TO_PLACEMENT, indicators.median_rows(medians)),
        (indicators.RETENTION, indicators.retention_rows(horizons)),
        (indicators.ACCESS, indicators.access_rows(access)),
    ):
        _insert_indicator(connection, indicator, settings, rows)


def _compute_pathways(
    connection: duckdb.DuckDBPyConnection, report_year: int
) -> tuple[list[Step], list[Observed]]:
    """Steps and waiting times of every year, and the placement model of the report year."""
    last_event = last_event_day(connection)
    years = pathway_years(connection, report_year)
    if last_event is None or not years:
        return [], []
    processes = read_processes(connection)
    staff_years = _staff_years(connection)
    steps = [
        step for year in years for step in steps_of_year(processes, year, last_event, staff_years)
    ]
    _insert(connection, "leadership_step", [step.record for step in steps])
    models = placement_models(connection, closing_day(report_year, last_event))
    _insert(connection, "survival_model", models)
    return steps, list(observe_processes(processes, years, last_event))


def _staff_years(connection: duckdb.DuckDBPyConnection) -> tuple[int, ...]:
    rows = connection.execute("select distinct school_year from frames.staff_year").fetchall()
    return tuple(int(year) for (year,) in rows)


def _insert_survival(
    connection: duckdb.DuckDBPyConnection, observed: Sequence[Observed], report_year: int
) -> tuple[list[Record], list[Record]]:
    horizons = [row for one in observed for row in horizon_records(one)]
    medians = [median_record(one) for one in observed]
    curves = [row for one in observed if one.school_year == report_year for row in curve_records(one)]
    _insert(connection, "survival_horizon", horizons)
    _insert(connection, "survival_median", medians)
    _insert(connection, "survival_curve", curves)
    return horizons, medians


def _compute_access(connection: duckdb.DuckDBPyConnection, report_year: int) -> list[Record]:
    years = pathway_years(connection, report_year)
    access = [row for year in years for row in access_of_window(connection, year, years[0])]
    _insert(connection, "leadership_access", access)
    return access


def _insert(connection: duckdb.DuckDBPyConnection, name: str, records: Iterable[Record]) -> None:
    insert_records(connection, OUTPUTS[f"estimates.{name}"], list(records))


def _insert_indicator(
    connection: duckdb.DuckDBPyConnection,
    indicator: Indicator,
    settings: ImprovementSettings,
    rows: Sequence[Mapping[str, object]],
) -> None:
    reason = missing_sources(connection, indicator.sources)
    insert_indicator_rows(connection, indicator, settings, [] if reason else rows, reason)
