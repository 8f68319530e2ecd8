"""Tables written as text: a line a column, as a reader of the contract wants them."""

from __future__ import annotations

from expectations.contract import Column, Kind, Table
from expectations.units import unit_of

_KINDS = {
    "id": Kind.ID,
    "text": Kind.TEXT,
    "int": Kind.INTEGER,
    "num": Kind.NUMBER,
    "bool": Kind.BOOLEAN,
    "date": Kind.DATE,
    "time": Kind.TIMESTAMP,
    "year": Kind.SCHOOL_YEAR,
    "grade": Kind.GRADE,
}


def _columns(table: str, specification: str) -> tuple[Column, ...]:
    """Read lines of ``name kind [unit] | description``; a ``*`` after the name marks it never null."""
    columns = []
    for line in filter(str.strip, specification.splitlines()):
        head, description = (part.strip() for part in line.split("|", 1))
        name, kind, *unit = head.split(maxsplit=2)
        columns.append(
            Column(
                name.rstrip("*"),
                _KINDS[kind],
                description,
                is_required=name.endswith("*"),
                unit=unit_of(table, name.rstrip("*"), _KINDS[kind], unit[0] if unit else ""),
            )
        )
    return tuple(columns)


def table_of(qualified_name: str, key: str, grain: str, description: str, columns: str) -> Table:
    """A table from its ``schema.name``, key columns, texts and lines of columns."""
    schema, name = qualified_name.split(".")
    return Table(schema, name, grain, description, tuple(key.split()), _columns(qualified_name, columns))
