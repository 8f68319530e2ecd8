"""What is wrong in one ``[[source]]`` of a study.toml, held against the contract and the study folder."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from expectations.contract import Table
from expectations.entities import ENTITIES
from flows.problems import KeyPath, Problem, nearest, shown
from transforms.sources.source import FORMAT_ENTITIES, Source

_PLACEHOLDER = re.compile(r"\{[^{}]+\}")
_OPEN_CHOICES = {"construct"}  # a study may add its own


def problems_of_source(source: Source, study_folder: Path, pd_types: Sequence[str]) -> Iterator[Problem]:
    """What is wrong in one ``[[source]]``; key paths are relative to it."""
    if not source.path.strip():
        yield Problem(("path",), "is empty")
    if source.format and source.entity:
        yield Problem(("format",), "has an entity beside it; a source has exactly one of entity and format")
    elif source.format in FORMAT_ENTITIES:
        yield from _problems_of_format(source)
    elif source.format:
        yield Problem(
            ("format",), f"format {source.format} is not supported in this version; map its files by entity"
        )
    elif not source.entity:
        yield Problem(("entity",), "is missing; a source has exactly one of entity and format")
    elif source.entity not in ENTITIES:
        yield Problem(("entity",), f"unknown entity {shown(source.entity)}{nearest(source.entity, ENTITIES)}")
    else:
        yield from _problems_of_mapping(source, ENTITIES[source.entity], pd_types)
    yield from _problems_of_reading(source)
    yield from _problems_of_query(source, study_folder)


def _problems_of_format(source: Source) -> Iterator[Problem]:
    """A format says itself what its columns are: a mapping beside it would be ignored without a word."""
    for name in sorted(source.model_fields_set - {"format", "path"}):
        yield Problem((name,), f"has no meaning with format = {shown(source.format)}; remove it")


def _problems_of_mapping(source: Source, table: Table, pd_types: Sequence[str]) -> Iterator[Problem]:
    unknown = f"unknown column of {table.name}"
    for mapping in ("columns", "values", "constants", "templates"):
        for name in getattr(source, mapping):
            if name not in table.column_names:
                yield Problem((mapping, name), f"{unknown}{nearest(name, table.column_names)}")
    for name in source.skip_if_missing:
        if name not in table.column_names:
            yield Problem(
                ("skip_if_missing",), f"{unknown}: {shown(name)}{nearest(name, table.column_names)}"
            )
    yield from _problems_of_fills(source)
    yield from _problems_of_values(source, table, pd_types)


def _problems_of_fills(source: Source) -> Iterator[Problem]:
    """A column with two fillings: which one wins would be a guess."""
    fillings = ("columns", "constants", "templates")
    for position, first in enumerate(fillings):
        for second in fillings[position + 1 :]:
            for name in getattr(source, second):
                if name in getattr(source, first):
                    yield Problem(
                        (second, name), f"is filled by [source.{first}] as well; keep one of the two"
                    )
    for name, template in source.templates.items():
        if re.search(r"[{}]", _PLACEHOLDER.sub("", template)):
            yield Problem(("templates", name), f"braces do not pair in {shown(template)}")


def _problems_of_values(source: Source, table: Table, pd_types: Sequence[str]) -> Iterator[Problem]:
    permitted = {column.name: column.allowed for column in table.columns if column.allowed}
    if "pd_type" in permitted:
        permitted["pd_type"] = tuple(pd_types)
    for name in permitted.keys() - _OPEN_CHOICES:
        written: dict[KeyPath, str] = {
            ("values", name, vendor): value for vendor, value in source.values.get(name, {}).items()
        }
        if name in source.constants:
            written["constants", name] = str(source.constants[name])
        for key_path, value in written.items():
            if value and value.lower() not in permitted[name]:
                yield Problem(key_path, f"{shown(value)} is no {name}{nearest(value, permitted[name])}")


def _problems_of_reading(source: Source) -> Iterator[Problem]:
    if source.encoding and not _is_encoding(source.encoding):
        yield Problem(("encoding",), f"unknown encoding {shown(source.encoding)}")
    if source.delimiter is not None and len(source.delimiter) != 1:
        yield Problem(("delimiter",), f"should be one character, got {shown(source.delimiter)}")
    if source.on_conflict == "latest" and not source.order_column:
        yield Problem(("order_column",), 'is missing; on_conflict = "latest" needs it')
    if source.order_column and source.on_conflict != "latest":
        yield Problem(("order_column",), 'has no meaning without on_conflict = "latest"')


def _is_encoding(name: str) -> bool:
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return True


def _problems_of_query(source: Source, study_folder: Path) -> Iterator[Problem]:
    if source.query is None:
        return
    if source.columns:
        yield Problem(("query",), "has [source.columns] beside it; name the canonical columns in the query")
    if Path(source.query).is_absolute() or not _is_within(study_folder / source.query, study_folder):
        yield Problem(("query",), f"{shown(source.query)} leaves the study folder")
    elif not (study_folder / source.query).is_file():
        yield Problem(("query",), f"{shown(source.query)} is no file in the study folder")


def _is_within(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())
