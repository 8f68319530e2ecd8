"""``pdeval query``: one statement that reads, run in a process that is limited and can be ended."""

from __future__ import annotations

import hashlib
import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO

from flows.console import plain, shown_path
from flows.folders import QUERY_OUTPUT_MODE, Warehouse, new_file
from flows.recorded import Entry, SentFile
from transforms.errors import UsageError
from transforms.querying.limits import crash_problem, time_problem
from transforms.querying.request import LastWord, Request

if TYPE_CHECKING:
    from flows.settings import StudySettings

FORMATS = ("table", "csv", "json", "parquet")
ROWS_SHOWN = 100
TIME_LIMIT = 60.0  # seconds
_THREADS = 4
_PIECE = 1 << 16
_BUILD_ID = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-z]{1,6}")
# The process is given nothing of the environment but this: above all not the pseudonym key.
_PASSED_ON = ("PATH", "TZ", "LANG", "LC_ALL", "LD_LIBRARY_PATH")
_SHORTEST, _LONGEST = 0.1, 86400.0  # seconds


@dataclass(frozen=True)
class Query:
    """A statement, where it is asked, and where its rows go (``output`` None: stdout).

    ``width`` is that of the terminal, None where stdout is none.
    """

    sql: str
    database: Path
    file_format: str
    memory_limit: str
    time_limit: float = TIME_LIMIT
    output: Path | None = None
    width: int | None = None


@dataclass(frozen=True)
class Answer:
    """What came out: rows, bytes and their SHA-256."""

    build_id: str
    n_rows: int
    n_bytes: int
    sha256: str
    output: Path | None = None


def planned_query(
    settings: StudySettings,
    sql: str,
    *,
    build_id: str | None = None,
    file_format: str | None = None,
    output: Path | None = None,
    time_limit: float = TIME_LIMIT,
    is_json: bool = False,
) -> Query:
    """Check what a query was asked with; ``sql`` is ``-`` for standard input.

    UsageError where there is no such build or format, the file is there already, lies in the warehouse or
    cannot be made, or a terminal would get Parquet.
    """
    if not _SHORTEST <= time_limit <= _LONGEST:
        raise UsageError(f"--time-limit {time_limit:g}: should be {_SHORTEST:g} to {_LONGEST:g} seconds")
    chosen = _format(file_format, output, is_json)
    warehouse = Warehouse(settings.warehouse_folder)
    return Query(
        sql=_text(sql),
        database=_database(settings, warehouse, build_id),
        file_format=chosen,
        memory_limit=settings.warehouse.memory_limit,
        time_limit=time_limit,
        output=None if output is None else _new_output(output, warehouse),
        width=os.get_terminal_size().columns if sys.stdout.isatty() else None,
    )


def _text(sql: str) -> str:
    if sql != "-":
        if any("\ud800" <= sign <= "\udfff" for sign in sql):
            raise UsageError("SQL: not UTF-8 text; - takes it from standard input")
        return sql
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"standard input: not UTF-8 text (byte {error.start})") from None


def _format(asked: str | None, output: Path | None, is_json: bool) -> str:
    if is_json and output is None:
        if asked not in (None, "json"):
            raise UsageError(f"--format {asked}: --json gives the rows as JSON; leave one of them out")
        return "json_object"
    if asked is None and output is not None:
        asked = output.suffix.removeprefix(".").lower()
        if asked not in FORMATS[1:]:
            raise UsageError(
                f"--output {output.name}: should end in .csv, .json or .parquet, or add --format"
            )
    chosen = asked or "table"
    if chosen not in FORMATS:
        raise UsageError(f"--format {chosen}: should be {', '.join(FORMATS[:-1])} or {FORMATS[-1]}")
    if chosen == "table" and output is not None:
        raise UsageError("--format table: is for reading; a file is csv, json or parquet")
    if chosen == "parquet" and output is None and sys.stdout.isatty():
        raise UsageError("--format parquet: is not for a terminal; add --output FILE")
    return chosen


def _database(settings: StudySettings, warehouse: Warehouse, build_id: str | None) -> Path:
    if build_id is None:
        if warehouse.published.is_file():
            return warehouse.published
        raise UsageError(
            f"{settings.study.name}: nothing is published in {shown_path(warehouse.folder)};"
            f" pdeval run {shown_path(settings.folder)} comes first"
        )
    kept = sorted((file.stem for file in warehouse.builds.glob("*Z-*.duckdb")), reverse=True)
    kept = [name for name in kept if _BUILD_ID.fullmatch(name)]
    if build_id not in kept:
        raise UsageError(f"--build {build_id}: is not kept; kept are: {', '.join(kept) or 'none'}")
    return warehouse.build(build_id)


def _new_output(output: Path, warehouse: Warehouse) -> Path:
    place = output.parent.resolve() / output.name
    if place.is_relative_to(warehouse.folder):
        raise UsageError(f"--output {shown_path(place)}: lies in the warehouse; name a place outside of it")
    if os.path.lexists(place):
        raise UsageError(f"--output {shown_path(place)}: is there already; name another file")
    if not place.parent.is_dir():
        raise UsageError(f"--output {shown_path(place)}: {shown_path(place.parent)} is not a folder")
    return place


