"""Stage 2: a candidate database from what was landed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from expectations.schema_versions import SCHEMA_VERSION
from flows.pseudonym_key import key_id
from flows.publish import Warehouse
from flows.settings import StudySettings
from transforms.loading.build import LoadedFile, Places, StudyFacts
from transforms.loading.build import build_candidate as build
from transforms.loading.intake import Intake


@dataclass(frozen=True)
class Candidate:
    """A closed candidate database and its reconciliation."""

    path: Path
    loaded: tuple[LoadedFile, ...]

    @property
    def rows(self) -> dict[str, dict[str, int]]:
        """Counts by entity: read, loaded, duplicate, skipped, quarantined."""
        return rows_by_entity(self.loaded)


def rows_by_entity(loaded: Sequence[LoadedFile]) -> dict[str, dict[str, int]]:
    """Add up the reconciliation of files by entity."""
    counts: dict[str, dict[str, int]] = {}
    for file in loaded:
        total = counts.setdefault(file.entity, {})
        for name in ("read", "loaded", "duplicate", "skipped", "quarantined"):
            total[name] = total.get(name, 0) + getattr(file, f"rows_{name}")
    return counts


def build_candidate(
    settings: StudySettings,
    warehouse: Warehouse,
    intake: Intake,
    build_id: str,
    key: bytes,
    report_progress: Callable[[str], None],
) -> Candidate:
    """Build ``builds/<build_id>.candidate.duckdb``; staging lives in restricted scratch."""
    places = Places(
        candidate=warehouse.builds / f"{build_id}.candidate.duckdb",
        landing=warehouse.landing,
        spill=warehouse.scratch,
        study_folder=settings.folder,
    )
    facts = StudyFacts(
        build_id=build_id,
        study_name=settings.study.name,
        lea_id=settings.study.lea_id,
        report_year=settings.study.report_year,
        started_at=datetime.now(UTC),
        pdeval_version=version("pdeval"),
        schema_version=SCHEMA_VERSION,
        input_fingerprint=intake.fingerprint,
        settings=settings.as_json(),
        pseudonym_key_id=key_id(key),
    )
    loaded = build(
        intake,
        facts,
        places,
        connected_by_pd_type=settings.connected_by_pd_type,
        growth=settings.growth.frames,
        key=key,
        memory_limit=settings.warehouse.memory_limit,
        report_progress=report_progress,
    )
    return Candidate(places.candidate, loaded)
