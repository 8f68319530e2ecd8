"""The SQLAlchemy dialect through which Great Expectations reads a DuckDB file.

Great Expectations closes a connection before it reads the rows of the last query. DuckDB's rows go
with the connection, so each check would fail with "list index out of range" and be reported as failed
data. This dialect fetches the rows as soon as a query has run. The queries of the gate return counts,
so a result is a few rows.
"""

from __future__ import annotations

from typing import Any

import duckdb_sqlalchemy
from duckdb_sqlalchemy import Dialect, DuckDBExecutionContext
from sqlalchemy.dialects import registry
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

URL = "duckdb+pdeval://"

# SQLAlchemy keeps hooks of duckdb_sqlalchemy until the process ends. At exit Python empties only modules
# that something still refers to; were this one gone before its hooks, duckdb would report its types as
# leaked, forty lines on stderr after each run.
vars(duckdb_sqlalchemy)["kept_until_exit"] = duckdb_sqlalchemy


class _BufferedExecutionContext(DuckDBExecutionContext):
    def post_exec(self) -> None:
        super().post_exec()
        if self.cursor is not None and self.cursor.description:
            self.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(
                self.cursor, initial_buffer=self.cursor.fetchall()
            )


class BufferedDialect(Dialect):
    """DuckDB with results that outlive their connection, and without a progress bar on stdout."""

    driver = "pdeval"
    execution_ctx_cls = _BufferedExecutionContext
    supports_statement_cache = True

    def connect(self, *cargs: Any, **cparams: Any) -> Any:
        """Connect, and switch off the bar that DuckDB writes to stdout after two seconds."""
        connection = super().connect(*cargs, **cparams)
        connection.execute("SET enable_progress_bar = false")
        return connection


def register_dialect() -> None:
    """Make ``URL`` known to SQLAlchemy; may be called again."""
    registry.register("duckdb.pdeval", "expectations.dialect", "BufferedDialect")
