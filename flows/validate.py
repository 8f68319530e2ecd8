"""Stage 3: the gate between candidate and published."""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path

from expectations.contract import PD_TYPES
from expectations.entities import ENTITIES
from expectations.gate import GateOutcome, run_gate
from expectations.growth_outputs import GROWTH_FRAMES
from expectations.outputs import FRAMES
from expectations.rules import Rule, rules_for
from flows.settings import StudySettings
from flows.study_run import StudyRun
from transforms.errors import ValidationBlockedError
from transforms.loading.rejections import rejection_lines
from transforms.reporting.site import render_validation_page
from transforms.warehouse import insert_rows, open_database


def validate_candidate(run: StudyRun, candidate: Path) -> GateOutcome:
    """Run the gate on a closed candidate, write the results into it and note warnings and reasons.

    ValidationBlockedError when a critical rule failed, with the first reason; before that the page of
    all checks is written. RuntimeError when a rule could not be checked: that is no fault of the data.
    """
    settings = run.settings
    outcome = run_gate(
        candidate,
        gate_rules(settings),
        run.warehouse.scratch,
        memory_limit=settings.warehouse.memory_limit,
    )
    run.notes.warnings.extend(outcome.warnings)
    run.notes.reasons.extend(outcome.blocking)
    if outcome.is_blocked and not outcome.has_errors:
        run.notes.reasons.extend(_rejections(run, candidate))
    if outcome.is_blocked or run.is_check_only:
        page = run.warehouse.report(run.build_id) / "validation.html"
        run.notes.report = render_validation_page(settings.study.name, run.build_id, outcome.results, page)
    if outcome.has_errors:
        raise RuntimeError(_refusal(outcome, run.build_id))
    if outcome.is_blocked:
        raise ValidationBlockedError(_refusal(outcome, run.build_id))
    _record_results(run, candidate, outcome)
    return outcome


def load_engine() -> None:
    """Import Great Expectations: seconds of work that fit into the wait for another process."""
    import expectations.suites  # noqa: F401


def gate_rules(settings: StudySettings) -> tuple[Rule, ...]:
    """The rules of this study: those of the contract, with the study's own PD types, years and thresholds."""
    return rules_for(
        (*ENTITIES.values(), *FRAMES, *GROWTH_FRAMES),
        added_values={"pd_type": tuple(name for name in settings.pd_types if name not in PD_TYPES)},
        school_years=settings.study.school_years,
        quarantined_share=settings.gate.quarantined_share,
        quarantined_share_by_entity=settings.gate.quarantined_share_by_entity,
    )


def _refusal(outcome: GateOutcome, build_id: str) -> str:
    first, *others = outcome.blocking
    more = f"and {len(others)} more, " if others else ""
    return f"{first}; {more}see reports/{build_id}/validation.html"


def _rejections(run: StudyRun, candidate: Path) -> tuple[str, ...]:
    connection = open_database(candidate, is_read_only=True, scratch=run.warehouse.scratch)
    try:
        return rejection_lines(connection)
    finally:
        connection.close()


def _record_results(run: StudyRun, candidate: Path, outcome: GateOutcome) -> None:
    connection = open_database(
        candidate, memory_limit=run.settings.warehouse.memory_limit, scratch=run.warehouse.scratch
    )
    try:
        insert_rows(connection, "meta.validation_result", [astuple(result) for result in outcome.results])
        connection.execute("checkpoint")
    finally:
        connection.close()
