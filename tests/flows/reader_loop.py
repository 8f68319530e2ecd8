"""Started by test_many_readers: reads the published build, and says at the end what it saw.

Arguments: the database, and what to do until the standard input ends: "read" it again and again, "keep" it
open, or "hold" it open for writing by mistake.
"""

from __future__ import annotations

import json
import sys
from threading import Thread

import duckdb

TABLES = 6
QUERY = " union all ".join(f"select build, count(*) from part_{n} group by build" for n in range(TABLES))


def builds_in(connection: duckdb.DuckDBPyConnection) -> list[int]:
    """The numbers that the tables hold; one where all are of one build."""
    return sorted({build for build, _ in connection.execute(QUERY).fetchall()})


def read_again_and_again(database: str, waiting: Thread) -> dict[str, list[object]]:
    """Connect anew for each read: within one process an open handle would show the same build for ever."""
    reads: list[object] = []
    errors: list[object] = []
    while waiting.is_alive():
        try:
            connection = duckdb.connect(database, read_only=True)
            try:
                reads.append(builds_in(connection))
            finally:
                connection.close()
        except duckdb.Error as error:
            errors.append(str(error))
    return {"reads": reads, "errors": errors}


def main(database: str, task: str) -> None:
    """Do the task; print "open" when it has begun and a line of JSON at its end."""
    waiting = Thread(target=sys.stdin.read, daemon=True)
    kept = None if task == "read" else duckdb.connect(database, read_only=task == "keep")
    before = None if kept is None else builds_in(kept)
    print("open", flush=True)
    waiting.start()
    if kept is None:
        print(json.dumps(read_again_and_again(database, waiting)))
        return
    waiting.join()
    print(json.dumps({"reads": [before, builds_in(kept)], "errors": []}))


if __name__ == "__main__":
    main(*sys.argv[1:])