def answered(query: Query, entry: Entry) -> Answer:
    """Run ``query``, write its rows, note in ``entry`` what went out; UsageError says why there are none.

    A file is there whole or not at all. On stdout rows may have gone out before an error.
    """
    if query.output is None:
        return _answered(query, entry, sys.stdout.buffer)
    try:
        with new_file(query.output, QUERY_OUTPUT_MODE) as out:
            return _answered(query, entry, out)
    except OSError as error:
        raise UsageError(
            f"--output {shown_path(query.output)}: cannot be written: {error.strerror}"
        ) from None


def _answered(query: Query, entry: Entry, out: BinaryIO) -> Answer:
    digest = hashlib.sha256()
    n_bytes = 0

    def take(piece: bytes) -> None:
        nonlocal n_bytes
        digest.update(piece)
        n_bytes += len(piece)
        out.write(piece)

    word = LastWord()
    try:
        word = _last_word(query, entry, take)
        out.flush()
    finally:
        entry.n_rows = word.n_rows
        if word.n_rows is not None or (query.output is None and n_bytes):
            # The name of a file is not kept: it may be that of a person.
            name = "standard output" if query.output is None else f"query.{query.file_format}"
            entry.files.append(SentFile(name, digest.hexdigest(), n_bytes))
    if word.is_fault:
        raise RuntimeError(word.problem)
    if word.n_rows is None:
        raise UsageError(word.problem)
    return Answer(entry.build_id, word.n_rows, n_bytes, digest.hexdigest(), query.output)


def _last_word(query: Query, entry: Entry, take: Callable[[bytes], None]) -> LastWord:
    with _process(query) as (process, rows, words):
        if not select.select([words], [], [], query.time_limit)[0]:
            return LastWord(problem=time_problem(query.time_limit))
        told = words.readline()
        if not told.startswith(b"{"):
            entry.build_id, told = told.decode().strip(), b""
        if not _passed_on(rows, query.time_limit, take):
            return LastWord(problem=time_problem(query.time_limit))
        told += words.read()
        code = process.wait()
    if not told:
        return LastWord(problem=crash_problem(signal.Signals(-code).name if code < 0 else f"code {code}"))
    return LastWord(**json.loads(told))


@contextmanager
def _process(query: Query) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes], IO[bytes]]]:
    """The process of ``query``, its rows, and what it says of them; it has ended when the block does."""
    reading, writing = os.pipe()
    with open(reading, "rb") as words:
        try:
            process = subprocess.Popen(  # noqa: S603 - this interpreter and a module of this package
                # -P: no module of the working folder takes the place of one of ours
                [sys.executable, "-P", "-m", "transforms.querying.child", str(writing)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=None if os.environ.get("PDEVAL_DEBUG") == "1" else subprocess.DEVNULL,
                env=_environment(),
                pass_fds=(writing,),
            )
        finally:
            os.close(writing)
        with process:
            try:
                assert process.stdin is not None  # noqa: S101 - for the type checker: pipes, as asked
                assert process.stdout is not None  # noqa: S101
                with suppress(BrokenPipeError):
                    process.stdin.write(_request(query) + b"\n")
                    process.stdin.flush()
                yield process, process.stdout, words
            finally:
                process.kill()


def _environment() -> dict[str, str]:
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    code = os.pathsep.join(path for path in sys.path if path)  # the modules that this process has
    return {**passed_on, "PYTHONPATH": code, "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def _request(query: Query) -> bytes:
    request = Request(
        database=str(query.database),
        shown_name=shown_path(query.database),
        sql=query.sql,
        file_format=query.file_format,
        memory_limit=query.memory_limit,
        threads=min(_THREADS, os.cpu_count() or 1),
        most_rows=ROWS_SHOWN,
        width=query.width,
        is_file=query.output is not None,
    )
    return json.dumps(asdict(request)).encode()


def _passed_on(rows: IO[bytes], time_limit: float, take: Callable[[bytes], None]) -> bool:
    """Pass the rows on; False where the time is over. Time that a slow reader takes does not count."""
    left = time_limit
    while True:
        began = time.monotonic()
        ready, _, _ = select.select([rows], [], [], max(left, 0))
        left -= time.monotonic() - began
        if not ready:
            return False
        piece = os.read(rows.fileno(), _PIECE)
        if not piece:
            return True
        take(piece)


def answer_text(answer: Answer) -> str:
    """What was written into a file."""
    assert answer.output is not None  # noqa: S101 - for the type checker: said of files only
    rows = f"{answer.n_rows:,} row{'' if answer.n_rows == 1 else 's'}"
    return "\n".join(
        [
            f"{'build':<9} {plain(answer.build_id)}",
            f"{'output':<9} {shown_path(answer.output)}, {rows}, {answer.n_bytes:,} bytes",
            f"{'sha256':<9} {answer.sha256}",
        ]
    )


def answer_facts(answer: Answer) -> dict[str, Any]:
    """The same for ``--json``."""
    return {**asdict(answer), "output": str(answer.output)}
