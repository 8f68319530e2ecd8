"""The stages of a run without Prefect, the gate and the report: from source files to estimates."""

from __future__ import annotations

from pathlib import Path

import duckdb

from flows.build import build_candidate
from flows.estimate import estimate_effects
from flows.folders import Warehouse, prepare_folders
from flows.ingest import ingest_sources
from flows.publish import publish
from flows.settings import load_settings
from flows.study_run import StudyRun
from tests.unit.designs.growth_frames import regressed
from transforms.designs.effect import Effect
from transforms.designs.settings import DesignSettings
from transforms.warehouse import open_database

KEY = b"k" * 32


def built(study: Path, data_folder: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Ingest and build a study; return a read-only connection to the candidate."""
    settings = load_settings(study, data_folder)
    warehouse = Warehouse(settings.warehouse_folder)
    prepare_folders(warehouse)
    intake = ingest_sources(settings, warehouse, lambda _detail: None)
    candidate = build_candidate(settings, warehouse, intake, "b1", KEY, lambda _detail: None)
    return open_database(candidate.path, is_read_only=True)


def load_and_publish(run: StudyRun) -> None:
    """In place of the flow: the stages that read persons, and publishing; no gate, no estimates, no page."""
    _publish(run, _loaded(run))


def estimate_and_publish(run: StudyRun) -> None:
    """In place of the flow: the stages up to the effects, and publishing; no gate and no page."""
    candidate = _loaded(run)
    estimate_effects(run, candidate)
    _publish(run, candidate)


def _loaded(run: StudyRun) -> Path:
    with run.stage("ingest") as tell:
        intake = ingest_sources(run.settings, run.warehouse, tell)
    with run.stage("build") as tell:
        candidate = build_candidate(run.settings, run.warehouse, intake, run.build_id, run.key, tell)
    run.notes.rows = candidate.rows
    return candidate.path


def _publish(run: StudyRun, candidate: Path) -> None:
    run.warehouse.report(run.build_id).mkdir()
    publish(run.warehouse, candidate, run.record("published"), run.settings.warehouse.builds_kept)


def estimated(
    study: Path, settings: DesignSettings, data_folder: Path | None = None, design: str = "adjusted"
) -> dict[tuple[str, str, str], Effect]:
    """Effects of a study by PD type, academic subject and contrast."""
    connection = built(study, data_folder)
    try:
        effects, _ = regressed(connection, settings, design)
    finally:
        connection.close()
    return {(row.pd_type, row.academic_subject, row.contrast): row for row in effects}
