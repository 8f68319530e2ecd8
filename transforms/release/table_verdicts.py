"""Rows of meta.disclosure: the verdict on each table, from what the attack found and what it was not told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from transforms.disclosure import Cell, Finding, Publication, Rule, Verdict, audit
from transforms.release.cells import Declared
from transforms.release.counted import Persons
from transforms.release.earlier import Compared
from transforms.release.hours import JudgedHours
from transforms.release.rounded import JudgedRounding

UNDECLARED = "hidden below the minimum; how its counts add up with others is not declared"


@dataclass(frozen=True)
class TableVerdict:
    """A row of meta.disclosure: what the attack on a table of the report came to."""

    table_name: str
    persons: str | None
    minimum: int | None
    verdict: str
    n_figures: int | None
    n_hidden: int | None
    n_narrow: int | None
    reason: str | None


def judged_tables(
    declared: Declared, compared: Compared, hidden: frozenset[str], persons: Persons, rule: Rule
) -> Iterable[TableVerdict]:
    """Attack what the tables show now, whatever was meant to be hidden."""
    attacked = audit(compared.cells, hidden, rule)
    for table in sorted({one.table for one in declared.counted}):
        of_table = {cell.name for cell in compared.cells.cells if _is_figure(cell, table)}
        found = [finding for finding in attacked.findings if table in finding.tables]
        yield TableVerdict(
            table,
            persons.value,
            rule.minimum,
            attacked.tables.get(table, Verdict.PASS).value,
            len(of_table),
            len(of_table & hidden),
            len(found),
            _reason(found),
        )


def without_counts(table: str, declared: Declared) -> TableVerdict:
    """A table that says why it counts nobody passes."""
    question = declared.open_questions.get(table)
    reason = question or declared.without_persons.get(table)
    verdict = Verdict.REVIEW if question or reason is None else Verdict.PASS
    return TableVerdict(table, None, None, verdict.value, None, None, None, reason or UNDECLARED)


def with_open_question(verdict: TableVerdict, declared: Declared) -> TableVerdict:
    """What the attack was not told of is for a review though it found nothing."""
    question = declared.open_questions.get(verdict.table_name)
    if question is None or verdict.verdict != Verdict.PASS:
        return verdict
    return replace(verdict, verdict=Verdict.REVIEW.value, reason=question)


def not_compared(verdict: TableVerdict, reason: str) -> TableVerdict:
    """A table that nothing else speaks against waits for a review."""
    return replace(verdict, verdict=Verdict.REVIEW, reason=reason) if verdict.reason is None else verdict


def with_hours(verdicts: Iterable[TableVerdict], hours: JudgedHours) -> tuple[TableVerdict, ...]:
    """The same with what the attack on sums of hours came to, beside the counts of their staff."""
    return tuple(
        _with_findings(
            one, hours.attacked.findings, hours.figures[one.table_name], hours.hidden[one.table_name]
        )
        if one.persons == Persons.STAFF.value and one.table_name in hours.figures
        else one
        for one in verdicts
    )


def with_rounding(
    verdicts: Iterable[TableVerdict], judged: Mapping[Persons, JudgedRounding]
) -> tuple[TableVerdict, ...]:
    """The same with what the attack on rounded counts came to, and what had to be hidden for it."""
    rounded = {persons.value: one for persons, one in judged.items()}
    return tuple(
        _with_findings(
            one, rounded[one.persons].findings, n_hidden=rounded[one.persons].hidden.get(one.table_name, 0)
        )
        if one.persons in rounded
        else one
        for one in verdicts
    )


def _with_findings(
    one: TableVerdict, findings: Iterable[Finding], n_figures: int = 0, n_hidden: int = 0
) -> TableVerdict:
    found = [finding for finding in findings if one.table_name in finding.tables]
    verdicts = [Verdict(one.verdict), *(finding.verdict for finding in found)]
    worst = max(verdicts, key=lambda verdict: verdict.badness)
    return replace(
        one,
        verdict=worst.value,
        n_figures=(one.n_figures or 0) + n_figures,
        n_hidden=(one.n_hidden or 0) + n_hidden,
        n_narrow=(one.n_narrow or 0) + len(found),
        reason=one.reason if one.verdict == worst and one.reason else _reason(found),
    )


def _is_figure(cell: Cell, table: str) -> bool:
    return table in cell.tables and cell.publication is Publication.OPEN


def _reason(found: Sequence[Finding]) -> str | None:
    """The first thing found, without the name of the cell or its bounds: they would tell what is hidden."""
    if not found:
        return None
    worst = max(found, key=lambda finding: finding.verdict.badness)
    return worst.reason.partition(":")[0]
