"""The names and types of the published tables as they were when their version was last raised.

``python -m tests.spec.published_schema`` writes them anew, after expectations/schema_versions.py has the new
version.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from expectations.entities import ENTITIES
from expectations.macros import macros
from expectations.outputs import OUTPUTS
from expectations.schema_versions import SCHEMA_VERSION

KEPT = Path(__file__).with_name("published_schema.txt")
RENEW = "python -m tests.spec.published_schema"


def declared() -> dict[str, str]:
    """Every table (its key), column (its type) and macro (its parameters and columns) of the contract."""
    names: dict[str, str] = {}
    for table in (*ENTITIES.values(), *OUTPUTS.values()):
        names[table.qualified_name] = f"key {', '.join(table.key)}"
        for column in table.published_columns:
            required = " not null" if column.is_required else ""
            names[f"{table.qualified_name}.{column.name}"] = f"{column.kind.sql_type}{required}"
    for macro in macros():
        names[f"macro {macro.name}"] = "table macro"
        for position, parameter in enumerate(macro.parameters, 1):
            names[f"macro {macro.name}({position}: {parameter})"] = "null means all"
        for column in macro.columns:
            names[f"macro {macro.name}.{column}"] = "column"
    return names


def as_text(version: str, names: Mapping[str, str]) -> str:
    """The kept text: the version, then a line each."""
    return "".join([f"version {version}\n", *(f"{name} | {what}\n" for name, what in names.items())])


def kept() -> tuple[str, dict[str, str]]:
    """The version that was kept, and its names."""
    first, *lines = KEPT.read_text(encoding="utf-8").splitlines()
    return first.removeprefix("version "), dict(line.split(" | ", 1) for line in lines)


def what_to_do(before: tuple[str, Mapping[str, str]], version: str, names: Mapping[str, str]) -> str:
    """What somebody who changed the tables has still to do; empty where nothing is left."""
    old_version, old = before
    gone = sorted(old.keys() - names.keys())
    other = sorted(name for name in old.keys() & names.keys() if old[name] != names[name])
    new = sorted(names.keys() - old.keys())
    if not (gone or other or new):
        return "" if version == old_version else f"the version is {version} now: {RENEW}"
    is_breaking = bool(gone or other)
    wanted = _next(old_version, is_breaking)
    kinds = {"gone": gone, "changed": other, "new": new}
    told = [f"{kind}: {name}" for kind, named in kinds.items() for name in named]
    head = f"{len(told)} of the published names or types changed ({'; '.join(told[:8])})"
    if _parts(version) < _parts(wanted):
        return (
            f"{head}. Add version {wanted} with what changed to expectations/schema_versions.py (the rule:"
            f" docs/reference/schema-versions.md), then: {RENEW}"
        )
    return f"{head}. The version is {version}, as it must be; now: {RENEW}"


def _parts(version: str) -> tuple[int, int]:
    major, minor = version.split(".")
    return int(major), int(minor)


def _next(version: str, is_breaking: bool) -> str:
    major, minor = _parts(version)
    return f"{major + 1}.0" if is_breaking else f"{major}.{minor + 1}"


if __name__ == "__main__":
    KEPT.write_text(as_text(SCHEMA_VERSION, declared()), encoding="utf-8")
    print(f"{KEPT}: version {SCHEMA_VERSION}, {len(declared())} names")
