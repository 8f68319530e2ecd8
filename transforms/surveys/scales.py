"""Not yet here: this part of the surveys."""

from __future__ import annotations

import duckdb

from transforms.improvement.settings import ImprovementSettings


def compute_scales(connection: duckdb.DuckDBPyConnection, settings: ImprovementSettings) -> None:
    """Fill this part's tables."""
