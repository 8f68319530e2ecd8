"""Readers' queries outlive a build: no table changes without its version, and none breaks in a minor one."""

from __future__ import annotations

import pytest

from expectations.schema_versions import SCHEMA_VERSION, SCHEMA_VERSIONS
from tests.spec.published_schema import RENEW, declared, kept, what_to_do

BEFORE = ("1.4", {"core.school": "key school_id", "core.school.school_id": "VARCHAR not null"})


def test_tables_and_columns_are_those_of_the_version() -> None:
    todo = what_to_do(kept(), SCHEMA_VERSION, declared())
    assert not todo, todo


def test_a_change_without_a_new_version_is_told_what_to_do() -> None:
    added = {**BEFORE[1], "core.school.locale": "VARCHAR"}
    todo = what_to_do(BEFORE, "1.4", added)
    assert "new: core.school.locale" in todo
    assert "Add version 1.5" in todo
    assert RENEW in todo


def test_a_new_column_is_a_minor_version_which_is_then_kept() -> None:
    added = {**BEFORE[1], "core.school.locale": "VARCHAR"}
    todo = what_to_do(BEFORE, "1.5", added)
    assert "Add version" not in todo
    assert RENEW in todo
    assert what_to_do(("1.5", added), "1.5", added) == ""


@pytest.mark.parametrize(
    "after",
    [
        {"core.school": "key school_id"},  # gone
        {**BEFORE[1], "core.school.school_id": "BIGINT not null"},  # another type
        {**BEFORE[1], "core.school": "key school_id, school_year"},  # another grain
    ],
)
def test_what_breaks_a_query_needs_a_major_version(after: dict[str, str]) -> None:
    assert "Add version 2.0" in what_to_do(BEFORE, "1.5", after)
    assert "Add version" not in what_to_do(BEFORE, "2.0", after)


def test_versions_follow_each_other_and_say_what_changed() -> None:
    numbers = [tuple(map(int, each.version.split("."))) for each in SCHEMA_VERSIONS]
    assert numbers == sorted(set(numbers))
    assert [each.since for each in SCHEMA_VERSIONS] == sorted(each.since for each in SCHEMA_VERSIONS)
    assert all(len(each.changes) > 20 for each in SCHEMA_VERSIONS)
    assert SCHEMA_VERSIONS[0].kind == "major"
    assert SCHEMA_VERSIONS[1].kind == "minor"
