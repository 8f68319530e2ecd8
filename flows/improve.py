"""Stage 4c: surveys, indicators, cost and recommendations, written into the candidate."""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path

from expectations.outputs import IMPROVEMENT_ESTIMATES
from flows.study_run import StudyRun
from transforms.improvement.improve import compute_improvement
from transforms.improvement.indicators import tables_behind_indicators
from transforms.improvement.settings import ImprovementSettings
from transforms.loading.intake import code_sha256
from transforms.warehouse import Lineage, create_table, insert_rows, open_database


def improve(run: StudyRun, candidate: Path) -> int:
    """Fill the tables of the improvement loop; return how many indicators have a value."""
    connection = open_database(
        candidate, memory_limit=run.settings.warehouse.memory_limit, scratch=run.warehouse.scratch
    )
    try:
        for table in IMPROVEMENT_ESTIMATES:
            create_table(connection, table)
        compute_improvement(connection, improvement_settings(run))
        insert_rows(connection, "meta.table_lineage", [astuple(row) for row in _lineage()])
        connection.execute("checkpoint")
        counted = connection.execute(
            "select count(distinct indicator) from estimates.indicator where value is not null"
        ).fetchall()
        return int(counted[0][0])
    finally:
        connection.close()


def improvement_settings(run: StudyRun) -> ImprovementSettings:
    """What the improvement loop takes from the study."""
    return ImprovementSettings(
        report_year=run.settings.study.report_year,
        landing=run.warehouse.landing,
        cost=run.settings.cost.as_settings(),
        recommendation=run.settings.recommendation.rules_in_use,
    )


def _lineage() -> list[Lineage]:
    return [Lineage("estimates.indicator", name, code_sha256()) for name in tables_behind_indicators()]
