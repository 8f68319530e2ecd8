"""The checks of ``sql/checks``: SELECTs that return the offending rows.

A ``.sql`` file is one check. Its opening comments say which table it checks, what it means to the
district and how severe it is. A ``.sql.j2`` file is a check that the contract repeats for many tables;
only identifiers of the contract are filled in. Thresholds stand in the comments as parameters and are
bound by name (``$maximum_hours``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sql import render_sql

_FOLDER = files("sql").joinpath("checks")


@dataclass(frozen=True)
class SqlCheck:
    """One check: its name (that of the file), what its opening comments say, and its SELECT.

    ``has_detail`` says that the SELECT returns a column ``detail`` with a sentence per offending row
    that may be shown: counts and names of tables and files, nothing about a person.
    """

    name: str
    table_schema: str
    table_name: str
    columns: tuple[str, ...]
    severity: str
    meaning: str
    parameters: Mapping[str, float]
    has_detail: bool
    sql: str


def read_check(name: str, text: str) -> SqlCheck:
    """Read a check from the text of its file; ValueError names the opening comment that is missing."""
    comments = _opening_comments(text)
    for wanted in ("grain", "question", "table", "columns", "severity", "meaning"):
        if wanted not in comments:
            raise ValueError(f"sql/checks/{name}: the opening comment '-- {wanted}: …' is missing")
    if comments["severity"] not in ("critical", "warning"):
        raise ValueError(f"sql/checks/{name}: severity is critical or warning, not {comments['severity']}")
    schema, _, table = comments["table"].partition(".")
    parameters = {label: float(value) for label, value in _parameters(text)}
    return SqlCheck(
        name=name,
        table_schema=schema,
        table_name=table,
        columns=tuple(column.strip() for column in comments["columns"].split(",") if column.strip()),
        severity=comments["severity"],
        meaning=comments["meaning"].format(**parameters),
        parameters=parameters,
        has_detail="detail" in comments,
        sql=text,
    )


def _opening_comments(text: str) -> dict[str, str]:
    comments: dict[str, str] = {}
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        label, _, value = line.removeprefix("--").partition(":")
        comments[label.strip()] = value.strip()
    return comments


def _parameters(text: str) -> list[tuple[str, str]]:
    marker = "-- parameter:"
    lines = [line.removeprefix(marker) for line in text.splitlines() if line.startswith(marker)]
    return [(name.strip(), value.strip()) for name, _, value in (line.partition("=") for line in lines)]


@cache
def sql_checks() -> tuple[SqlCheck, ...]:
    """Every ``.sql`` file of ``sql/checks`` as a check, in order of name."""
    found = sorted(entry.name for entry in _FOLDER.iterdir() if entry.name.endswith(".sql"))
    return tuple(read_check(name.removesuffix(".sql"), _text(name)) for name in found)


def render_check(name: str, **identifiers: object) -> str:
    """Return the SELECT of the template ``<name>.sql.j2`` with identifiers of the contract filled in."""
    return render_sql(f"checks/{name}.sql.j2", **identifiers)


@cache
def _text(name: str) -> str:
    return _FOLDER.joinpath(name).read_text(encoding="utf-8")
