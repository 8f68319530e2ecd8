"""The record of every run: what became of it and why."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from flows.folders import BUILD_MODE, Warehouse, write_atomically

State = Literal["published", "unchanged", "refused", "failed", "checked", "running"]
RECORDS_KEPT = 50
_ID_TIME = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class BuildRecord:
    """One run. Times are UTC in ISO 8601; ``report`` and ``database`` are relative to the
    warehouse, so that it can be moved.

    ``rows`` has by entity the counts read, loaded, duplicate, skipped and quarantined.
    """

    build_id: str
    state: State
    started_at: str
    finished_at: str | None = None
    fingerprint: str = ""
    pseudonym_key_id: str = ""
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    rows: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    report: str | None = None
    database: str | None = None
    stage_seconds: Mapping[str, float] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The record as values that JSON has."""
        return asdict(self)


def utc_text(moment: datetime) -> str:
    """A moment in UTC, ISO 8601, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def new_build_id(now: datetime, fingerprint: str) -> str:
    """An id that sorts by time, like 20261121T225025Z-ab12cd (the start of the input's fingerprint)."""
    return f"{now.astimezone(UTC):{_ID_TIME}}-{fingerprint[:6]}"


def time_of_build_id(build_id: str) -> datetime:
    """The second that a build id begins with."""
    return datetime.strptime(build_id.split("-")[0], _ID_TIME).replace(tzinfo=UTC)


def as_json_bytes(record: BuildRecord) -> bytes:
    """The record as it stands in its file."""
    return json.dumps(record.as_dict(), indent=2, ensure_ascii=False).encode() + b"\n"


def write_record(warehouse: Warehouse, record: BuildRecord) -> None:
    """Write ``builds/<build_id>.json``; a reader sees the old record or the whole new one."""
    write_atomically(warehouse.record(record.build_id), as_json_bytes(record), BUILD_MODE)


def read_record(path: Path) -> BuildRecord:
    """Read one record; keys that a later version wrote are left aside."""
    known = {each.name for each in fields(BuildRecord)}
    values = {name: value for name, value in json.loads(path.read_bytes()).items() if name in known}
    values |= {name: tuple(values.get(name, ())) for name in ("reasons", "warnings")}
    return BuildRecord(**values)


def read_records(folder: Path) -> list[BuildRecord]:
    """The records of the warehouse in ``folder``, newest first; none when it was never run."""
    files = sorted(Warehouse(folder).builds.glob("[0-9]*.json"), reverse=True)
    return [read_record(file) for file in files if not file.name.endswith(".publishing.json")]


def last_published(folder: Path) -> BuildRecord | None:
    """The record of the newest published build; None before the first."""
    return next((record for record in read_records(folder) if record.state == "published"), None)
