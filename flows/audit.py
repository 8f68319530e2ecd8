"""The audit log of a warehouse: who ran what and what went out, a chain of lines that is only added to.

Each line is a JSON object with the hash of the line before it (``before``), so that none can be changed or
taken out unseen; number and hash of the last line stand in ``audit.head``, so that lines cut off the end are
missed. Who may write both files can still forge both: keep the head that ``pdeval audit`` prints elsewhere.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.folders import Warehouse, write_atomically
from flows.restricted import RESTRICTED_FILE_MODE, RESTRICTED_FOLDER_MODE
from transforms.errors import InputError

FIRST = "0" * 64  # what stands for the line before the first
_HASH_CHARACTERS = 64


@dataclass(frozen=True)
class Head:
    """Number and hash of a line; the number 0 stands before the first."""

    number: int = 0
    sha256: str = FIRST


@dataclass(frozen=True)
class Trail:
    """The entries of a log, its last line, and the first thing that is wrong with it (None: it holds)."""

    entries: tuple[Mapping[str, Any], ...]
    head: Head
    problem: InputError | None = None


def append_entry(warehouse: Warehouse, fields: Mapping[str, Any]) -> int:
    """Add an entry and return its number; it is on disk when this returns.

    What is found torn or cut off stays as it is, and the new entry says so. OSError where the log cannot be
    written.
    """
    warehouse.restricted.mkdir(mode=RESTRICTED_FOLDER_MODE, exist_ok=True)
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW
    descriptor = os.open(warehouse.audit_log, flags, RESTRICTED_FILE_MODE)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        os.fchmod(descriptor, RESTRICTED_FILE_MODE)
        _give_to_owner(warehouse.audit_log)
        lines, is_torn = _lines(_content(descriptor))
        number = len(lines) + 1
        last = _line(lines, len(lines))
        found = _found(warehouse, lines, is_torn=is_torn)
        entry = {"number": number, **fields, **found, "before": _sha256(last)}
        line = json.dumps(entry, ensure_ascii=False).encode()
        _write_whole(descriptor, (b"\n" if is_torn else b"") + line + b"\n")
        os.fsync(descriptor)
        _write_head(warehouse, Head(number, _sha256(line)))
    finally:
        os.close(descriptor)
    return number


def _found(warehouse: Warehouse, lines: list[bytes], *, is_torn: bool) -> dict[str, str]:
    """What is wrong at the end of the log before an entry is added: the entry has to keep it."""
    if is_torn:
        return {"found": f"line {len(lines)} was torn"}
    problems = _head_problems(lines, _read_head(warehouse))
    return {"found": problems[0]} if problems else {}


def read_trail(warehouse: Warehouse) -> Trail:
    """Read and verify the log; an empty trail where nothing was ever recorded.

    OSError where this account may not read it.
    """
    try:
        descriptor = os.open(warehouse.audit_log, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        content = b""
    else:
        with os.fdopen(descriptor, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            content = file.read()
    head = _read_head(warehouse)
    lines, is_torn = _lines(content)
    return _verified(warehouse.audit_log, lines, head, is_torn=is_torn)


def _verified(log: Path, lines: list[bytes], head: Head | None, *, is_torn: bool) -> Trail:
    name = f"{log.parent.name}/{log.name}"
    entries: list[Mapping[str, Any]] = []
    problems: list[InputError] = []
    for number, line in enumerate(lines, start=1):
        entry = _parsed(line)
        problem = _line_problem(number, entry, _line(lines, number - 1))
        if is_torn and number == len(lines):
            problem = "is torn: its writing was cut short; what it recorded is lost"
        if problem:
            problems.append(InputError(name, problem, line=number))
        if entry is not None:
            entries.append(entry)
    last = Head(len(lines), _sha256(_line(lines, len(lines))))
    problems += [InputError(name, problem) for problem in _head_problems(lines, head)]
    return Trail(tuple(entries), last, problems[0] if problems else None)


def _line_problem(number: int, entry: Mapping[str, Any] | None, before: bytes | None) -> str:
    if entry is None:
        return "is no entry of this log: it was changed, or its writing was cut short"
    if entry["number"] != number:
        return f"is entry {entry['number']}: lines before it were removed or added"
    if entry["before"] != _sha256(before):
        return "does not follow the line before it, which was changed" if before else "is not the first entry"
    if "found" in entry:
        return f"records what was found when it was written: {entry['found']}"
    return ""


def _head_problems(lines: list[bytes], head: Head | None) -> list[str]:
    if head is None:
        missing = "audit.head is missing or not readable: lines cut off the end would not be seen"
        return [missing] if lines else []
    if head.number > len(lines):
        return [f"the last lines were removed: it has {len(lines)}, audit.head knows {head.number}"]
    if head.sha256 != _sha256(_line(lines, head.number)):
        return [f"line {head.number} was changed: it is not the one that audit.head knows"]
    return []


def _lines(content: bytes) -> tuple[list[bytes], bool]:
    """The lines of the log, and whether the last one is torn: no line end was written."""
    lines = content.split(b"\n")
    rest = lines.pop()
    return ([*lines, rest], True) if rest else (lines, False)


def _parsed(line: bytes) -> Mapping[str, Any] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    is_entry = isinstance(entry, dict) and isinstance(entry.get("number"), int) and "before" in entry
    return entry if is_entry else None


def _line(lines: list[bytes], number: int) -> bytes | None:
    """The line with that number, None before the first."""
    return lines[number - 1] if 0 < number <= len(lines) else None


def _sha256(line: bytes | None) -> str:
    return FIRST if line is None else hashlib.sha256(line).hexdigest()


def _content(descriptor: int) -> bytes:
    with os.fdopen(os.dup(descriptor), "rb") as file:
        file.seek(0)
        return file.read()


def _write_whole(descriptor: int, content: bytes) -> None:
    """One write; what a full disk took only in part is told as an error, and stays as a torn line."""
    written = os.write(descriptor, content)
    if written < len(content):
        raise OSError(f"only {written} of {len(content)} bytes were written")


def _write_head(warehouse: Warehouse, head: Head) -> None:
    text = f"{head.number} {head.sha256}\n"
    write_atomically(warehouse.audit_head, text.encode("ascii"), RESTRICTED_FILE_MODE)
    _give_to_owner(warehouse.audit_head)


def _read_head(warehouse: Warehouse) -> Head | None:
    with suppress(FileNotFoundError, ValueError):
        number, sha256 = warehouse.audit_head.read_text("ascii").split()
        if len(sha256) == _HASH_CHARACTERS:
            return Head(int(number), sha256)
    return None


def _give_to_owner(path: Path) -> None:
    """A query by root must not take the log away from the account that runs the study."""
    if os.geteuid() == 0:
        owner = path.parent.stat()
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)
