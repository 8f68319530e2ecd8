"""What follows from the results of the gate."""

from __future__ import annotations

from dataclasses import fields, replace

from expectations.outcome import RuleResult, outcome_of
from expectations.outputs import OUTPUTS

PASSED = RuleResult(
    rule_id="core.staff.staff_id.not_null",
    table_schema="core",
    table_name="staff",
    column_name="staff_id",
    rule="not_null",
    meaning="The staff id of each staff is known.",
    severity="critical",
    status="passed",
    n_rows=1200,
    n_offending=0,
    detail=None,
)
FAILED = replace(PASSED, status="failed", n_offending=1100)
WARNED = replace(FAILED, severity="warning")
ERROR = replace(PASSED, status="error", n_offending=None, detail="no such column", severity="warning")


def test_a_result_has_the_columns_of_its_table_in_order() -> None:
    names = tuple(field.name for field in fields(RuleResult))
    assert names == OUTPUTS["meta.validation_result"].column_names


def test_what_passed_neither_blocks_nor_warns() -> None:
    outcome = outcome_of([PASSED])
    assert (outcome.blocking, outcome.warnings, outcome.is_blocked, outcome.has_errors) == (
        (),
        (),
        False,
        False,
    )


def test_a_critical_failure_blocks_with_one_line() -> None:
    outcome = outcome_of([PASSED, FAILED])
    assert outcome.is_blocked
    assert not outcome.has_errors
    assert outcome.blocking == (
        "core.staff: 1,100 found, the table has 1,200 rows."
        " Rule core.staff.staff_id.not_null: The staff id of each staff is known.",
    )


def test_a_failed_warning_does_not_block() -> None:
    outcome = outcome_of([WARNED])
    assert not outcome.is_blocked
    assert len(outcome.warnings) == 1


def test_an_error_blocks_also_where_its_rule_only_warns_and_is_no_failure_of_the_data() -> None:
    outcome = outcome_of([ERROR])
    assert outcome.is_blocked
    assert outcome.has_errors
    assert outcome.warnings == ()
    assert outcome.blocking == ("rule core.staff.staff_id.not_null could not be checked: no such column",)


def test_errors_come_before_failures() -> None:
    outcome = outcome_of([FAILED, ERROR])
    assert [line.startswith("rule ") for line in outcome.blocking] == [True, False]
    assert [result.status for result in outcome.results] == ["failed", "error"]
