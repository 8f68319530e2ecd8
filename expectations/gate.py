"""The gate: runs the rules on a candidate build through Great Expectations and says what blocks it."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations.outcome import ERROR, FAILED, PASSED, GateOutcome, RuleResult, outcome_of
from expectations.rules import Rule

if TYPE_CHECKING:
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.datasource.fluent import SQLDatasource
    from great_expectations.datasource.fluent.interfaces import Batch

_DETAILS_SHOWN = 5
_MAX_SPILL = "20GB"
_ERRORS_WITHOUT_VALUES = ("BinderException", "CatalogException", "ParserException")

# Counting what broke a rule takes three more metrics an expectation, so it is asked for failures alone.
_VERDICTS = {"result_format": "BOOLEAN_ONLY"}
_COUNTS = {"result_format": "SUMMARY", "partial_unexpected_count": 0}


def run_gate(
    candidate: Path, rules: Iterable[Rule], scratch: Path, *, memory_limit: str = "1GB"
) -> GateOutcome:
    """Check a closed candidate file, read-only, by one suite a table.

    ``scratch`` is where DuckDB may spill past ``memory_limit``. FileNotFoundError when there is no
    candidate, ValueError when a rule's id is used twice. Whatever goes wrong within a rule is its
    result ``error``.
    """
    rules = tuple(rules)
    if not candidate.is_file():
        raise FileNotFoundError(candidate)
    found: dict[str, RuleResult] = {}
    with _opened(candidate, scratch, memory_limit) as source:
        for table, table_rules in _by_table(rules).items():
            found |= {result.rule_id: result for result in _check_table(source, table, table_rules)}
    if len(found) != len(rules):
        raise ValueError("two rules of the gate have the same id")
    return outcome_of(found[rule.rule_id] for rule in rules)


def _by_table(rules: Sequence[Rule]) -> dict[str, list[Rule]]:
    tables: dict[str, list[Rule]] = {}
    for rule in rules:
        tables.setdefault(rule.table, []).append(rule)
    return tables


@contextmanager
def _opened(candidate: Path, scratch: Path, memory_limit: str) -> Iterator[SQLDatasource]:
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    from expectations.dialect import URL, register_dialect

    register_dialect()
    configuration = DataContextConfig(
        analytics_enabled=False,
        store_backend_defaults=InMemoryStoreBackendDefaults(),
        progress_bars=ProgressBarsConfig(globally=False, metric_calculations=False),
    )
    context = gx.get_context(mode="ephemeral", project_config=configuration)
    connection = {
        "database": str(candidate),
        "read_only": True,
        "config": {
            "memory_limit": memory_limit,
            "temp_directory": str(scratch),
            "max_temp_directory_size": _MAX_SPILL,
        },
    }
    source = context.data_sources.add_sql(
        "candidate",
        connection_string=URL,
        create_temp_table=False,
        kwargs={"connect_args": connection},  # type: ignore[call-arg] # its stub lacks what its class has
    )
    try:
        yield source
    finally:
        source.get_execution_engine().close()
        source.get_engine().dispose()


def _check_table(source: SQLDatasource, table: str, rules: list[Rule]) -> list[RuleResult]:
    from great_expectations.datasource.fluent.interfaces import TestConnectionError

    from expectations.suites import build_suite

    try:
        batch = _batch(source, rules[0])
    except TestConnectionError:
        return [_result(rule, ERROR, detail=f"{table} is not in the candidate") for rule in rules]
    n_rows = _count_rows(source, rules[0])
    verdicts = _by_rule(batch.validate(build_suite(table, rules), result_format=_VERDICTS).results)
    failed = [rule for rule in rules if rule.rule_id in verdicts and not verdicts[rule.rule_id].success]
    if failed:
        verdicts |= _by_rule(batch.validate(build_suite(table, failed), result_format=_COUNTS).results)
    return [_judge(source, rule, verdicts.get(rule.rule_id), n_rows) for rule in rules]


def _batch(source: SQLDatasource, rule: Rule) -> Batch:
    with warnings.catch_warnings():
        # Great Expectations would have the schema in the connection; a DuckDB file has several.
        warnings.filterwarnings("ignore", message="`schema_name` is deprecated", category=DeprecationWarning)
        asset = source.add_table_asset(rule.table, table_name=rule.table_name, schema_name=rule.table_schema)
    return asset.add_batch_definition_whole_table("all rows").get_batch()


def _count_rows(source: SQLDatasource, rule: Rule) -> int:
    import sqlalchemy as sa

    table = sa.table(rule.table_name, schema=rule.table_schema)
    with source.get_engine().connect() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def _by_rule(results: Iterable[ExpectationValidationResult]) -> dict[str, ExpectationValidationResult]:
    return {result.expectation_config.meta["rule_id"]: result for result in results}  # type: ignore[union-attr]


def _judge(
    source: SQLDatasource, rule: Rule, verdict: ExpectationValidationResult | None, n_rows: int
) -> RuleResult:
    if verdict is None:
        return _result(rule, ERROR, n_rows, detail="Great Expectations gave no result")
    raised = _raised(verdict.exception_info)
    if raised is not None:
        return _result(rule, ERROR, n_rows, detail=raised)
    if verdict.success:
        return _result(rule, PASSED, n_rows, 0)
    if rule.kind == "columns":
        # No source can bring a column in or take one out, so this is never the district's doing.
        return _result(rule, ERROR, n_rows, detail=_mismatched_columns(verdict.result))
    return _result(rule, FAILED, n_rows, verdict.result["unexpected_count"], _detail(source, rule))


def _result(
    rule: Rule,
    status: str,
    n_rows: int | None = None,
    n_offending: int | None = None,
    detail: str | None = None,
) -> RuleResult:
    return RuleResult(
        rule_id=rule.rule_id,
        table_schema=rule.table_schema,
        table_name=rule.table_name,
        column_name=rule.column_name,
        rule=rule.kind,
        meaning=rule.meaning,
        severity=rule.severity,
        status=status,
        n_rows=n_rows,
        n_offending=n_offending,
        detail=detail,
    )


def _raised(exception_info: Mapping[str, Any]) -> str | None:
    # Flat where the expectation itself raised, one entry a metric where a metric did.
    entries = [exception_info] if "raised_exception" in exception_info else list(exception_info.values())
    messages = [str(entry["exception_message"]) for entry in entries if entry["raised_exception"]]
    return _without_values(messages[0]) if messages else None


def _without_values(message: str) -> str:
    """Shorten an error to its first line; one that DuckDB raised over a value to its class."""
    first_line = message.strip().partition("\n")[0]
    raised_by = re.match(r"\(_duckdb\.(\w+)\)", first_line)
    if raised_by is None or raised_by[1] in _ERRORS_WITHOUT_VALUES:
        return first_line
    return f"{raised_by[1]}; its message is withheld, since it may hold a value of the data"


def _mismatched_columns(result: Mapping[str, Any]) -> str:
    mismatched = result["details"]["mismatched"]
    labels = {"missing": "columns missing", "unexpected": "columns that the contract lacks"}
    found = {label: mismatched[key] for key, label in labels.items() if mismatched.get(key)}
    return "; ".join(f"{label}: {', '.join(sorted(columns))}" for label, columns in found.items())


def _detail(source: SQLDatasource, rule: Rule) -> str | None:
    if not rule.parameters.get("has_detail"):
        return None
    import sqlalchemy as sa

    from expectations.suites import bound_sql

    rows = sa.text(bound_sql(rule)).columns(sa.column("detail")).subquery("offending")
    query = sa.select(rows.c.detail).order_by(rows.c.detail)
    with source.get_engine().connect() as connection:
        details = connection.execute(query.limit(_DETAILS_SHOWN + 1)).scalars().all()
    shown = "; ".join(details[:_DETAILS_SHOWN])
    return f"{shown}; …" if len(details) > _DETAILS_SHOWN else shown
