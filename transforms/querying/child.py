"""The process that runs one statement of an evaluator, and can be ended without harm.

DuckDB's interrupt does not hold within a function (``lpad('x', 2000000000, 'y')`` runs to its end), and
its memory limit does not hold for all that functions allocate. So statements run in a process of their own,
which the kernel limits and the caller ends: ``python -P -m transforms.querying.child FD``. The request is
a line of JSON on stdin, the rows go to stdout; FD gets a line with the id of the build that is read, then the
last word as JSON. When stdin is closed, the caller is gone.
"""

from __future__ import annotations

import json
import os
import re
import resource
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import BinaryIO

import duckdb

from transforms.database import lock_down, open_database
from transforms.errors import UsageError
from transforms.querying.problems import file_problem, memory_problem, sql_problem
from transforms.querying.request import LastWord, Request
from transforms.querying.statements import reading_statement
from transforms.querying.writers import run, write_csv, write_json, write_parquet, write_table

MEGABYTE = 1_000_000
# Beside what DuckDB counts: Python's copies of the rows at hand, stacks, fragments.
_MARGIN_BYTES = 768 * MEGABYTE
_LONGEST_PROBLEM = 2000
_UNITS = {"K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}


def answer(
    request: Request, out: BinaryIO, tell_build: Callable[[str], None], limit: Callable[[Request], None]
) -> LastWord:
    """Run the statement of ``request`` and write its rows to ``out``.

    ``tell_build`` is told the id of the build before anything runs; ``limit`` is called when all is loaded
    that is needed.
    """
    try:
        connection = open_database(
            Path(request.database),
            is_read_only=True,
            memory_limit=request.memory_limit,
            threads=request.threads,
        )
        ((build_id,),) = connection.execute("select build_id from meta.build").fetchall()
    except duckdb.Error as error:
        return LastWord(problem=file_problem(request.shown_name, error))
    tell_build(str(build_id))
    checked = ""
    with connection:
        try:
            lock_down(connection)
            statement = reading_statement(connection, request.sql)
            checked = statement.query
            if request.file_format == "parquet":
                import pyarrow.parquet  # noqa: F401 - before the limits: it reserves addresses
            limit(request)
            return LastWord(_written(connection, statement, str(build_id), request, out))
        except UsageError as error:
            return LastWord(problem=str(error))
        except (MemoryError, duckdb.OutOfMemoryException):
            return LastWord(problem=memory_problem(request.memory_limit))
        except duckdb.Error as error:
            return LastWord(problem=sql_problem(error, request.sql, checked))


def _written(
    connection: duckdb.DuckDBPyConnection,
    statement: duckdb.Statement,
    build_id: str,
    request: Request,
    out: BinaryIO,
) -> int:
    if request.file_format == "parquet":
        return write_parquet(connection, statement, out)
    result = run(connection, statement)
    if request.file_format == "csv":
        return write_csv(result, out, has_mark=request.is_file)
    if request.file_format == "table":
        return write_table(result, out, most_rows=request.most_rows, width=request.width)
    return write_json(result, out, build_id=build_id if request.file_format == "json_object" else None)


def _limit_process(request: Request) -> None:
    """No file can grow, no core is left, memory ends."""
    amount, unit = re.fullmatch(r"([0-9.]+) ?([KMGT]i?)B", request.memory_limit).groups()  # type: ignore[union-attr]
    memory = int(float(amount) * _UNITS[unit]) + _MARGIN_BYTES + _address_space()
    limits = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for kind, limit in limits.items():
        _, hard = resource.getrlimit(kind)
        value = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (value, value))


def _address_space() -> int:
    """Bytes of addresses that the process has reserved so far; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except OSError:
        return 0
    return pages * resource.getpagesize()


def _tell(descriptor: int, text: str) -> None:
    os.write(descriptor, text.encode())


def _end_with_caller() -> None:
    """Wait for stdin to be closed: a statement that sleeps must not outlive its caller."""
    sys.stdin.buffer.read()
    os._exit(0)


def main() -> None:
    """Read the request, answer it, say the last word."""
    descriptor = int(sys.argv[1])
    request = Request(**json.loads(sys.stdin.buffer.readline()))
    threading.Thread(target=_end_with_caller, daemon=True).start()
    try:
        word = answer(
            request,
            sys.stdout.buffer,
            lambda build_id: _tell(descriptor, f"{build_id}\n"),
            _limit_process,
        )
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os._exit(0)  # nobody is left to tell
    except Exception as error:
        traceback.print_exc()
        word = LastWord(problem=f"{type(error).__name__}: {' '.join(str(error).split())}", is_fault=True)
    # A pipe holds so much without a reader, and the caller reads this only after the rows.
    word = replace(word, problem=word.problem[:_LONGEST_PROBLEM])
    _tell(descriptor, json.dumps(asdict(word)))
    os._exit(0)  # rows that nobody takes any more are not worth waiting for


if __name__ == "__main__":
    main()
