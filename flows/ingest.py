"""Stage 1: the study's files, landed once each in the restricted file."""

from __future__ import annotations

from collections.abc import Callable

from flows.publish import Warehouse
from flows.settings import StudySettings
from transforms.loading.intake import Intake, find_files, fingerprint_of_files, land_sources


def intake_fingerprint(settings: StudySettings) -> str:
    """The fingerprint that a run would have now; costs one read of the input's bytes."""
    found = find_files(settings.source, settings.data_folder)
    return fingerprint_of_files(settings.as_json(), found)


def ingest_sources(
    settings: StudySettings, warehouse: Warehouse, report_progress: Callable[[str], None]
) -> Intake:
    """Land every file of the study that is not landed yet."""
    return land_sources(
        find_files(settings.source, settings.data_folder),
        landing=warehouse.landing,
        scratch=warehouse.scratch,
        memory_limit=settings.warehouse.memory_limit,
        settings_json=settings.as_json(),
        report_progress=report_progress,
    )
