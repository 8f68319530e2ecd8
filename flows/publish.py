"""Publishing: a build becomes the published one in a single rename, or not at all.

One writes, many read: the published file is never opened for writing. Readers that have it open keep
the build that they opened.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from flows.folders import (
    BUILD_MODE,
    PUBLIC_FOLDER,
    Warehouse,
    prepare_folders,
    share_report,
    sync_to_disk,
    write_atomically,
)
from flows.lock import run_lock
from flows.pins import read_pins
from flows.records import (
    RECORDS_KEPT,
    BuildRecord,
    as_json_bytes,
    last_published,
    new_build_id,
    read_records,
    write_record,
)

__all__ = [
    "BuildRecord",
    "Warehouse",
    "clean_leftovers",
    "new_build_id",
    "prepare_folders",
    "prune",
    "publish",
    "read_records",
    "run_lock",
    "write_record",
]

PUBLISHING = ".publishing.json"


def publish(warehouse: Warehouse, candidate: Path, record: BuildRecord, builds_kept: int) -> None:
    """Make ``candidate`` the published build and ``record`` (state published) the record of the run.

    The candidate is checkpointed and closed and its report folder complete. What can fail for want of
    space comes first; then a note is written, and from there on ``clean_leftovers`` finishes what a
    killed process left undone.
    """
    if _write_ahead_log(candidate).exists():
        raise RuntimeError(f"{candidate.name} was not checkpointed and closed before publishing")
    candidate.chmod(BUILD_MODE)
    sync_to_disk(candidate)
    share_report(warehouse.report(record.build_id))
    _sync_folder(warehouse.report(record.build_id))
    copy = _copy_for_readers(warehouse, candidate, record.build_id)
    write_atomically(_note(warehouse, record.build_id), as_json_bytes(record), BUILD_MODE)
    os.replace(candidate, warehouse.build(record.build_id))
    sync_to_disk(warehouse.builds)
    _replace_published(warehouse, copy)
    _finish(warehouse, record.build_id)
    prune(warehouse, builds_kept)


def _copy_for_readers(warehouse: Warehouse, build: Path, build_id: str) -> Path:
    # A copy, not a link: whoever opens the published file for writing must not spoil the build behind it.
    copy = warehouse.folder / f".pdeval.duckdb.{build_id}.tmp"
    try:
        shutil.copyfile(build, copy)
        copy.chmod(BUILD_MODE)
        sync_to_disk(copy)
    except OSError:
        copy.unlink(missing_ok=True)
        raise
    return copy


def _replace_published(warehouse: Warehouse, copy: Path) -> None:
    # DuckDB refuses a file beside the write-ahead log of another; only a stranger's writing leaves one.
    _write_ahead_log(warehouse.published).unlink(missing_ok=True)
    os.replace(copy, warehouse.published)
    sync_to_disk(warehouse.folder)


def _finish(warehouse: Warehouse, build_id: str) -> None:
    """What follows the rename: the link to the report and the record; safe to do twice."""
    link = warehouse.reports / f".latest.{build_id}.tmp"
    link.unlink(missing_ok=True)
    link.symlink_to(build_id, target_is_directory=True)
    os.replace(link, warehouse.latest_report)
    sync_to_disk(warehouse.reports)
    _link_public(warehouse)
    os.replace(_note(warehouse, build_id), warehouse.record(build_id))
    sync_to_disk(warehouse.builds)


def _link_public(warehouse: Warehouse) -> None:
    """Links that stay: what they lead to changes with the link to the report, all of it at once."""
    latest = warehouse.latest_report.relative_to(warehouse.folder)
    for place, target in (
        (warehouse.public, latest / PUBLIC_FOLDER),
        (warehouse.public_database, Path(PUBLIC_FOLDER, warehouse.public_database.name)),
    ):
        if not place.is_symlink() and (warehouse.latest_report / PUBLIC_FOLDER).exists():
            place.symlink_to(target)
    sync_to_disk(warehouse.folder)


def clean_leftovers(warehouse: Warehouse) -> None:
    """Clear up behind runs that were killed; to be called under the run lock.

    A run that died between passing the gate and its last step of publishing is published now; every
    other unfinished build, its report and what it spilled are removed.
    """
    for note in warehouse.builds.glob(f"*{PUBLISHING}"):
        build_id = note.name.removesuffix(PUBLISHING)
        build = warehouse.build(build_id)
        if build.exists():
            _replace_published(warehouse, _copy_for_readers(warehouse, build, build_id))
            _finish(warehouse, build_id)
        else:
            note.unlink()
    for pattern in (".*.tmp", "*.candidate.duckdb", "*.candidate.duckdb.wal"):
        for path in warehouse.builds.glob(pattern):
            path.unlink()
    for path in [*warehouse.folder.glob(".pdeval.duckdb.*.tmp"), *warehouse.reports.glob(".latest.*.tmp")]:
        path.unlink()
    # Prefect pickles the errors of flows; no later run reads them.
    for path in [*warehouse.scratch.iterdir(), warehouse.prefect_home / "storage"]:
        _remove(path)
    _remove_unrecorded(warehouse)
    _remove_released(warehouse)


def _remove_released(warehouse: Warehouse) -> None:
    """Counts behind a release serve the next one only."""
    last = last_published(warehouse.folder)
    for counts in warehouse.released_counts.glob("*.json"):
        if last is None or counts.stem != last.build_id:
            counts.unlink()


def _remove_unrecorded(warehouse: Warehouse) -> None:
    recorded = {record.build_id for record in read_records(warehouse.folder)} | set(read_pins(warehouse))
    for build in warehouse.builds.glob("*.duckdb"):
        if build.stem not in recorded:
            build.unlink()
    for report in warehouse.reports.iterdir():
        if report.name not in recorded and not report.is_symlink():
            _remove(report)


def prune(warehouse: Warehouse, builds_kept: int) -> None:
    """Keep the newest ``builds_kept`` published builds with their reports, and the last records.

    A pinned build is kept as it is, with its record and log, and is none of these. A run that was refused
    keeps its validation page for as long as its record is kept.
    """
    pins = read_pins(warehouse)
    records = [record for record in read_records(warehouse.folder) if record.build_id not in pins]
    published = [record.build_id for record in records if record.state == "published"]
    kept_builds = set(published[:builds_kept])
    for position, record in enumerate(records):
        if record.build_id in kept_builds:
            continue
        warehouse.build(record.build_id).unlink(missing_ok=True)
        is_record_kept = position < RECORDS_KEPT
        if record.state == "published" or not is_record_kept:
            _remove(warehouse.report(record.build_id))
        if not is_record_kept:
            warehouse.record(record.build_id).unlink()
            warehouse.log(record.build_id).unlink(missing_ok=True)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            sync_to_disk(path)
    sync_to_disk(folder)


def _note(warehouse: Warehouse, build_id: str) -> Path:
    return warehouse.builds / f"{build_id}{PUBLISHING}"


def _write_ahead_log(database: Path) -> Path:
    return database.with_name(f"{database.name}.wal")
