"""Stage 4: what the designs find, written into the candidate."""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path

from expectations.design_outputs import DESIGN_ESTIMATES
from expectations.outputs import ESTIMATES, OUTPUTS
from flows.study_run import StudyRun
from transforms.designs.estimate import estimate_designs
from transforms.designs.settings import DesignSettings
from transforms.loading.intake import code_sha256
from transforms.warehouse import Lineage, insert_records, insert_rows, open_database


def estimate_effects(run: StudyRun, candidate: Path) -> int:
    """Fit the designs on the candidate's frames; return how many estimates have a number."""
    connection = open_database(
        candidate, memory_limit=run.settings.warehouse.memory_limit, scratch=run.warehouse.scratch
    )
    try:
        found = estimate_designs(connection, design_settings(run), run.build_id)
        for table, records in found.items():
            insert_records(connection, OUTPUTS[table], records)
        insert_rows(connection, "meta.table_lineage", [astuple(row) for row in _lineage()])
        connection.execute("checkpoint")
    finally:
        connection.close()
    return sum(effect["estimate_sd"] is not None for effect in found.get("estimates.effect", ()))


def _lineage() -> list[Lineage]:
    # what made them is code, not one SQL file: its hash stands for it
    return [
        Lineage(table.qualified_name, f"frames.{name}", code_sha256())
        for table in (*ESTIMATES, *DESIGN_ESTIMATES)
        for name in ("growth_analysis", "teacher_year_exposure", "teacher_year")
    ]


def design_settings(run: StudyRun) -> DesignSettings:
    """The study's ``[model]`` as the designs take it."""
    model = run.settings.model
    return DesignSettings(
        prior_degree=model.prior_degree,
        covariates=model.covariates,
        has_context_means=model.has_context_means,
        has_school_split=model.has_school_split,
    )
