"""One run of a study: what its stages share."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from flows.discretion import make_discreet
from flows.folders import Warehouse
from flows.pseudonym_key import key_id
from flows.records import BuildRecord, State, utc_text
from flows.settings import StudySettings


@dataclass
class RunNotes:
    """What the stages found, for the record of the run; it grows while they run."""

    rows: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    stage_seconds: dict[str, float] = field(default_factory=dict)
    report: Path | None = None


@dataclass(frozen=True)
class StudyRun:
    """The settings, place, id and pseudonym key of one run. The key never shows in its repr."""

    settings: StudySettings
    warehouse: Warehouse
    build_id: str
    fingerprint: str
    started_at: str
    report_progress: Callable[[str, str], None]
    key: bytes = field(repr=False)
    is_check_only: bool = False
    notes: RunNotes = field(default_factory=RunNotes)

    @contextmanager
    def stage(self, name: str) -> Iterator[Callable[[str], None]]:
        """Time a stage and tell that it began; gives the function that tells how it gets on."""
        self.report_progress(name, "")
        started = time.monotonic()
        try:
            yield lambda detail: self.report_progress(name, detail)
        except Exception as error:
            # Here, before Prefect stores and logs it.
            make_discreet(error, self.warehouse.landing, self.settings.study.report_year)
            raise
        finally:
            seconds = time.monotonic() - started
            self.notes.stage_seconds[name] = round(self.notes.stage_seconds.get(name, 0.0) + seconds, 3)

    def record(self, state: State) -> BuildRecord:
        """The record of the run as it stands now."""
        is_published = state == "published"
        return BuildRecord(
            build_id=self.build_id,
            state=state,
            started_at=self.started_at,
            finished_at=utc_text(datetime.now(UTC)),
            fingerprint=self.fingerprint,
            pseudonym_key_id=key_id(self.key),
            reasons=tuple(self.notes.reasons),
            warnings=tuple(self.notes.warnings),
            rows=self.notes.rows,
            report=str(self.notes.report.relative_to(self.warehouse.folder)) if self.notes.report else None,
            database=self.warehouse.published.name if is_published else None,
            stage_seconds=dict(self.notes.stage_seconds),
        )
