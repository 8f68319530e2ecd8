"""The study as a Prefect flow: read ``nightly`` as the table of contents.

Stages hand paths and small facts to each other; rows stay in the database. The run itself, with its
settings and key, reaches the tasks through ``CURRENT_RUN``: parameters are stored by Prefect.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from prefect import Task, flow
from prefect import task as prefect_task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE

from flows.build import build_candidate
from flows.estimate import estimate_effects
from flows.growth import estimate_growth
from flows.improve import improve
from flows.ingest import ingest_sources
from flows.publish import publish
from flows.report import write_report
from flows.run_summary import run_summary
from flows.study_run import StudyRun
from flows.validate import load_engine, validate_candidate
from transforms.loading.intake import Intake

__all__ = ["CURRENT_RUN", "load_engine", "nightly"]

CURRENT_RUN: ContextVar[StudyRun] = ContextVar("CURRENT_RUN")

# A share that is away for a moment comes back; a file that is not there does not.
RETRY_SECONDS = [5, 30]
LASTING_ERRORS = (FileNotFoundError, IsADirectoryError, NotADirectoryError, PermissionError)


def is_passing(_task: object, _task_run: object, state: Any) -> bool:
    """Whether a stage failed for a reason that may pass by itself: reading or writing, nothing else."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, OSError) and not isinstance(error, LASTING_ERRORS)


RETRIED: dict[str, Any] = {
    "retries": len(RETRY_SECONDS),
    "retry_delay_seconds": RETRY_SECONDS,
    "retry_condition_fn": is_passing,
}
P = ParamSpec("P")
R = TypeVar("R")


def stage(title: str, **options: Any) -> Callable[[Callable[P, R]], Task[P, R]]:
    """Make a function a task whose runs are called ``title`` with the study's name."""

    def run_name() -> str:
        return f"{title}, {CURRENT_RUN.get().settings.study.name}"

    return prefect_task(task_run_name=run_name, cache_policy=NO_CACHE, persist_result=False, **options)


@flow(name="nightly", flow_run_name="{study_name} {build_id}", persist_result=False)
def nightly(study_name: str, build_id: str, is_check_only: bool) -> None:
    """Everything that happens to a study in a night, in order."""
    intake = ingest()
    candidate = build(intake)
    validate(candidate)
    if not is_check_only:
        estimate(candidate)
        grow(candidate)
        look_for_change(candidate)
        report(candidate)
    summarise()
    if not is_check_only:
        publish_build(candidate)


@stage("land the source files", **RETRIED)
def ingest() -> Intake:
    """Land what is new."""
    run = CURRENT_RUN.get()
    with run.stage("ingest") as tell:
        return ingest_sources(run.settings, run.warehouse, tell)


@stage("build core and frames")
def build(intake: Intake) -> Path:
    """Make the candidate database."""
    run = CURRENT_RUN.get()
    with run.stage("build") as tell:
        candidate = build_candidate(run.settings, run.warehouse, intake, run.build_id, run.key, tell)
    run.notes.rows = candidate.rows
    return candidate.path


@stage("check the candidate")
def validate(candidate: Path) -> None:
    """Stop here what must not be published."""
    run = CURRENT_RUN.get()
    with run.stage("validate"):
        validate_candidate(run, candidate)


@stage("estimate effects")
def estimate(candidate: Path) -> int:
    """Fit the models."""
    run = CURRENT_RUN.get()
    with run.stage("estimate"):
        return estimate_effects(run, candidate)


@stage("place student growth")
def grow(candidate: Path) -> int:
    """Compute growth percentiles and value-added."""
    run = CURRENT_RUN.get()
    with run.stage("growth"):
        return estimate_growth(run, candidate)


@stage("look for what to change")
def look_for_change(candidate: Path) -> int:
    """Compute surveys, indicators, cost and recommendations."""
    run = CURRENT_RUN.get()
    with run.stage("improve"):
        return improve(run, candidate)


@stage("write the report")
def report(candidate: Path) -> None:
    """Make the report and its tables."""
    run = CURRENT_RUN.get()
    with run.stage("report"):
        write_report(run, candidate)


@stage("summarise")
def summarise() -> None:
    """Leave the summary as an artifact on the flow's page."""
    run = CURRENT_RUN.get()
    text = run_summary(run.settings.study.name, run.build_id, run.notes)
    create_markdown_artifact(text, key="study-run", description=run.settings.study.name)


@stage("publish the build")
def publish_build(candidate: Path) -> None:
    """Replace the published build by this one."""
    run = CURRENT_RUN.get()
    with run.stage("publish"):
        publish(run.warehouse, candidate, run.record("published"), run.settings.warehouse.builds_kept)
