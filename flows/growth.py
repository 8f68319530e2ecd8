"""Stage 4b: growth percentiles, projections and value-added, and what the study's growth cannot tell."""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path

import duckdb

from expectations.growth_outputs import GROWTH_ESTIMATES, GROWTH_REPORT
from flows.problems import Problem, nearest, shown
from flows.settings import StudySettings
from flows.study_run import StudyRun
from sql import render_sql
from transforms.errors import UsageError
from transforms.growth.curves import insert_percentile_curves
from transforms.growth.group_growth import compute_group_growth
from transforms.growth.norms_file import read_norms
from transforms.growth.projections import compute_projections
from transforms.growth.student_percentiles import compute_growth_percentiles
from transforms.loading.intake import code_sha256
from transforms.warehouse import Lineage, create_table, insert_rows, open_database, sql_files

_ASSESSMENTS = "select distinct assessment_id from core.assessment_result order by assessment_id"
# tables that code fills, and what it reads
_READ = {
    "estimates.growth_percentile": ("frames.scored_result", "frames.growth_history"),
    "estimates.norm_group": ("frames.scored_result", "frames.growth_history"),
    "estimates.percentile_knot": ("frames.scored_result",),
    "estimates.percentile_coefficient": ("frames.scored_result", "frames.growth_history"),
    "estimates.growth_projection": (
        "frames.scored_result",
        "frames.growth_history",
        "core.assessment_performance_level",
    ),
    "estimates.value_added_model": ("frames.value_added_analysis",),
    "report.percentile_curve": ("frames.scored_result", "frames.growth_history"),
}


def estimate_growth(run: StudyRun, candidate: Path) -> int:
    """Fill the growth tables of the candidate; return how many students' percentiles there are."""
    settings = run.settings.growth
    norms_file = settings.norms
    stored = read_norms(run.settings.folder / norms_file, norms_file) if norms_file is not None else None
    connection = open_database(
        candidate, memory_limit=run.settings.warehouse.memory_limit, scratch=run.warehouse.scratch
    )
    try:
        _refuse_unknown_assessments(connection, run.settings)
        made_by_sql = {file.qualified_name for file in sql_files("estimates") + sql_files("report")}
        for table in (*GROWTH_ESTIMATES, *GROWTH_REPORT):
            if table.qualified_name not in made_by_sql:
                create_table(connection, table)
        norms = compute_growth_percentiles(
            connection,
            minimum_norm_group=settings.minimum_norm_group,
            baseline_years=settings.baseline_years,
            stored=stored,
        )
        report_year = run.settings.study.report_year
        compute_projections(
            connection,
            norms.paths,
            norms.cohort_norms,
            report_year=report_year,
            projection_years=settings.projection_years,
        )
        insert_percentile_curves(connection, norms.cohort, report_year)
        model = run.settings.model
        lineage = compute_group_growth(
            connection, prior_degree=model.prior_degree, covariates=model.covariates
        )
        insert_rows(connection, "meta.table_lineage", [astuple(row) for row in (*_lineage(), *lineage)])
        connection.execute(
            render_sql("growth/no_percentiles.sql"), {"minimum_norm_group": settings.minimum_norm_group}
        )
        linked = {"link_from": [link.from_assessment for link in settings.frames.links]}
        connection.execute(render_sql("growth/not_linked.sql"), linked)
        connection.execute("checkpoint")
        return int(connection.table("estimates.growth_percentile").aggregate("count(*)").fetchall()[0][0])
    finally:
        connection.close()


def _refuse_unknown_assessments(connection: duckdb.DuckDBPyConnection, settings: StudySettings) -> None:
    """UsageError where a link names an assessment without results, with the nearest that has some."""
    known = [row[0] for row in connection.execute(_ASSESSMENTS).fetchall()]
    for number, link in enumerate(settings.growth.link):
        for key in ("from_assessment", "to_assessment"):
            name = getattr(link, key)
            if name not in known:
                problem = Problem(
                    ("growth", "link", number, key), f"{shown(name)} has no result{nearest(name, known)}"
                )
                raise UsageError(f"{settings.folder / 'study.toml'}: {problem.place}: {problem.text}")


def _lineage() -> list[Lineage]:
    return [Lineage(table, read, code_sha256()) for table, reads in _READ.items() for read in reads]
