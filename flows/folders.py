"""Where everything of a warehouse lies on disk, and who may read it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from flows.restricted import KEY_NAME, RESTRICTED_FOLDER_MODE, closed_tree

# Builds hold one row per student, pseudonymised but still education records: the owner writes, the
# folder's group (evaluators, the BI tool's account) reads, nobody else.
BUILD_MODE = 0o640
PUBLIC_FOLDER = "public"  # of the warehouse, and within the folder of each report
BUILDS_FOLDER_MODE = 0o750
# Rows of a query may be those of students; whoever asked decides who else reads them.
QUERY_OUTPUT_MODE = 0o600
READ_AND_WRITE = 0o666


@dataclass(frozen=True)
class Warehouse:
    """The paths of one warehouse folder."""

    folder: Path

    @property
    def published(self) -> Path:
        """The newest published build; replaced as a whole, never written in place."""
        return self.folder / "pdeval.duckdb"

    @property
    def builds(self) -> Path:
        """Folder of the builds behind the published one and of the record of every run."""
        return self.folder / "builds"

    @property
    def pins(self) -> Path:
        """Which builds are pinned."""
        return self.builds / "pins.json"

    @property
    def reports(self) -> Path:
        """Folder of one report folder a build."""
        return self.folder / "reports"

    @property
    def latest_report(self) -> Path:
        """Symbolic link to the report folder of the published build."""
        return self.reports / "latest"

    @property
    def restricted(self) -> Path:
        """Folder of everything that names persons or could; owner only."""
        return self.folder / "restricted"

    @property
    def landing(self) -> Path:
        """The landed source files and the records that were turned away."""
        return self.restricted / "landing.duckdb"

    @property
    def scratch(self) -> Path:
        """Where DuckDB spills; emptied before each run."""
        return self.restricted / "scratch"

    @property
    def logs(self) -> Path:
        """One log file a run."""
        return self.restricted / "logs"

    @property
    def prefect_home(self) -> Path:
        """What the temporary Prefect server keeps: its database of past runs."""
        return self.restricted / "prefect"

    @property
    def public(self) -> Path:
        """Link to the release of the published build: what may be handed on, a Parquet file a table."""
        return self.folder / PUBLIC_FOLDER

    @property
    def public_database(self) -> Path:
        """Link to the same as one database."""
        return self.folder / "public.duckdb"

    @property
    def released_counts(self) -> Path:
        """Folder of the counts behind each release: the next one is held against them."""
        return self.restricted / "released"

    @property
    def audit_log(self) -> Path:
        """Who ran what: one JSON object a line, each with the hash of the line before."""
        return self.restricted / "audit.jsonl"

    @property
    def audit_head(self) -> Path:
        """Number and hash of the last line of the audit log: lines cut off its end are missed."""
        return self.restricted / "audit.head"

    @property
    def lock(self) -> Path:
        """Held by the run that writes."""
        return self.restricted / "run.lock"

    @property
    def key_file(self) -> Path:
        """The pseudonym key, where the environment gives none."""
        return self.restricted / KEY_NAME

    def build(self, build_id: str) -> Path:
        """The database of a build that was published."""
        return self.builds / f"{build_id}.duckdb"

    def candidate(self, build_id: str) -> Path:
        """The database of a build that has not passed the gate yet."""
        return self.builds / f"{build_id}.candidate.duckdb"

    def record(self, build_id: str) -> Path:
        """The JSON record of a run."""
        return self.builds / f"{build_id}.json"

    def log(self, build_id: str) -> Path:
        """What Prefect had to say about a run."""
        return self.logs / f"{build_id}.log"

    def released(self, build_id: str) -> Path:
        """The counts behind what a build released, hidden ones among them."""
        return self.released_counts / f"{build_id}.json"

    def report(self, build_id: str) -> Path:
        """The report folder of a run."""
        return self.reports / build_id


def prepare_folders(warehouse: Warehouse) -> tuple[str, ...]:
    """Make the folders that are missing; return a warning for each restricted mode that had to be corrected.

    UsageError where something restricted is a link or belongs to another account.
    """
    warehouse.folder.mkdir(parents=True, exist_ok=True)
    warehouse.builds.mkdir(mode=BUILDS_FOLDER_MODE, exist_ok=True)
    warehouse.reports.mkdir(exist_ok=True)
    if not os.path.lexists(warehouse.restricted):
        warehouse.restricted.mkdir(mode=RESTRICTED_FOLDER_MODE)
    warnings = closed_tree(warehouse.restricted, warehouse.scratch)
    for folder in (warehouse.scratch, warehouse.logs, warehouse.prefect_home, warehouse.released_counts):
        folder.mkdir(mode=RESTRICTED_FOLDER_MODE, exist_ok=True)
    return warnings


@contextmanager
def private_files() -> Iterator[None]:
    """Within it a new file is its owner's alone from its first moment, whoever creates it.

    For the whole process: DuckDB, Prefect and the threads of the stages take no mode to create files with.
    """
    before = os.umask(0o777 & ~RESTRICTED_FOLDER_MODE)
    try:
        yield
    finally:
        os.umask(before)


def share_report(folder: Path) -> None:
    """Give what a report folder holds to those who may read the folder of reports: its mode is theirs."""
    mode = stat.S_IMODE(folder.parent.stat().st_mode)
    for path in (folder, *folder.rglob("*")):
        path.chmod(mode if path.is_dir() else mode & READ_AND_WRITE)


def sync_to_disk(path: Path) -> None:
    """Force a file or folder to disk, so that a power cut after a replace cannot leave it empty."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_atomically(path: Path, content: bytes, mode: int) -> None:
    """Replace ``path`` by ``content``: a reader sees the old file or the whole new one."""
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(descriptor, mode)  # the umask of a run would take the group's reading away
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
    sync_to_disk(path.parent)


@contextmanager
def new_file(path: Path, mode: int) -> Iterator[BinaryIO]:
    """Write a file that is there whole at the end of the block, or not at all after an error.

    FileExistsError where ``path`` is there, also where it came in the meantime.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))  # no other file is replaced
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_to_disk(path.parent)
