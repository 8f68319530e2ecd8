"""The data dictionary as a page: every schema, table, column and macro, from the contract's declarations."""

from __future__ import annotations

from dataclasses import dataclass

from expectations.contract import Column, Table
from expectations.entities import ENTITIES
from expectations.macros import Macro, macros, sentence
from expectations.outputs import OUTPUTS
from expectations.schema_versions import SCHEMA_VERSION, SCHEMA_VERSIONS, SchemaVersion
from expectations.schemas import SCHEMAS


@dataclass(frozen=True)
class TableEntry:
    """A table: where it is on the page, its COMMENT, its key, and each column with what it holds."""

    id: str
    name: str
    comment: str
    key: str
    columns: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SchemaEntry:
    """A schema with its tables."""

    name: str
    description: str
    tables: tuple[TableEntry, ...]


@dataclass(frozen=True)
class MacroEntry:
    """A macro: how it is called, what it answers, what it gives."""

    id: str
    signature: str
    text: str
    columns: str


@dataclass(frozen=True)
class Dictionary:
    """The page; ``difference`` says where the build is of another version, else it is empty."""

    version: str
    difference: str
    schemas: tuple[SchemaEntry, ...]
    macros: tuple[MacroEntry, ...]
    versions: tuple[SchemaVersion, ...]


def dictionary_page(version_of_build: str) -> Dictionary:
    """The dictionary for a build whose tables are of ``version_of_build``."""
    tables = (*ENTITIES.values(), *OUTPUTS.values())
    difference = (
        ""
        if version_of_build == SCHEMA_VERSION
        else f"This build has tables of version {version_of_build}; what follows is version {SCHEMA_VERSION}."
        " The COMMENTs in the database are those of the build."
    )
    by_schema = {name: tuple(_table(table) for table in tables if table.schema == name) for name in SCHEMAS}
    return Dictionary(
        SCHEMA_VERSION,
        difference,
        tuple(SchemaEntry(name, SCHEMAS[name], found) for name, found in by_schema.items() if found),
        tuple(_macro(macro) for macro in macros()),
        tuple(reversed(SCHEMA_VERSIONS)),
    )


def _table(table: Table) -> TableEntry:
    columns = tuple((column.name, _meaning(column)) for column in table.published_columns)
    name = table.qualified_name
    return TableEntry(name.replace(".", "-"), name, table.comment, ", ".join(table.key), columns)


def _meaning(column: Column) -> str:
    kind = column.kind.value.replace("_", " ") + (", never empty" if column.is_required else "")
    return f"{sentence(kind)}. {column.comment}"


def _macro(macro: Macro) -> MacroEntry:
    text = f"{sentence(macro.grain)}. {sentence(macro.question)}"
    return MacroEntry(f"macro-{macro.name}", macro.signature, text, ", ".join(macro.columns))
