"""What only the owner of the restricted folder may do: under the run lock."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.console import shown_path
from flows.folders import Warehouse, write_atomically
from flows.lock import run_lock
from flows.restricted import RESTRICTED_FILE_MODE, closed_tree
from flows.settings import StudySettings
from transforms.errors import UsageError


@contextmanager
def in_custody(settings: StudySettings) -> Iterator[Warehouse]:
    """The warehouse of a study, held by this process.

    UsageError where there is none yet or its restricted folder belongs to another account; LockedError while
    a run writes it.
    """
    warehouse = Warehouse(settings.warehouse_folder)
    if not warehouse.restricted.is_dir():
        raise UsageError(
            f"{settings.study.name}: no restricted folder in {shown_path(warehouse.folder)};"
            f" pdeval run {shown_path(settings.folder)} comes first"
        )
    closed_tree(warehouse.restricted, warehouse.scratch)
    with run_lock(warehouse):
        yield warehouse


def refuse_shared_place(warehouse: Warehouse, path: Path, option: str) -> None:
    """UsageError unless ``path`` is a new file where nothing of the warehouse is shared from."""
    if os.path.lexists(path):
        raise UsageError(f"{option} {path}: is there already; name a new file")
    if not path.parent.is_dir():
        raise UsageError(f"{option} {path}: there is no folder {path.parent}")
    place = path.parent.resolve()
    is_restricted = place.is_relative_to(warehouse.restricted.resolve())
    if place.is_relative_to(warehouse.folder.resolve()) and not is_restricted:
        raise UsageError(f"{option} {path}: lies in the warehouse, where others read; name a place outside")


def write_private(path: Path, content: bytes, option: str) -> None:
    """Write a whole new file that only its owner can read; UsageError where it cannot be written."""
    try:
        write_atomically(path, content, RESTRICTED_FILE_MODE)
    except OSError as error:
        raise UsageError(f"{option} {path}: cannot be written: {error.strerror}") from None
