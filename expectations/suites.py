"""Great Expectations suites built from the rules. Importing this imports Great Expectations: 5 s or more."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

import great_expectations.expectations as gxe
from great_expectations import ExpectationSuite
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.metadata_types import FailureSeverity
from sqlglot import exp

from expectations.rules import Rule

RULE_ID = "rule_id"


class OffendingRowsExpectation(gxe.UnexpectedRowsExpectation):
    """A SELECT of offending rows returns none.

    The rows are counted in the database and never fetched: they are records of persons, and the
    parent class would run the SELECT a second time to fetch them.
    """

    metric_dependencies: ClassVar[tuple[str, ...]] = ("unexpected_rows_query.row_count",)

    def _validate(
        self, metrics: dict, runtime_configuration: dict | None = None, execution_engine: Any = None
    ) -> dict[str, Any]:
        n_offending = metrics["unexpected_rows_query.row_count"]
        return {"success": n_offending == 0, "result": {"unexpected_count": n_offending}}


def build_suite(name: str, rules: Iterable[Rule]) -> ExpectationSuite:
    """Return the suite of one table's rules; ``meta`` of each expectation holds the rule's id."""
    return ExpectationSuite(name=name, expectations=[build_expectation(rule) for rule in rules])


def build_expectation(rule: Rule) -> Expectation:
    """Return the expectation that checks a rule; KeyError for a kind that there is none for."""
    expectation = _BUILDERS[rule.kind](rule)
    expectation.meta = {RULE_ID: rule.rule_id}
    expectation.severity = FailureSeverity(rule.severity)
    return expectation


def _columns(rule: Rule) -> Expectation:
    return gxe.ExpectTableColumnsToMatchSet(column_set=list(rule.parameters["columns"]), exact_match=True)


def _not_null(rule: Rule) -> Expectation:
    return gxe.ExpectColumnValuesToNotBeNull(column=str(rule.column_name))


def _in_set(rule: Rule) -> Expectation:
    return gxe.ExpectColumnValuesToBeInSet(
        column=str(rule.column_name), value_set=list(rule.parameters["values"])
    )


def _between(rule: Rule) -> Expectation:
    return gxe.ExpectColumnValuesToBeBetween(
        column=str(rule.column_name),
        min_value=rule.parameters["minimum"],
        max_value=rule.parameters["maximum"],
    )


def _ordered(rule: Rule) -> Expectation:
    return gxe.ExpectColumnPairValuesAToBeGreaterThanB(
        column_A=str(rule.column_name),
        column_B=rule.parameters["earlier"],
        or_equal=True,
        ignore_row_if="either_value_is_missing",
    )


def _offending_rows(rule: Rule) -> Expectation:
    # Great Expectations fills {batch} in, so other braces are doubled. The SELECT names its tables
    # itself, since most checks read more than one; the comment satisfies the wish for a batch.
    sql = bound_sql(rule).replace("{", "{{").replace("}", "}}")
    return OffendingRowsExpectation(unexpected_rows_query="/* {batch} */\n" + sql)


_BUILDERS: Mapping[str, Callable[[Rule], Expectation]] = {
    "columns": _columns,
    "not_null": _not_null,
    "in_set": _in_set,
    "between": _between,
    "ordered": _ordered,
    "unique_key": _offending_rows,
    "reference": _offending_rows,
    "pseudonym": _offending_rows,
    "rows_exist": _offending_rows,
    "quarantined_share": _offending_rows,
    "sql_check": _offending_rows,
}


def bound_sql(rule: Rule) -> str:
    """Return the SELECT of a rule with its values in place of ``$name``; KeyError for one without a value.

    The values are written out as SQL literals because Great Expectations takes a query without bound
    values. They are thresholds and names of the contract, never data.
    """
    values: Mapping[str, Any] = rule.parameters.get("values", {})
    return re.sub(
        r"\$([a-z_]+)",
        lambda found: exp.convert(values[found[1]]).sql(dialect="duckdb"),
        str(rule.parameters["sql"]).strip(),
    )
