"""The restricted file attached for as long as its open answers are read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from transforms.warehouse import attach

_HAS_TABLE = """
select 1 from duckdb_tables()
where database_name = 'landed' and schema_name = 'restricted' and table_name = 'open_answer'
"""


@contextmanager
def restricted_answers(
    connection: duckdb.DuckDBPyConnection, landing: Path | None, build_id: str
) -> Iterator[str]:
    """Attach ``landing`` read-only as ``landed``; yield why its open answers cannot be read, else nothing."""
    if landing is None or not landing.is_file():
        yield "not available: the restricted file with open answers is not there"
        return
    attach(connection, landing, "landed", is_read_only=True)
    try:
        yield _problem(connection, build_id)
    finally:
        connection.execute("detach landed")


def _problem(connection: duckdb.DuckDBPyConnection, build_id: str) -> str:
    if not connection.execute(_HAS_TABLE).fetchall():
        return "not available: the restricted file holds no open answers"
    builds = connection.execute("select distinct build_id from landed.restricted.open_answer").fetchall()
    if builds and builds != [(build_id,)]:
        return "not available: the open answers in the restricted file are of another build"
    return ""
