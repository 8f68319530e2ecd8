"""Stage 4: what the models find, written into the candidate."""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path

from expectations.outputs import ESTIMATES
from flows.study_run import StudyRun
from transforms.designs.adjusted import AdjustedSettings, estimate_adjusted
from transforms.loading.intake import code_sha256
from transforms.warehouse import Lineage, insert_rows, open_database


def estimate_effects(run: StudyRun, candidate: Path) -> int:
    """Fit the study's design on the candidate's frames; return how many estimates have a number."""
    connection = open_database(
        candidate, memory_limit=run.settings.warehouse.memory_limit, scratch=run.warehouse.scratch
    )
    try:
        effects, components = estimate_adjusted(connection, adjusted_settings(run), run.build_id)
        insert_rows(connection, "estimates.effect", [astuple(effect) for effect in effects])
        insert_rows(connection, "estimates.variance_component", [astuple(each) for each in components])
        insert_rows(connection, "meta.table_lineage", [astuple(row) for row in _lineage()])
        connection.execute("checkpoint")
    finally:
        connection.close()
    return sum(effect.estimate_sd is not None for effect in effects)


def _lineage() -> list[Lineage]:
    # what made them is code, not one SQL file: its hash stands for it
    return [
        Lineage(table.qualified_name, f"frames.{name}", code_sha256())
        for table in ESTIMATES
        for name in ("growth_analysis", "teacher_year_exposure")
    ]


def adjusted_settings(run: StudyRun) -> AdjustedSettings:
    """The study's ``[model]`` as the design takes it."""
    model = run.settings.model
    return AdjustedSettings(
        prior_degree=model.prior_degree,
        covariates=model.covariates,
        has_context_means=model.has_context_means,
        has_school_split=model.has_school_split,
    )
