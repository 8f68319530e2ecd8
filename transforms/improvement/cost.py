"""What professional development cost, and what growth a unit of money goes with: its table of contents.

The ingredients method of Levin, McEwan, Belfield, Bowden and Shand (2018), *Economic Evaluation in Education:
Cost-Effectiveness and Benefit-Cost Analysis*, third edition.
"""

from __future__ import annotations

import duckdb

from expectations.outputs import OUTPUTS
from transforms.improvement.cost_assumptions import assumption_records
from transforms.improvement.cost_effectiveness import effectiveness_records
from transforms.improvement.cost_indicators import INDICATORS
from transforms.improvement.cost_tables import make_cost_tables
from transforms.improvement.indicators import fill_indicators, missing_sources
from transforms.improvement.settings import ImprovementSettings
from transforms.warehouse import insert_records


def compute_cost(connection: duckdb.DuckDBPyConnection, settings: ImprovementSettings) -> None:
    """Fill the tables of ``COST_ESTIMATES`` and the indicators of the idea ``cost``.

    Reads core.pd_cost, pd_activity, pd_participation, pd_session and student_enrollment, frames.staff_year,
    staff_activity and student_teacher_link, and estimates.effect. Without a source of costs the tables hold
    the attended hours and say that costs are not available.
    """
    no_source = missing_sources(connection, ["pd_cost"])
    insert_records(connection, OUTPUTS["estimates.cost_assumption"], assumption_records(settings.cost))
    make_cost_tables(connection, settings, no_source)
    insert_records(
        connection,
        OUTPUTS["estimates.cost_effectiveness"],
        effectiveness_records(connection, settings, no_source),
    )
    fill_indicators(connection, INDICATORS, settings)
