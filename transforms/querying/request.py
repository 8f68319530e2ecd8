"""What passes between the command and the process that runs its statement."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Request:
    """A statement and what it may use. ``shown_name`` is the database as messages name it.

    ``file_format`` is csv, json, json_object, parquet or table; ``is_file`` whether the rows go into a file.
    """

    database: str
    shown_name: str
    sql: str
    file_format: str
    memory_limit: str
    threads: int
    most_rows: int = 100
    width: int | None = None
    is_file: bool = False


@dataclass(frozen=True)
class LastWord:
    """What came of it: the rows written, or the line that says why not.

    ``is_fault`` marks an error of ours; its traceback is on stderr.
    """

    n_rows: int | None = None
    problem: str = ""
    is_fault: bool = False
