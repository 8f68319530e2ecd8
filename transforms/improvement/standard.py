"""Not yet here: this part of the improvement loop."""

from __future__ import annotations

import duckdb

from transforms.improvement.settings import ImprovementSettings


def compute_standard(connection: duckdb.DuckDBPyConnection, settings: ImprovementSettings) -> None:
    """Fill this part's tables."""
