"""A source's own query: one SELECT over the relation ``source``, for what a rename cannot do."""

from __future__ import annotations

from pathlib import Path

import duckdb
import sqlglot
from sqlglot import exp

from transforms.errors import InputError, UsageError
from transforms.loading.staging import Relation
from transforms.loading.templates import render_sql
from transforms.warehouse import quoted

QUERY_ROWS = "scratch.staging.query_rows"


def read_query(path: Path, name: str) -> str:
    """Read the query of a source; UsageError unless it is one SELECT over ``source`` alone."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{name}: cannot be read: {error.strerror}") from None
    try:
        statements = [statement for statement in sqlglot.parse(text, read="duckdb") if statement is not None]
    except sqlglot.errors.ParseError as error:
        place = error.errors[0] if error.errors else {}
        raise UsageError(f"{name}:{place.get('line', 1)}: not valid SQL: {place.get('description', 'cannot be parsed')}") from None
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise UsageError(f"{name}: one SELECT over the relation source is wanted, nothing else")
    _refuse_other_relations(statements[0], name)
    return statements[0].sql(dialect="duckdb")


def _refuse_other_relations(statement: exp.Query, name: str) -> None:
    steps = {step.alias for step in statement.find_all(exp.CTE)}
    for table in statement.find_all(exp.Table):
        is_plain = isinstance(table.this, exp.Identifier) and not table.db
        if not (is_plain and (table.name == "source" or table.name in steps)):
            raise UsageError(f"{name}: it may read the relation source only, not {table.sql(dialect='duckdb')}")


def run_query(connection: duckdb.DuckDBPyConnection, relation: Relation, query: str, name: str) -> Relation:
    """Run the study's query over one file; return its rows as the relation to load.

    The query must select ``source_line`` too, so that every row can be traced to the file.
    """
    sql = render_sql(
        "staging/query_rows.sql.j2",
        line_sql=relation.line_sql,
        relation=relation.name,
        headers=[quoted(header.strip()) for header in relation.headers],
        query=query,
    )
    try:
        connection.execute(sql)
    except duckdb.Error as error:
        raise InputError(relation.file, f"{name} failed on it: {str(error).splitlines()[0]}") from None
    columns = [row[0] for row in connection.execute(f"DESCRIBE {QUERY_ROWS}").fetchall()]
    if "source_line" not in columns:
        raise UsageError(f"{name}: it must select source_line too, so that each row can be traced to its line")
    headers = tuple(column for column in columns if column != "source_line")
    texts = ", ".join(f"{quoted(header)}::varchar as c{position}" for position, header in enumerate(headers))
    return Relation(relation.file, f"(select source_line, {texts} from {QUERY_ROWS})", headers, "source_line::bigint")


def count_lines_left_out(connection: duckdb.DuckDBPyConnection, relation: Relation) -> int:
    """Records of the file from which the query made no row; they count as skipped by the study."""
    sql = render_sql("staging/lines_left_out.sql.j2", line_sql=relation.line_sql, relation=relation.name)
    return connection.execute(sql).fetchall()[0][0]
