"""Tables of the contract as a Frictionless Data Package (version 1, tabular resources).

Licences, contributors and sources are the study's to say: a descriptor names none.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from expectations.contract import DECLARED_BY, Column, Kind, Table
from expectations.entities import ENTITIES

_TYPES = {
    Kind.ID: "string",
    Kind.TEXT: "string",
    Kind.INTEGER: "integer",
    Kind.NUMBER: "number",
    Kind.BOOLEAN: "boolean",
    Kind.DATE: "date",
    Kind.TIMESTAMP: "datetime",
    Kind.SCHOOL_YEAR: "integer",
    Kind.GRADE: "integer",
}


@dataclass(frozen=True)
class Package:
    """What a descriptor says of the whole: ``name`` is of a-z, 0-9, ``-._``; ``created`` an RFC 3339 time."""

    name: str
    title: str
    description: str
    version: str
    created: str


@dataclass(frozen=True)
class DataFile:
    """Where the rows of a table are, from the folder of the descriptor; ``table`` is its name in the file."""

    path: str
    format: str
    mediatype: str
    table: str = ""


def parquet_file(table: Table) -> DataFile:
    """``name.parquet`` beside the descriptor."""
    return DataFile(f"{table.name}.parquet", "parquet", "application/vnd.apache.parquet")


def data_package(
    tables: Sequence[Table],
    package: Package,
    file_of: Callable[[Table], DataFile],
    empty: Collection[str] = frozenset(),
) -> dict[str, object]:
    """The descriptor of ``tables``, ready for JSON.

    ``empty`` are qualified names of tables without rows: no foreign key leads to one, as no source declares
    its ids. A foreign key stands only where it holds in all studies; ids of staff and students do not, since
    any of several entities may declare them. A key of which a column may be empty is no primary key: the
    description has the grain.
    """
    keys = {_name(table): table for table in tables if table.qualified_name not in empty}
    return {
        "profile": "tabular-data-package",
        "name": package.name,
        "title": package.title,
        "description": package.description,
        "version": package.version,
        "created": package.created,
        "resources": [_resource(table, file_of(table), keys) for table in tables],
    }


def _name(table: Table) -> str:
    return table.qualified_name.lower()


def _resource(table: Table, file: DataFile, keys: dict[str, Table]) -> dict[str, object]:
    resource: dict[str, object] = {
        "profile": "tabular-data-resource",
        "name": _name(table),
        "title": table.qualified_name,
        "description": table.comment,
        "path": file.path,
        "format": file.format,
        "mediatype": file.mediatype,
        "encoding": "utf-8",
        "schema": _schema(table, keys),
    }
    return resource | ({"dialect": {"table": file.table}} if file.table else {})


def _schema(table: Table, keys: dict[str, Table]) -> dict[str, object]:
    schema: dict[str, object] = {"fields": [_field(column) for column in table.published_columns]}
    if all(table.column(name).is_required for name in table.key):
        schema["primaryKey"] = list(table.key)
    foreign = [
        {"fields": column.name, "reference": {"resource": resource, "fields": field}}
        for column in table.published_columns
        for resource, field in _reference(table, column)
        if resource in keys
    ]
    return schema | ({"foreignKeys": foreign} if foreign else {})


def _reference(table: Table, column: Column) -> list[tuple[str, str]]:
    """The resource and field that declare the ids of a column, where one table alone declares them."""
    if column.name == "effect_id" and table.qualified_name != "estimates.effect":
        return [("estimates.effect", "effect_id")]
    entity = column.references
    if not entity or entity == table.name or DECLARED_BY[entity][0] != (entity,):
        return []
    return [(f"core.{entity}", ENTITIES[entity].key[0])]


def _field(column: Column) -> dict[str, object]:
    constraints: dict[str, object] = {"required": True} if column.is_required else {}
    if column.allowed:
        constraints["enum"] = list(column.allowed)
    if column.minimum is not None:
        constraints["minimum"] = _bound(column, column.minimum)
    if column.maximum is not None:
        constraints["maximum"] = _bound(column, column.maximum)
    field: dict[str, object] = {
        "name": column.name,
        "type": _TYPES[column.kind],
        "description": column.comment,
    }
    if column.unit:
        field["unit"] = column.unit
    return field | ({"constraints": constraints} if constraints else {})


def _bound(column: Column, value: float) -> float:
    return int(value) if _TYPES[column.kind] == "integer" else value
