"""Connected professional learning: indicators, and self-assessments beside the records."""

from __future__ import annotations

import duckdb

from transforms.improvement.connected_indicators import fill_connected_indicators
from transforms.improvement.settings import ImprovementSettings


def compute_connected_learning(connection: duckdb.DuckDBPyConnection, settings: ImprovementSettings) -> None:
    """Fill the indicators of connected professional learning."""
    fill_connected_indicators(connection, settings)
