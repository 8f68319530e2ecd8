"""What DuckDB says of a statement or file that it cannot take, as one line: where, what, what to do."""

from __future__ import annotations

import json

import duckdb

_LONGEST = 400
_UNREACHABLE = (
    "files, network, extensions and settings are out of reach of a query; open the database with a client of"
    " your own (pdeval open) for those"
)
_OUT_OF_REACH = ("Permission", "Missing Extension", "HTTP")
_LOCKED = ("configuration has been locked", "but it exists in the")


def sql_problem(error: duckdb.Error, sql: str, checked: str = "") -> str:
    """The line for an error of ``sql``; ``checked`` is its statement as DuckDB cut it out of the text."""
    told = _told(error)
    kind, message = told.get("exception_type", "SQL"), _one_line(told.get("exception_message", ""))
    place = _place(sql, checked or sql, told.get("position"))
    if kind in _OUT_OF_REACH or any(locked in message for locked in _LOCKED):
        message = f"{message.split(' - ')[0].split(' Please try')[0].rstrip('.')}; {_UNREACHABLE}"
    elif "read-only mode" in message:
        message = "the statement would change the database, which is published and read-only"
    elif told.get("error_subtype") == "SYNTAX_ERROR":
        message = f"{message}; is a word misspelled, or a comma or bracket missing before it?"
    elif told.get("candidates") and "(" not in told["candidates"]:
        message = f"{_without_candidates(message)}; the nearest names: {_listed(told['candidates'])}"
    return f"SQL{place}: {_shortened(message)}"


def memory_problem(memory_limit: str) -> str:
    """The line for a statement that needs more memory than it may use."""
    return (
        f"SQL: needs more memory than the {memory_limit} of a query (memory_limit in study.toml);"
        " filter or group first, or ask for fewer columns"
    )


def file_problem(name: str, error: duckdb.Error) -> str:
    """The line for a database that cannot be opened."""
    message = _shortened(_one_line(str(error).splitlines()[0]))
    if "Could not set lock" in message:
        return f"{name}: another program has it open for writing; close it there, and open it read-only"
    if "Permission denied" in message:
        return f"{name}: this account may not read it; ask for the group that the folder belongs to"
    return f"{name}: cannot be read by DuckDB {duckdb.__version__}: {message}; pdeval run makes it anew"


def _told(error: duckdb.Error) -> dict[str, str]:
    """The fields of an error; those of JSON after the name of its kind, else its text alone."""
    text = str(error)
    start = text.find("{")
    try:
        fields = json.loads(text[start:]) if start >= 0 else None
    except ValueError:
        fields = None
    if isinstance(fields, dict):
        return {str(name): str(value) for name, value in fields.items()}
    return {"exception_message": text}


def _place(sql: str, checked: str, position: str | None) -> str:
    """``, line 2, column 8``: positions are bytes of the statement, which begins somewhere in the text."""
    if position is None or not position.isdecimal():
        return ""
    whole, part = sql.encode(), checked.encode()
    before = whole[: max(whole.find(part), 0) + int(position)].decode(errors="replace")
    return f", line {before.count(chr(10)) + 1}, column {len(before) - before.rfind(chr(10))}"


def _listed(candidates: str) -> str:
    return ", ".join(name.strip() for name in candidates.split(",")[:5])


def _without_candidates(message: str) -> str:
    for told in ("! Did you mean", "! Candidate bindings"):
        message = message.split(told)[0]
    return message


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
