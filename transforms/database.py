"""The only opener of DuckDB files: limits for all, and a lock for statements that strangers wrote."""

from __future__ import annotations

from pathlib import Path

import duckdb

# A wide aggregate over scattered keys once spilled 39 GB; past this size it must fail instead.
MAX_SPILL = "20GB"

# In this order: the last one forbids to change any of them again. The names of Python variables are no
# tables, files and network are out of reach (the opened database aside), and errors tell their position.
_LOCK_DOWN = (
    "SET enable_external_access = false",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET allow_community_extensions = false",
    "SET python_enable_replacements = false",
    "SET errors_as_json = true",
    "SET lock_configuration = true",
)


def open_database(
    path: Path | None,
    *,
    is_read_only: bool = False,
    memory_limit: str = "1500MB",
    scratch: Path | None = None,
    threads: int | None = None,
) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB file, or a database in memory when ``path`` is None.

    What does not fit in ``memory_limit`` spills to ``scratch``. Without ``scratch`` nothing spills, so
    that no copy of a student's record is left in a folder that the caller did not name.
    """
    connection = duckdb.connect(
        ":memory:" if path is None else str(path),
        read_only=is_read_only,
        config={
            "memory_limit": memory_limit,
            "temp_directory": "" if scratch is None else str(scratch),
            "max_temp_directory_size": MAX_SPILL,
            "preserve_insertion_order": "false",
            **({} if threads is None else {"threads": str(threads)}),
        },
    )
    # The bar goes to stdout after two seconds, even into a pipe; it cannot be set in the config.
    connection.execute("SET enable_progress_bar = false")
    return connection


def lock_down(connection: duckdb.DuckDBPyConnection) -> None:
    """Take files, network, extensions and settings out of the reach of every later statement.

    It cannot be undone. Errors come as JSON from here on (``transforms.querying.problems``).
    """
    for statement in _LOCK_DOWN:
        connection.execute(statement)
