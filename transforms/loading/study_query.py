"""A source's own query: one SELECT over the relation ``source``, for what a rename cannot do."""

from __future__ import annotations

from pathlib import Path

import duckdb
import sqlglot
from sqlglot import exp

from sql import quoted_identifier, render_sql
from transforms.errors import InputError, UsageError
from transforms.loading.staging import Relation

QUERY_ROWS = "query_rows"

_ERRORS_WITHOUT_VALUES = (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException)


def read_query(path: Path, name: str) -> str:
    """Read the query of a source; UsageError unless it is one SELECT over ``source`` alone."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"{name}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{name}: not UTF-8 text; save it as UTF-8") from None
    try:
        statements = [statement for statement in sqlglot.parse(text, read="duckdb") if statement is not None]
    except sqlglot.errors.ParseError as error:
        place = error.errors[0] if error.errors else {}
        raise UsageError(
            f"{name}:{place.get('line', 1)}: not valid SQL: {place.get('description', 'cannot be parsed')}"
        ) from None
    except sqlglot.errors.TokenError:
        raise UsageError(f"{name}:1: not valid SQL: a quotation mark or comment has no end") from None
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise UsageError(f"{name}: one SELECT over the relation source is wanted, nothing else")
    _refuse_other_relations(statements[0], name)
    return statements[0].sql(dialect="duckdb")


def _refuse_other_relations(statement: exp.Query, name: str) -> None:
    steps = {step.alias for step in statement.find_all(exp.CTE)}
    for table in statement.find_all(exp.Table):
        is_plain = isinstance(table.this, exp.Identifier) and not table.db
        if not (is_plain and (table.name == "source" or table.name in steps)):
            raise UsageError(
                f"{name}: it may read the relation source only, not {table.sql(dialect='duckdb')}"
            )


def run_query(connection: duckdb.DuckDBPyConnection, relation: Relation, query: str, name: str) -> Relation:
    """Run the study's query over one file; return its rows as the relation to load.

    The query must select ``source_line`` too, so that every row can be traced to the file.
    """
    sql = render_sql(
        "staging/query_rows.sql.j2",
        line_sql=relation.line_sql,
        relation=relation.name,
        headers=[quoted_identifier(header.strip()) for header in relation.headers],
        query=query,
    )
    try:
        connection.execute(sql)
    except duckdb.Error as error:
        raise InputError(relation.file, f"{name} failed on {_failure(error)}") from None
    columns = [row[0] for row in connection.execute(f"DESCRIBE {QUERY_ROWS}").fetchall()]
    if "source_line" not in columns:
        raise UsageError(
            f"{name}: it must select source_line too, so that each row can be traced to its line"
        )
    _refuse_rows_astray(connection, relation, name)
    headers = tuple(column for column in columns if column != "source_line")
    texts = ", ".join(
        f"{quoted_identifier(header)}::varchar as c{position}" for position, header in enumerate(headers)
    )
    rows = f"(select source_line, {texts} from {QUERY_ROWS})"  # noqa: S608 - names, quoted
    return Relation(relation.file, rows, headers, "source_line::bigint")


def _failure(error: duckdb.Error) -> str:
    """What DuckDB says of the query itself; of an error over a value only its class, never the value."""
    if isinstance(error, _ERRORS_WITHOUT_VALUES):
        return f"it: {str(error).splitlines()[0]}"
    return f"a value of it ({type(error).__name__}); use try_cast or try_strptime there"


def _refuse_rows_astray(connection: duckdb.DuckDBPyConnection, relation: Relation, name: str) -> None:
    sql = render_sql("staging/query_rows_astray.sql.j2", line_sql=relation.line_sql, relation=relation.name)
    n_astray = connection.execute(sql).fetchall()[0][0]
    if n_astray:
        raise UsageError(
            f"{name}: source_line must come from source as it is;"
            f" {n_astray:,} rows have a line that is none of {relation.file}"
        )


def count_lines_left_out(connection: duckdb.DuckDBPyConnection, relation: Relation) -> int:
    """Records of the file from which the query made no row; they count as skipped by the study."""
    sql = render_sql("staging/lines_left_out.sql.j2", line_sql=relation.line_sql, relation=relation.name)
    return connection.execute(sql).fetchall()[0][0]
