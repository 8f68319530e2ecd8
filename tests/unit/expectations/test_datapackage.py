"""The descriptor of the tables is one that tools of the Frictionless specifications can read."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from expectations.contract import Column, Kind, Table
from expectations.datapackage import DataFile, Package, data_package, parquet_file
from expectations.entities import ENTITIES
from expectations.outputs import OUTPUTS
from tests.unit.expectations.data_package_rules import broken_rules

ABOUT = Package("riverbend", "Riverbend", "All tables.", "1.3", "2026-11-26T00:00:00Z")
ALL = (*ENTITIES.values(), *OUTPUTS.values())


def described(*tables: Table, **options: Any) -> dict[str, Any]:
    return data_package(tables, ABOUT, parquet_file, **options)


def schema_of(package: dict[str, Any], name: str) -> dict[str, Any]:
    (schema,) = (each["schema"] for each in package["resources"] if each["name"] == name)
    return schema


def test_the_descriptor_of_all_tables_keeps_the_rules_of_the_specification() -> None:
    def in_database(table: Table) -> DataFile:
        return DataFile("pdeval.duckdb", "duckdb", "application/vnd.duckdb", table.qualified_name)

    package = json.loads(json.dumps(data_package(ALL, ABOUT, in_database)))
    assert broken_rules(package) == []
    assert len(package["resources"]) == len(ALL)
    assert package["resources"][0]["dialect"] == {"table": "core.school"}


def test_a_table_becomes_a_resource_with_its_file_fields_and_key() -> None:
    table = Table(
        "report", "reach", "One row per school", "Reach.", ("school_id",),
        (
            Column("school_id", Kind.ID, "School.", is_required=True),
            Column("grade_level", Kind.GRADE, "Grade.", minimum=-1, maximum=12),
            Column("level", Kind.TEXT, "Level.", allowed=("low", "high")),
            Column("hours", Kind.NUMBER, "Hours.", unit="hours"),
            Column("email", Kind.TEXT, "Address.", is_direct_identifier=True),
        ),
    )  # fmt: skip
    (resource,) = described(table)["resources"]
    assert (resource["name"], resource["path"]) == ("report.reach", "reach.parquet")
    assert resource["description"] == "One row per school. Reach."
    assert resource["schema"] == {
        "fields": [
            {
                "name": "school_id", "type": "string", "description": "School.",
                "constraints": {"required": True},
            },
            {
                "name": "grade_level", "type": "integer", "description": "Grade. From -1 to 12.",
                "constraints": {"minimum": -1, "maximum": 12},
            },
            {
                "name": "level", "type": "string", "description": "Level. One of: low, high.",
                "constraints": {"enum": ["low", "high"]},
            },
            {"name": "hours", "type": "number", "description": "Hours. Unit: hours.", "unit": "hours"},
        ],
        "primaryKey": ["school_id"],
    }  # fmt: skip


def test_a_direct_identifier_is_never_described() -> None:
    text = json.dumps(described(*ALL))
    for name in ("birth_date", "first_name", "last_name"):
        assert f'"name": "{name}"' not in text


def test_a_key_with_a_column_that_may_be_empty_is_no_primary_key() -> None:
    assert "primaryKey" not in schema_of(described(*ALL), "core.pd_participation")
    assert schema_of(described(*ALL), "core.pd_activity")["primaryKey"] == ["pd_activity_id"]


def test_foreign_keys_lead_only_to_what_one_table_of_the_package_declares() -> None:
    def keys(package: dict[str, Any], name: str) -> set[str]:
        return {key["reference"]["resource"] for key in schema_of(package, name).get("foreignKeys", ())}

    whole = described(*ALL)
    assert keys(whole, "core.pd_participation") == {"core.pd_activity", "core.pd_session"}  # not core.staff
    assert keys(whole, "estimates.sensitivity") == {"estimates.effect"}
    without = described(*ALL, empty={"core.pd_session"})
    assert keys(without, "core.pd_participation") == {"core.pd_activity"}
    assert keys(described(ENTITIES["pd_participation"]), "core.pd_participation") == set()


def _first(package: dict[str, Any]) -> dict[str, Any]:
    return package["resources"][0]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda p: p.update(name="River Bend"), "name"),
        (lambda p: p.update(created="yesterday"), "created"),
        (lambda p: p.update(resources=[]), "resources"),
        (lambda p: p["resources"].append(_first(p)), "stands twice"),
        (lambda p: _first(p).update(path="../pdeval.duckdb"), "path"),
        (lambda p: _first(p).update(name="Core"), "name"),
        (lambda p: _first(p)["schema"]["fields"].append(_first(p)["schema"]["fields"][0]), "twice"),
        (lambda p: _first(p)["schema"]["fields"][0].update(type="varchar"), "type varchar"),
        (lambda p: _first(p)["schema"]["fields"][0].update(description=""), "no description"),
        (lambda p: _first(p)["schema"]["fields"][0].update(constraints={"minimum": 1}), "constraint"),
        (lambda p: _first(p)["schema"].update(primaryKey=["locale"]), "primaryKey"),
        (
            lambda p: _first(p)["schema"].update(
                foreignKeys=[{"fields": "school_id", "reference": {"resource": "x", "fields": "y"}}]
            ),
            "foreignKey",
        ),
    ],
)
def test_the_rules_find_a_spoilt_descriptor(spoil: Callable[[dict[str, Any]], None], said: str) -> None:
    package = copy.deepcopy(described(ENTITIES["school"]))
    assert broken_rules(package) == []
    spoil(package)
    assert any(said in rule for rule in broken_rules(package))
