"""The rules that follow from the contract."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest

from expectations.contract import Column, Kind, Table
from expectations.entities import ENTITIES
from expectations.outputs import FRAMES
from expectations.rules import Rule, rules_for

MENTORING = Table(
    schema="frames",
    name="mentoring",
    grain="One row per mentor and day",
    description="Who mentored when.",
    key=("mentor_id", "day"),
    columns=(
        Column("mentor_id", Kind.ID, "Id of the mentor.", is_required=True),
        Column("day", Kind.DATE, "Day.", is_required=True),
        Column("form", Kind.TEXT, "Form.", allowed=("visit", "call")),
        Column("hours", Kind.NUMBER, "Hours.", minimum=0, maximum=8, unit="hours"),
        Column("begin_date", Kind.DATE, "First day."),
        Column("end_date", Kind.DATE, "Last day."),
        Column("mentor_name", Kind.TEXT, "Name.", is_required=True, is_direct_identifier=True),
    ),
)
ALL = (*ENTITIES.values(), *FRAMES)


def by_id(rules: tuple[Rule, ...]) -> dict[str, Rule]:
    return {rule.rule_id: rule for rule in rules}


def of_table(table: Table, **options: object) -> dict[str, Rule]:
    rules = by_id(rules_for((table,), **options))  # type: ignore[arg-type]
    return {rule_id: rule for rule_id, rule in rules.items() if rule.table == table.qualified_name}


def test_a_table_has_one_rule_for_each_thing_that_the_contract_says() -> None:
    kinds = Counter(rule.kind for rule in of_table(MENTORING).values())
    # not_null: mentor_id and day, not the name, which is never published
    assert kinds == {"columns": 1, "unique_key": 1, "not_null": 2, "in_set": 1, "between": 1, "ordered": 1}


def test_a_direct_identifier_is_no_column_of_the_published_table() -> None:
    rule = of_table(MENTORING)["frames.mentoring.columns"]
    assert rule.parameters["columns"] == ("mentor_id", "day", "form", "hours", "begin_date", "end_date")


def test_what_a_study_adds_is_permitted_in_columns_of_that_name_alone() -> None:
    rules = by_id(rules_for(ALL, added_values={"pd_type": ("lesson_study",)}))
    assert "lesson_study" in rules["core.pd_activity.pd_type.in_set"].parameters["values"]
    assert "lesson_study" in rules["core.decision.pd_type.in_set"].parameters["values"]
    assert "lesson_study" not in rules["core.pd_activity.research_base.in_set"].parameters["values"]


def test_the_meaning_is_a_sentence_with_unit_and_range() -> None:
    rules = of_table(MENTORING)
    assert (
        rules["frames.mentoring.hours.between"].meaning
        == "The hours of each mentoring, where given, lies from 0 to 8 hours."
    )
    assert (
        rules["frames.mentoring.end_date.ordered"].meaning
        == "The end date of a mentoring is not before its begin date."
    )


def test_every_rule_has_an_id_of_its_own_a_meaning_and_a_severity() -> None:
    rules = rules_for(ALL, school_years=(2024, 2025))
    assert len(by_id(rules)) == len(rules)
    assert {rule.severity for rule in rules} == {"critical", "warning"}
    assert all(rule.meaning.endswith(".") for rule in rules)
    assert {rule.table for rule in rules} == {table.qualified_name for table in ALL} | {"meta.reconciliation"}


def test_ids_that_a_table_declares_itself_need_no_other_table() -> None:
    rules = by_id(rules_for(ALL))
    assert "core.staff_assignment.staff_id.reference" not in rules
    assert "core.section_staff.staff_id.reference" in rules


def test_the_observer_must_be_a_known_member_of_staff() -> None:
    rule = by_id(rules_for(ALL))["core.observation.observer_staff_id.reference"]
    assert "select observer_staff_id" not in rule.parameters["sql"].partition("undeclared")[0]
    assert "checked.observer_staff_id" in rule.parameters["sql"]


def test_ids_of_schools_and_activities_are_no_pseudonyms() -> None:
    columns = {rule.column_name for rule in rules_for(ALL) if rule.kind == "pseudonym"}
    assert columns == {
        "staff_id",
        "student_id",
        "section_id",
        "response_id",
        "observation_id",
        "observer_staff_id",
    }


def test_school_years_are_asked_for_only_where_the_study_names_them() -> None:
    assert not [rule for rule in rules_for(ALL) if rule.rule_id.endswith("in_study")]
    rule = by_id(rules_for(ALL, school_years=(2025, 2024)))["core.assessment_result.school_year.in_study"]
    assert rule.parameters["values"] == (2024, 2025)
    assert rule.severity == "warning"


def test_the_quarantined_share_of_one_entity_can_be_set_apart() -> None:
    rules = by_id(rules_for(ALL, quarantined_share=0.1, quarantined_share_by_entity={"staff": 0.25}))
    assert rules["core.staff.quarantined_share"].parameters["values"]["maximum_share"] == 0.25
    assert rules["core.school.quarantined_share"].parameters["values"]["maximum_share"] == 0.1
    assert rules["core.staff.quarantined_share"].meaning.startswith("At most 25 % of the staff rows")


def test_checks_of_frames_are_left_out_of_a_build_without_frames() -> None:
    schemas = {rule.table_schema for rule in rules_for(ENTITIES.values())}
    assert schemas == {"core", "meta"}


@pytest.mark.parametrize("module", ["rules", "outcome", "gate", "sql_checks"])
def test_great_expectations_is_not_imported_before_the_gate_runs(module: str) -> None:
    code = f"import sys, expectations.{module}; print('great_expectations' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
