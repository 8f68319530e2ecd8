"""What was set differently between two builds, by the names of study.toml."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

# what changes with every year's data is no change of method; where a build goes is none either
_OF_COURSE = {"study.name", "study.school_years", "study.report_year", "warehouse", "source", "file_sha256"}


def changed_settings(then: str | None, now: str | None) -> tuple[str, ...]:
    """Dotted names of settings that differ between two texts of meta.build.settings, in order.

    Sources, years, the name and the warehouse are left aside. A text that is no JSON object counts as {}.
    """
    before, after = _flat(_tables(then)), _flat(_tables(now))
    names = sorted(before.keys() | after.keys())
    return tuple(name for name in names if before.get(name) != after.get(name))


def _tables(text: str | None) -> Mapping[str, Any]:
    try:
        tables = json.loads(text or "{}")
    except ValueError:
        return {}
    return tables if isinstance(tables, dict) else {}


def _flat(tables: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in tables.items():
        path = f"{prefix}{name}"
        if path in _OF_COURSE:
            continue
        found |= _flat(value, f"{path}.") if isinstance(value, dict) and value else {path: value}
    return {name: value for name, value in found.items() if value not in (None, {}, [])}
