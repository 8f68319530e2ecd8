"""The improvement loop from frames and estimates to recommendations: its table of contents."""

from __future__ import annotations

import duckdb

from sql import render_sql
from transforms.designs.main_design import make_main_effects
from transforms.improvement.balance import compute_balance
from transforms.improvement.connected_learning import compute_connected_learning
from transforms.improvement.cost import compute_cost
from transforms.improvement.intervals import make_interval_macros
from transforms.improvement.leadership_pipeline import compute_leadership_pipeline
from transforms.improvement.learning_system import compute_learning_system
from transforms.improvement.recommendations import compute_recommendations
from transforms.improvement.settings import ImprovementSettings
from transforms.improvement.standard import compute_standard
from transforms.surveys.scales import compute_scales
from transforms.surveys.voice import compute_voice

# In order: a later one may read the tables of an earlier one.
PARTS = (
    compute_scales,
    compute_voice,
    compute_balance,
    compute_learning_system,
    compute_leadership_pipeline,
    compute_connected_learning,
    compute_cost,
    compute_recommendations,
    compute_standard,
)


def compute_improvement(connection: duckdb.DuckDBPyConnection, settings: ImprovementSettings) -> None:
    """Fill every table of ``IMPROVEMENT_ESTIMATES``; they have to be there, empty.

    Reads core, frames, estimates and meta of a candidate whose effects and growth are estimated.
    """
    make_interval_macros(connection)
    make_places(connection)
    make_main_effects(connection)
    for compute in PARTS:
        compute(connection, settings)


def make_places(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary views ``placed_*``: each row for the district and for its school."""
    for name in ("placed_activity", "placed_staff", "placed_teacher_hours"):
        query = render_sql(f"improvement/{name}.sql")
        connection.execute(f"create or replace temp view {name} as {query}")
