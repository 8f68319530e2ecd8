"""Builds pinned by id: what a paper cites stays as it was, whatever is pruned around it.

``builds/pins.json`` says which; it is written under the run lock, so that no run prunes meanwhile.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from flows.folders import BUILD_MODE, Warehouse, share_report, write_atomically
from flows.records import read_records, utc_text
from transforms.errors import UsageError

PARTS = ("database", "record", "report")
PINNED_MODE = 0o440
PartState = Literal["whole", "changed", "missing"]


@dataclass(frozen=True)
class Pin:
    """A pinned build: when and why, and the SHA-256 (hex) of each of its parts at that time.

    That of the report is over the SHA-256 and relative path of each of its files, in the order of paths.
    """

    build_id: str
    pinned_at: str
    note: str
    sha256: Mapping[str, str]
    pdeval_version: str
    pseudonym_key_id: str


@dataclass(frozen=True)
class CheckedPin:
    """A pin and what its parts are now, by part."""

    pin: Pin
    states: Mapping[str, PartState]

    @property
    def is_whole(self) -> bool:
        """Whether every part is what was pinned."""
        return set(self.states.values()) == {"whole"}


def read_pins(warehouse: Warehouse) -> dict[str, Pin]:
    """The pins by build id, in the order of pinning; UsageError where the file does not hold what we write.

    Taken for empty, a spoilt file would let the next pruning remove what a paper cites.
    """
    try:
        content = warehouse.pins.read_bytes()
    except FileNotFoundError:
        return {}
    try:
        return {pin.build_id: pin for pin in (Pin(**values) for values in json.loads(content)["pins"])}
    except (ValueError, TypeError, KeyError):
        raise UsageError(
            f"{warehouse.pins}: is not a list of pinned builds; restore it from a backup, or remove it and"
            " pin again what is to be kept"
        ) from None


def pin_build(warehouse: Warehouse, build_id: str, note: str, now: datetime) -> Pin:
    """Pin a published build; to be called under the run lock. Pinned already, it gets the new ``note``.

    UsageError where the warehouse has no such build; where a pinned build is no longer what was pinned.
    """
    pins = read_pins(warehouse)
    before = pins.get(build_id)
    if before is None:
        pin = _new_pin(warehouse, build_id, note, now)
    else:
        _refuse_changed(check_pin(warehouse, before))
        pin = replace(before, note=note or before.note)
    # First the list: a process that is killed here leaves a build that is pinned and can be written.
    _write_pins(warehouse, {**pins, build_id: pin})
    _protect(warehouse, build_id)
    return pin


def unpin_build(warehouse: Warehouse, build_id: str) -> None:
    """Let the next pruning treat a build as any other; to be called under the run lock."""
    pins = read_pins(warehouse)
    if build_id not in pins:
        raise UsageError(f"{build_id}: is not pinned; pdeval pin STUDY --list shows what is")
    _unprotect(warehouse, build_id)
    _write_pins(warehouse, {name: pin for name, pin in pins.items() if name != build_id})


def check_pin(warehouse: Warehouse, pin: Pin) -> CheckedPin:
    """Compare every part of a pinned build with what was pinned; reads all of their bytes."""
    return CheckedPin(pin, {part: _state(warehouse, pin, part) for part in PARTS})


def _state(warehouse: Warehouse, pin: Pin, part: str) -> PartState:
    if not _path(warehouse, pin.build_id, part).exists():
        return "missing"
    return "whole" if _sha256(warehouse, pin.build_id, part) == pin.sha256[part] else "changed"


def _refuse_changed(checked: CheckedPin) -> None:
    if not checked.is_whole:
        states = ", ".join(f"{part} {state}" for part, state in checked.states.items() if state != "whole")
        raise UsageError(f"{checked.pin.build_id}: is no longer what was pinned ({states}); unpin it first")


def _new_pin(warehouse: Warehouse, build_id: str, note: str, now: datetime) -> Pin:
    # Found among the records, never made into a path as given.
    record = next((each for each in read_records(warehouse.folder) if each.build_id == build_id), None)
    if record is None:
        raise UsageError(f"{build_id}: no such build; pdeval status STUDY lists them")
    if record.state != "published":
        raise UsageError(f"{build_id}: is {record.state}; only a published build can be pinned")
    for part in PARTS:
        if not _path(warehouse, build_id, part).exists():
            raise UsageError(f"{build_id}: its {part} is gone: builds_kept newer ones were published since")
    return Pin(
        build_id=build_id,
        pinned_at=utc_text(now),
        note=note,
        sha256={part: _sha256(warehouse, build_id, part) for part in PARTS},
        pdeval_version=_version_of(warehouse.build(build_id)),
        pseudonym_key_id=record.pseudonym_key_id,
    )


def _version_of(build: Path) -> str:
    from transforms.warehouse import open_database

    connection = open_database(build, is_read_only=True)
    try:
        ((version,),) = connection.execute("select pdeval_version from meta.build").fetchall()
    finally:
        connection.close()
    return str(version)


def _path(warehouse: Warehouse, build_id: str, part: str) -> Path:
    paths: dict[str, Callable[[str], Path]] = {
        "database": warehouse.build,
        "record": warehouse.record,
        "report": warehouse.report,
    }
    return paths[part](build_id)


def _sha256(warehouse: Warehouse, build_id: str, part: str) -> str:
    path = _path(warehouse, build_id, part)
    if not path.is_dir():
        return _file_sha256(path)
    digest = hashlib.sha256()
    for file in sorted(each for each in path.rglob("*") if each.is_file()):
        digest.update(f"{_file_sha256(file)}  {file.relative_to(path).as_posix()}\n".encode())
    return digest.hexdigest()


def _file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_pins(warehouse: Warehouse, pins: Mapping[str, Pin]) -> None:
    content: dict[str, Any] = {"pins": [asdict(pin) for pin in pins.values()]}
    write_atomically(
        warehouse.pins, json.dumps(content, indent=2, ensure_ascii=False).encode() + b"\n", BUILD_MODE
    )


def _protect(warehouse: Warehouse, build_id: str) -> None:
    for part in ("database", "record"):
        _path(warehouse, build_id, part).chmod(PINNED_MODE)
    for path in _from_below(warehouse.report(build_id)):
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~0o222)


def _unprotect(warehouse: Warehouse, build_id: str) -> None:
    for part in ("database", "record"):
        if _path(warehouse, build_id, part).exists():
            _path(warehouse, build_id, part).chmod(BUILD_MODE)
    if warehouse.report(build_id).exists():
        share_report(warehouse.report(build_id))


def _from_below(folder: Path) -> Iterator[Path]:
    for parent, _, files in os.walk(folder, topdown=False):
        yield from (Path(parent, name) for name in files)
        yield Path(parent)
