"""Stages that do next to nothing: order, publishing and records of a run can be tested by themselves."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from expectations.outputs import OUTPUTS
from flows.folders import Warehouse
from flows.publish import publish
from flows.settings import StudySettings, load_settings
from flows.study_run import StudyRun
from transforms.loading.intake import Intake
from transforms.warehouse import create_table, insert_rows, open_database

N_ROWS = 20_000

STUDY = """
[study]
name = "Riverbend"
school_years = [2025]
"""
REQUIRED = ("staff_assignment", "student_enrollment", "pd_activity", "pd_participation", "assessment_result")


def write_study(folder: Path, content: str = "1") -> StudySettings:
    """A study whose whole input is ``input.txt``; every row of its build is the content of that file."""
    folder.mkdir(parents=True, exist_ok=True)
    sources = "".join(f'\n[[source]]\nentity = "{name}"\npath = "input.txt"\n' for name in REQUIRED)
    (folder / "study.toml").write_text(STUDY + sources)
    (folder / "input.txt").write_text(content)
    return load_settings(folder)


@dataclass(frozen=True)
class LightCandidate:
    path: Path
    rows: dict[str, dict[str, int]]


def content_of(settings: StudySettings) -> str:
    return (settings.folder / "input.txt").read_text()


def fingerprint(settings: StudySettings) -> str:
    return hashlib.sha256(content_of(settings).encode()).hexdigest()


def ingest(settings: StudySettings, _warehouse: Warehouse, tell: Callable[[str], None]) -> Intake:
    tell("input.txt")
    return Intake((), fingerprint(settings))


def build(
    settings: StudySettings, warehouse: Warehouse, intake: Intake, build_id: str, _key: bytes, _tell: object
) -> LightCandidate:
    path = warehouse.candidate(build_id)
    connection = open_database(path)
    create_table(connection, OUTPUTS["meta.build"])
    connection.execute(
        "create table content as select ?::int as value from range(?)", [int(content_of(settings)), N_ROWS]
    )
    row = (
        build_id,
        "Riverbend",
        None,
        2025,
        "candidate",
        "2026-01-01",
        None,
        "0",
        "0",
        intake.fingerprint,
        "{}",
        "",
    )
    insert_rows(connection, "meta.build", [row])
    connection.execute("checkpoint")
    connection.close()
    counts = {"read": N_ROWS, "loaded": N_ROWS, "duplicate": 0, "skipped": 0, "quarantined": 0}
    return LightCandidate(path, {"assessment_result": counts})


def validate(_run: StudyRun, _candidate: Path) -> None:
    pass


def estimate(_run: StudyRun, _candidate: Path) -> int:
    return 0


def report(run: StudyRun, _candidate: Path) -> None:
    folder = run.warehouse.report(run.build_id)
    folder.mkdir()
    run.notes.report = folder / "index.html"
    run.notes.report.write_text(f"<p>{content_of(run.settings)}</p>" + "<!-- whole -->")


STAGES = {
    "ingest_sources": ingest,
    "build_candidate": build,
    "validate_candidate": validate,
    "estimate_effects": estimate,
    "estimate_growth": estimate,
    "improve": estimate,
    "write_report": report,
}


def lighten(replace: Callable[[str, object], None]) -> None:
    """Put these stages in the place of the real ones by ``replace`` (dotted name, function)."""
    replace("flows.nightly.intake_fingerprint", fingerprint)
    replace("flows.study_flow.load_engine", lambda: None)
    for name, stage in STAGES.items():
        replace(f"flows.study_flow.{name}", stage)


def run_stages(run: StudyRun) -> None:
    """The stages in order without Prefect."""
    intake = ingest(run.settings, run.warehouse, lambda _detail: None)
    candidate = build(run.settings, run.warehouse, intake, run.build_id, run.key, None)
    run.notes.rows = candidate.rows
    if not run.is_check_only:
        report(run, candidate.path)
        publish(run.warehouse, candidate.path, run.record("published"), run.settings.warehouse.builds_kept)


def published_content(warehouse: Warehouse) -> set[int]:
    """The values of the published build; empty when a part is missing."""
    connection = open_database(warehouse.published, is_read_only=True)
    try:
        rows = connection.execute("select value, count(*) from content group by value").fetchall()
    finally:
        connection.close()
    return {value for value, count in rows if count == N_ROWS}
