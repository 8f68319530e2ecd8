"""Which statements may run: one, and only one that reads."""

from __future__ import annotations

import re

import duckdb

from transforms.errors import UsageError

MOST_CHARACTERS = 1_000_000
READING_WORDS = (
    "select",
    "with",
    "from",
    "values",
    "table",
    "describe",
    "desc",
    "summarize",
    "show",
    "explain",
    "pivot",
    "unpivot",
)
_WORD = re.compile(r"\w+|.", re.DOTALL)
# A PIVOT that has to look for its columns is a type, a SELECT and the dropping of the type in one.
_READING_TYPES = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN, duckdb.StatementType.MULTI}


def reading_statement(connection: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement:
    """The only statement of ``sql``; UsageError where there is none, another one, or one that does not read.

    duckdb.ParserException where the text is no SQL. What a SELECT can do beside reading (a WITH that
    deletes or copies) is left to the locked connection, which refuses it.
    """
    if len(sql) > MOST_CHARACTERS:
        raise UsageError(f"SQL: {len(sql):,} characters; {MOST_CHARACTERS:,} at most are taken")
    if "\0" in sql:
        raise UsageError("SQL: holds a zero byte, which no statement has")
    statements = connection.extract_statements(sql)
    if not statements:
        raise UsageError('SQL: no statement; give one, as "from estimates.effect"')
    if len(statements) > 1:
        raise UsageError(f"SQL: {len(statements)} statements; give one at a time")
    statement = statements[0]
    words = _words(statement.query)
    if statement.type not in _READING_TYPES or words[0] not in READING_WORDS:
        raise UsageError(_refusal(statement.type.name, words[0]))
    if words[0] == "explain":
        _refuse_unless_reading(words[1:])
    if statement.named_parameters:
        raise UsageError("SQL: has parameters ($1, ?); write their values into the statement")
    return statement


def _refuse_unless_reading(words: list[str]) -> None:
    """EXPLAIN ANALYZE runs what it explains: the first word of that has to be one that reads."""
    depth = 0
    for word in words:
        depth += (word == "(") - (word == ")")
        if depth == 0 and word not in (")", "analyze", "analyse", "verbose"):
            if word not in READING_WORDS:
                raise UsageError(_refusal("EXPLAIN", f"explain {word}"))
            return


def _refusal(kind: str, word: str) -> str:
    told = word if word.replace(" ", "").isalpha() else kind.replace("_", " ")
    return (
        f"SQL: {told.upper()} is not allowed, but only statements that read:"
        f" {', '.join(name.upper() for name in READING_WORDS)}"
    )


def _words(sql: str) -> list[str]:
    """The words and signs of a statement in lower case, from its first word on; comments are left out."""
    encoded = sql.encode()
    starts = [start for start, kind in duckdb.tokenize(sql) if kind != duckdb.token_type.comment]
    words = [_WORD.match(encoded[start : start + 80].decode(errors="replace")) for start in starts]
    found = [word.group().lower() for word in words if word is not None]
    first = next((position for position, word in enumerate(found) if word != "("), 0)
    return found[first:] or [""]
