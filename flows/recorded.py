"""One place where commands are recorded: an entry before anything is done, one when it is over."""

from __future__ import annotations

import hashlib
import os
import pwd
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any

from flows.audit import append_entry
from flows.console import exit_code_of, shown_path
from flows.folders import Warehouse
from flows.records import utc_text
from transforms.errors import PdevalError, UsageError


@dataclass(frozen=True)
class SentFile:
    """A file that went out, or a folder as one digest over its files: SHA-256 and bytes, no content."""

    name: str
    sha256: str
    n_bytes: int


@dataclass
class Entry:
    """What a command says of itself while it runs: build, rows that went out, files that went out.

    ``exit_code`` is that of a command which ends without an error.
    """

    build_id: str = ""
    n_rows: int | None = None
    files: list[SentFile] = field(default_factory=list)
    exit_code: int = 0

    def send(self, name: str, path: Path) -> None:
        """Note that the file or folder ``path`` went out under ``name``, which names no person."""
        self.files.append(digest_of_folder(name, path) if path.is_dir() else _digest_of_file(name, path))

    def send_each(self, files: Iterable[Path]) -> None:
        """Note files that went out under names of their own, which are those of schools and pages."""
        for file in files:
            self.send(file.name, file)

    def send_run(self, warehouse: Warehouse, build_id: str, state: str) -> None:
        """Note the build, its pages where they were drawn, and what readers get of it once published."""
        self.build_id = build_id
        if not build_id or state == "unchanged":
            return
        places = [warehouse.report(build_id)]
        places += [warehouse.published, warehouse.public] if state == "published" else []
        for place in places:
            if place.exists():
                self.send(str(place.relative_to(warehouse.folder)), place)


def digest_of_folder(name: str, folder: Path) -> SentFile:
    """One digest over the files of a folder: SHA-256 of what sha256sum says of them, in order of path."""
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    digests = [_digest_of_file(path, folder / path) for path in files]
    lines = "".join(f"{each.sha256}  {each.name}\n" for each in digests)
    return SentFile(name, hashlib.sha256(lines.encode()).hexdigest(), sum(each.n_bytes for each in digests))


def _digest_of_file(name: str, path: Path) -> SentFile:
    with path.open("rb") as file:
        return SentFile(name, file_digest(file, "sha256").hexdigest(), path.stat().st_size)


@contextmanager
def recorded(warehouse: Warehouse, command: str, *, sql: str | None = None) -> Iterator[Entry]:
    """Record ``command``: that it begins, and with its entry what became of it, also after an error.

    The owner of the warehouse does nothing that cannot be recorded: UsageError. A reader of the database,
    who may not write into ``restricted/`` and needs no pdeval to read, goes on with a note on stderr. Of
    ``sql`` only the hash is kept, since a statement may hold an id or a name.
    """
    began = {"event": "began", **_who(), "command": command}
    if sql is not None:
        began["sql_sha256"] = hashlib.sha256(sql.encode()).hexdigest()
    number = _append(warehouse, began)
    entry = Entry()
    try:
        yield entry
    except BaseException as error:
        if isinstance(error, PdevalError) and error.build_id:
            entry.build_id = error.build_id
        entry.exit_code = exit_code_of(error)
        try:
            _end(warehouse, number, command, entry)
        except UsageError as unrecorded:  # what went wrong first is the error of the command
            print(f"pdeval: {unrecorded}", file=sys.stderr)
        raise
    _end(warehouse, number, command, entry)


def _append(warehouse: Warehouse, fields: dict[str, Any]) -> int | None:
    """The number of the new entry; None where this account may not write it, or there is no warehouse."""
    if not warehouse.folder.is_dir():
        return None
    try:
        return append_entry(warehouse, fields)
    except OSError as error:
        log = shown_path(warehouse.audit_log)
        if isinstance(error, PermissionError) and not _is_owner(warehouse):
            print(
                f"pdeval: not recorded: {log} can only be written by the account that runs the study",
                file=sys.stderr,
            )
            return None
        raise UsageError(
            f"{log}: cannot be written: {error.strerror or error}; nothing runs unrecorded"
        ) from None


def _is_owner(warehouse: Warehouse) -> bool:
    return warehouse.folder.stat().st_uid == os.geteuid()


def _end(warehouse: Warehouse, number: int | None, command: str, entry: Entry) -> None:
    if number is None:
        return
    fields = {
        "event": "ended",
        **_who(),
        "command": command,
        "began": number,
        "exit_code": entry.exit_code,
        "build_id": entry.build_id,
        "rows": entry.n_rows,
        "files": [vars(each) for each in entry.files],
    }
    _append(warehouse, fields)


def _who() -> dict[str, Any]:
    uid = os.getuid()
    try:
        account = pwd.getpwuid(uid).pw_name
    except KeyError:
        account = ""
    return {"at": utc_text(datetime.now(UTC)), "account": account, "uid": uid}
