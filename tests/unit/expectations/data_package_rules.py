"""Rules of the Frictionless specifications (Data Package, Tabular Data Resource, Table Schema; version 1).

Written from https://specs.frictionlessdata.io: what the JSON schemas of the profiles ask of a descriptor, and
the references between its parts that they cannot ask.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

_NAME = re.compile(r"[-a-z0-9._/]+")
_TYPES = {"string", "number", "integer", "boolean", "date", "datetime"}
_CONSTRAINTS = {
    "string": {"required", "unique", "enum", "minLength", "maxLength", "pattern"},
    "number": {"required", "unique", "enum", "minimum", "maximum"},
    "integer": {"required", "unique", "enum", "minimum", "maximum"},
    "boolean": {"required", "unique", "enum"},
    "date": {"required", "unique", "enum", "minimum", "maximum"},
    "datetime": {"required", "unique", "enum", "minimum", "maximum"},
}


def broken_rules(package: Mapping[str, Any]) -> list[str]:
    """What the specifications forbid in ``package``, each with its place; empty where it is valid."""
    return list(_of_package(package))


def _of_package(package: Mapping[str, Any]) -> Iterator[str]:
    if package.get("profile") != "tabular-data-package":
        yield "profile: not tabular-data-package"
    if not _NAME.fullmatch(package.get("name", "")):
        yield "name: not of a-z 0-9 . _ - /"
    try:
        is_dated = datetime.fromisoformat(package.get("created", "")).tzinfo is not None
    except ValueError:
        is_dated = False
    if not is_dated:
        yield "created: no RFC 3339 time"
    resources = package.get("resources") or []
    if not resources:
        yield "resources: at least one is wanted"
    names = [resource.get("name") for resource in resources]
    if len(names) != len(set(names)):
        yield "resources: a name stands twice"
    fields = {
        resource["name"]: {field["name"] for field in resource["schema"]["fields"]} for resource in resources
    }
    for resource in resources:
        yield from _of_resource(resource, fields)


def _of_resource(resource: Mapping[str, Any], fields: Mapping[str, set[str]]) -> Iterator[str]:
    place = resource["name"]
    if not _NAME.fullmatch(place):
        yield f"{place}: name not of a-z 0-9 . _ - /"
    if resource.get("profile") != "tabular-data-resource":
        yield f"{place}: profile"
    path = PurePosixPath(resource.get("path", ""))
    if "data" in resource or not path.name or path.is_absolute() or ".." in path.parts:
        yield f"{place}: path must be relative, below the descriptor"
    schema = resource["schema"]
    names = [field["name"] for field in schema["fields"]]
    if not names or len(names) != len(set(names)):
        yield f"{place}: fields missing or twice"
    for field in schema["fields"]:
        yield from _of_field(f"{place}.{field['name']}", field)
    required = {f["name"] for f in schema["fields"] if f.get("constraints", {}).get("required")}
    if not set(schema.get("primaryKey", ())) <= required:
        yield f"{place}: primaryKey is not of required fields"
    for key in schema.get("foreignKeys", ()):
        reference = key["reference"]
        if key["fields"] not in names or reference["fields"] not in fields.get(reference["resource"], ()):
            yield f"{place}: foreignKey leads nowhere"


def _of_field(place: str, field: Mapping[str, Any]) -> Iterator[str]:
    kind = field.get("type")
    if kind not in _TYPES:
        yield f"{place}: type {kind}"
        return
    if not field.get("description"):
        yield f"{place}: no description"
    constraints = field.get("constraints", {})
    if not constraints.keys() <= _CONSTRAINTS[kind]:
        yield f"{place}: constraint not of a {kind}"
    if "enum" in constraints and not (
        constraints["enum"] and len(set(constraints["enum"])) == len(constraints["enum"])
    ):
        yield f"{place}: enum empty or with a value twice"
    if kind == "integer" and not all(
        isinstance(constraints[end], int) for end in ("minimum", "maximum") if end in constraints
    ):
        yield f"{place}: bound of an integer is none"
