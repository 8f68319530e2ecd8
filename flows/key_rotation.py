"""``pdeval key rotate``: another key for the pseudonyms of all builds to come."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.console import shown_path
from flows.custody import in_custody, refuse_shared_place, write_private
from flows.pseudonym_key import existing_key, key_id, write_new_key
from flows.settings import StudySettings
from transforms.errors import UsageError


@dataclass(frozen=True)
class Rotation:
    """A change of key: the ids of both, and where the old one is kept."""

    old_key_id: str
    new_key_id: str
    kept: Path | None


def rotate_key(settings: StudySettings, keep: Path | None = None) -> Rotation:
    """Put a new key in the place of the key file; the next run gives everybody a new pseudonym.

    The old key is gone unless ``keep`` names a new file for it. In one rename: a process that is killed
    leaves the old key or the new one. UsageError for a key from the environment; LockedError while a run is
    at work.
    """
    if settings.pseudonym_key is not None:
        raise UsageError(
            "PDEVAL_PSEUDONYM_KEY: this key comes from the environment and cannot be changed from here;"
            " set another value there, and the next run builds under it"
        )
    with in_custody(settings) as warehouse:
        old = existing_key(warehouse, settings)
        if keep is not None:
            keep = keep.absolute()
            refuse_shared_place(warehouse, keep, "--keep-old")
            write_private(keep, old.hex().encode("ascii"), "--keep-old")
        write_new_key(warehouse)
        return Rotation(key_id(old), key_id(existing_key(warehouse, settings)), keep)


def rotation_text(settings: StudySettings, rotation: Rotation) -> str:
    """What the rotation means for the builds that are there."""
    kept = f"kept in {shown_path(rotation.kept)}" if rotation.kept else "gone"
    lines = [
        f"{'new key':<9} {rotation.new_key_id}",
        f"{'old key':<9} {rotation.old_key_id}, {kept}",
        f"{'builds':<9} those that are there keep the pseudonyms of the old key, pinned ones for good",
        f"{'next':<9} pdeval run {shown_path(settings.folder)}",
    ]
    return "\n".join(lines)


def rotation_facts(rotation: Rotation) -> dict[str, Any]:
    """The same for ``--json``."""
    return {
        "old_key_id": rotation.old_key_id,
        "new_key_id": rotation.new_key_id,
        "old_key_kept_in": str(rotation.kept) if rotation.kept else None,
    }
