"""One night of a study: is there anything to do, then the flow, and a record of what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flows.discretion import make_discreet
from flows.folders import Warehouse, prepare_folders, private_files, share_report
from flows.ingest import intake_fingerprint
from flows.lock import is_running
from flows.orchestration import orchestrated
from flows.pins import read_pins
from flows.pseudonym_key import key_id, pseudonym_key
from flows.publish import clean_leftovers, new_build_id, prune, read_records, run_lock
from flows.recommendation_problems import rule_warnings
from flows.records import (
    BuildRecord,
    State,
    last_published,
    read_record,
    time_of_build_id,
    utc_text,
    write_record,
)
from flows.settings import StudySettings
from flows.study_run import RunNotes, StudyRun
from transforms.errors import PdevalError, UsageError

# What the record says until the run has come to an end of its own.
KILLED = "the run ended without a word: it was killed, or the machine stopped"


@dataclass(frozen=True)
class RunOutcome:
    """The record of a run that came to its end, and the exit code of the command."""

    record: BuildRecord
    exit_code: int = 0


def run_study(
    settings: StudySettings,
    *,
    is_check_only: bool = False,
    is_forced: bool = False,
    report_progress: Callable[[str, str], None] = lambda _stage, _detail: None,
) -> RunOutcome:
    """Run a study up to its publishing, or up to the gate with ``is_check_only``.

    Nothing is done, and Prefect not even imported, when files, settings, code and pseudonym key are
    those of the published build, unless ``is_forced``. A PdevalError says why nothing was published
    (LockedError: another run is at work); the published build is then as it was, and the record of
    the run holds the reasons.
    """
    warehouse = Warehouse(settings.warehouse_folder)
    warnings = prepare_folders(warehouse)
    with private_files(), run_lock(warehouse):
        read_pins(warehouse)  # spoilt, nothing may be pruned, and so nothing is run
        clean_leftovers(warehouse)
        key = pseudonym_key(warehouse, settings)
        with _missing_input_recorded(warehouse, key, settings.study.report_year):
            fingerprint = intake_fingerprint(settings)
        if not (is_forced or is_check_only):
            record = unchanged_record(warehouse, fingerprint, key_id(key))
            if record is not None:
                return RunOutcome(record)
        run = StudyRun(
            settings=settings,
            warehouse=warehouse,
            build_id=_next_build_id(warehouse, fingerprint),
            fingerprint=fingerprint,
            started_at=utc_text(datetime.now(UTC)),
            report_progress=report_progress,
            key=key,
            is_check_only=is_check_only,
            notes=RunNotes(
                warnings=[*warnings, *key_warnings(warehouse, key), *rule_warnings(settings.recommendation)]
            ),
        )
        return RunOutcome(_run_and_record(run))


def records_to_show(folder: Path) -> list[BuildRecord]:
    """The records of the warehouse in ``folder``, newest first; a run that is at work says so."""
    records = read_records(folder)
    if records and records[0].finished_at is None and is_running(Warehouse(folder)):
        records[0] = replace(records[0], state="running", reasons=())
    return records


def unchanged_record(warehouse: Warehouse, fingerprint: str, pseudonym_key_id: str) -> BuildRecord | None:
    """The record of the published build as ``unchanged`` if a new run would build the same; else None."""
    published = last_published(warehouse.folder)
    if published is None or not (warehouse.published.exists() and warehouse.latest_report.exists()):
        return None
    if (published.fingerprint, published.pseudonym_key_id) != (fingerprint, pseudonym_key_id):
        return None
    return replace(published, state="unchanged")


def key_warnings(warehouse: Warehouse, key: bytes) -> tuple[str, ...]:
    """Warn of a key that gives other pseudonyms than before."""
    published = last_published(warehouse.folder)
    if published is None or published.pseudonym_key_id == key_id(key):
        return ()
    return (f"the pseudonym key is not that of build {published.build_id}: ids of persons differ from it",)


def _next_build_id(warehouse: Warehouse, fingerprint: str) -> str:
    """An id that sorts after all others, also within the same second and after the clock was set back."""
    moment = datetime.now(UTC)
    newest = next(iter(read_records(warehouse.folder)), None)
    if newest is not None:
        moment = max(moment, time_of_build_id(newest.build_id) + timedelta(seconds=1))
    return new_build_id(moment, fingerprint)


@contextmanager
def _missing_input_recorded(warehouse: Warehouse, key: bytes, report_year: int) -> Iterator[None]:
    try:
        yield
    except PdevalError as error:
        make_discreet(error, warehouse.landing, report_year)
        now = utc_text(datetime.now(UTC))
        record = BuildRecord(
            build_id=_next_build_id(warehouse, "000000"),
            state=_state_after(error),
            started_at=now,
            finished_at=now,
            pseudonym_key_id=key_id(key),
            reasons=tuple(_reasons(error)),
        )
        write_record(warehouse, record)
        error.build_id = record.build_id
        raise


def _state_after(error: BaseException) -> State:
    is_refused = isinstance(error, PdevalError) and not isinstance(error, UsageError)
    return "refused" if is_refused else "failed"


def _run_and_record(run: StudyRun) -> BuildRecord:
    write_record(run.warehouse, replace(run.record("failed"), finished_at=None, reasons=(KILLED,)))
    with _failure_recorded(run):
        run_flow(run)
    record = run.record("checked" if run.is_check_only else "published")
    write_record(run.warehouse, record)
    return record


@contextmanager
def _failure_recorded(run: StudyRun) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        if isinstance(error, PdevalError):
            error.build_id = run.build_id
        if not run.notes.reasons:
            run.notes.reasons.extend(_reasons(error))
        if read_record(run.warehouse.record(run.build_id)).state != "published":
            write_record(run.warehouse, run.record(_state_after(error)))
        raise
    finally:
        if run.warehouse.report(run.build_id).exists():
            share_report(run.warehouse.report(run.build_id))
        clean_leftovers(run.warehouse)
        prune(run.warehouse, run.settings.warehouse.builds_kept)


def _reasons(error: BaseException) -> list[str]:
    if isinstance(error, PdevalError):
        return str(error).splitlines()
    return ["interrupted" if isinstance(error, KeyboardInterrupt) else f"{type(error).__name__}: {error}"]


def run_flow(run: StudyRun) -> None:
    """Run the flow ``nightly`` for ``run``; its errors come out as they were raised."""
    with orchestrated(run.warehouse, run.build_id) as wait_until_ready:
        from flows.study_flow import CURRENT_RUN, load_engine, nightly

        load_engine()
        wait_until_ready()
        token = CURRENT_RUN.set(run)
        try:
            nightly(run.settings.study.name, run.build_id, run.is_check_only)
        finally:
            CURRENT_RUN.reset(token)
