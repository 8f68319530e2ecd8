"""The text of the simulated district's study.toml."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from transforms.simulation.pd_files import DAILY_SUBSTITUTE_COST, HOURLY_TEACHER_COST
from transforms.simulation.plan import DistrictPlan
from transforms.simulation.schools import LEA_ID
from transforms.simulation.study_sources import SourceEntry, sources


def study_text(plan: DistrictPlan) -> str:
    """The text of study.toml."""
    lines = [
        "# A simulated district: every person, school and score in it is made up.",
        "[study]",
        'name = "Riverbend Public Schools (simulated)"',
        f'lea_id = "{LEA_ID}"',
        f"school_years = {list(plan.school_years)}",
        f"report_year = {plan.school_years[-1]}",
        "",
        "[warehouse]",
        'path = "warehouse"',
        "",
        "[cost]",
        'currency = "$"',
        f"teacher_hourly_cost = {HOURLY_TEACHER_COST}",
        f"substitute_daily_cost = {DAILY_SUBSTITUTE_COST}",
        "hours_per_substitute_day = 7",
    ]
    for source in sources(plan):
        lines += _source_lines(source)
    return "\n".join(lines) + "\n"


def _source_lines(source: SourceEntry) -> list[str]:
    lines = ["", *([f"# {source.comment}"] if source.comment else []), "[[source]]"]
    lines += [f"entity = {_toml(source.entity)}", f"path = {_toml(source.path)}"]
    lines += [f"{key} = {_toml(value)}" for key, value in source.options.items()]
    tables: dict[str, Mapping[str, Any]] = {"columns": source.columns}
    tables |= {f"values.{column}": mapping for column, mapping in source.values.items()}
    tables |= {"constants": source.constants, "templates": source.templates}
    for name, entries in tables.items():
        if entries:
            lines += ["", f"[source.{name}]"]
            lines += [f"{_key(key)} = {_toml(value)}" for key, value in entries.items()]
    return lines


def _toml(value: Any) -> str:
    # JSON's strings, numbers, booleans and lists of them are TOML's as well
    return json.dumps(value, ensure_ascii=False)


def _key(key: str) -> str:
    return key if key.replace("_", "").isalnum() and key.isascii() else _toml(key)
