"""What the gate found: a result a rule, and what follows for publishing. No engine is imported here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from expectations.rules import CRITICAL, WARNING

PASSED = "passed"
FAILED = "failed"
ERROR = "error"


@dataclass(frozen=True)
class RuleResult:
    """What the gate found for one rule: a row of ``meta.validation_result``, in the order of its columns.

    ``status`` is passed, failed (the data broke the rule) or error (the rule could not be checked).
    ``n_rows`` are the rows of the checked table, ``n_offending`` those that the rule's check returned.
    """

    rule_id: str
    table_schema: str
    table_name: str
    column_name: str | None
    rule: str
    meaning: str
    severity: str
    status: str
    n_rows: int | None
    n_offending: int | None
    detail: str | None


@dataclass(frozen=True)
class GateOutcome:
    """The results in order of the rules, and one line for each rule that blocks or warns.

    Errors block whatever the severity of their rule: what was not checked has not passed.
    """

    results: tuple[RuleResult, ...]
    blocking: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def is_blocked(self) -> bool:
        """Whether the candidate may not be published."""
        return bool(self.blocking)

    @property
    def has_errors(self) -> bool:
        """Whether a rule could not be checked: a fault of this project, not of the data."""
        return any(result.status == ERROR for result in self.results)


def outcome_of(results: Iterable[RuleResult]) -> GateOutcome:
    """Sum results up: what blocks, what warns."""
    results = tuple(results)
    errors = [result for result in results if result.status == ERROR]
    failed = [result for result in results if result.status == FAILED]
    critical = sorted(
        (result for result in failed if result.severity == CRITICAL),
        # an empty table is what follows when too many of its rows were turned away
        key=lambda result: result.rule != "quarantined_share",
    )
    return GateOutcome(
        results=results,
        blocking=tuple(_line(result) for result in (*errors, *critical)),
        warnings=tuple(_line(result) for result in failed if result.severity == WARNING),
    )


def _line(result: RuleResult) -> str:
    if result.status == ERROR:
        return f"rule {result.rule_id} could not be checked: {result.detail}"
    what = result.detail or f"{result.n_offending:,} found, the table has {result.n_rows:,} rows"
    return f"{result.table_schema}.{result.table_name}: {what}. Rule {result.rule_id}: {result.meaning}"
