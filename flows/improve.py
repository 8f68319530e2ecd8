"""Stage 4c: surveys, indicators, cost and recommendations, written into the candidate."""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path

from expectations.balance_outputs import BALANCE_ESTIMATES
from expectations.connected_outputs import CONNECTED_ESTIMATES
from expectations.contract import Table
from expectations.cost_outputs import COST_ESTIMATES
from expectations.decision_outputs import DECISION_ESTIMATES
from expectations.leadership_outputs import LEADERSHIP_ESTIMATES
from expectations.learning_outputs import LEARNING_ESTIMATES
from expectations.outputs import IMPROVEMENT_ESTIMATES
from expectations.standard_outputs import STANDARD_ESTIMATES
from expectations.survey_outputs import SURVEY_ESTIMATES
from expectations.voice_outputs import VOICE_ESTIMATES
from flows.study_run import StudyRun
from transforms.improvement.improve import compute_improvement
from transforms.improvement.indicators import tables_behind_indicators
from transforms.improvement.settings import ImprovementSettings
from transforms.loading.intake import code_sha256
from transforms.warehouse import Lineage, create_table, insert_rows, open_database

_SURVEYS = ("core.survey", "core.survey_item", "core.survey_response", "core.survey_answer")
# tables that code fills, and what it reads
_READ: tuple[tuple[tuple[Table, ...], tuple[str, ...]], ...] = (
    (SURVEY_ESTIMATES, (*_SURVEYS, "frames.survey_item_score", "frames.survey_score", "frames.staff_year")),
    (VOICE_ESTIMATES, (*_SURVEYS, "frames.survey_score", "core.observation", "estimates.effect")),
    (
        BALANCE_ESTIMATES,
        (
            "frames.staff_activity",
            "core.priority",
            "core.school_priority_rating",
            "frames.survey_score",
            "estimates.school_growth",
        ),
    ),
    (
        LEARNING_ESTIMATES,
        ("frames.survey_score", "frames.staff_activity", "frames.staff_year", "estimates.school_growth"),
    ),
    (
        LEADERSHIP_ESTIMATES,
        ("frames.leadership_pathway", "frames.staff_year", "estimates.teacher_year_growth"),
    ),
    (
        CONNECTED_ESTIMATES,
        ("frames.staff_activity", "core.observation", "core.self_assessment", "core.pd_cost"),
    ),
    (
        COST_ESTIMATES,
        ("core.pd_cost", "frames.staff_activity", "frames.student_teacher_link", "estimates.effect"),
    ),
    (
        DECISION_ESTIMATES,
        ("core.decision", "frames.teacher_year_pd", "estimates.effect", "estimates.cost"),
    ),
    (STANDARD_ESTIMATES, ("estimates.indicator",)),
)


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
    made = [("estimates.indicator", name) for name in tables_behind_indicators()]
    made += [(table.qualified_name, name) for tables, read in _READ for table in tables for name in read]
    return [Lineage(table, name, code_sha256()) for table, name in made]
