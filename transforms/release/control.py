"""The report's tables under disclosure control: made, attacked, judged.

They are made twice. The first time nothing is hidden, to have the counts; the second time each table hides
what is small by itself, and then whatever would give a hidden figure away is hidden as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import duckdb

from transforms.disclosure import Audit, Cell, LinkedCells, Publication, Rule, Verdict, audit
from transforms.release.cells import (
    Declared,
    hidden_cells,
    hide,
    linked_cells,
    loosened,
    remember_counts,
)
from transforms.release.counted import Persons
from transforms.release.earlier import Compared, LastRelease, Told, compare, told_by
from transforms.release.hiding import all_to_hide
from transforms.release.hours import JudgedHours
from transforms.warehouse import Lineage, SqlFile, build_tables, quoted

UNDECLARED = "hidden below the minimum; how its counts add up with others is not declared"
NOTHING_HIDDEN = {"minimum_cell": 1, "minimum_staff": 1}


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


@dataclass(frozen=True)
class Judged:
    """The verdict on each table, and what the next release is to be held against."""

    verdicts: tuple[TableVerdict, ...] = ()
    told: Mapping[Persons, Told] = field(default_factory=dict)


@dataclass(frozen=True)
class Released:
    """What was made, and what came of it."""

    lineage: tuple[Lineage, ...]
    judged: Judged

    @property
    def verdicts(self) -> tuple[TableVerdict, ...]:
        """A row for every table."""
        return self.judged.verdicts


def make_released_tables(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[SqlFile],
    parameters: Mapping[str, object],
    declared: Declared,
    last: LastRelease,
) -> Released:
    """Make the tables of ``files``, hiding all that ``declared`` demands; ``parameters`` hold the minimums.

    Readers are taken to have ``last`` as well. A table that failed must not be published.
    """
    minimums = {
        Persons.STUDENTS: _whole(parameters["minimum_cell"]),
        Persons.STAFF: _whole(parameters["minimum_staff"]),
    }
    without_persons = declared.without_persons
    declared = declared.among({file.qualified_name for file in files})
    _make_counts(connection, files, parameters, declared)
    lineage = build_tables(connection, files, parameters)
    judged = hide_and_judge(connection, declared, minimums, last)
    told = {one.table_name for one in judged.verdicts}
    others = [
        _without_counts(file.qualified_name, without_persons.get(file.qualified_name))
        for file in files
        if file.qualified_name not in told
    ]
    ordered = sorted([*judged.verdicts, *others], key=lambda one: (one.table_name, one.persons or ""))
    return Released(lineage, replace(judged, verdicts=tuple(ordered)))


def _without_counts(table: str, reason: str | None) -> TableVerdict:
    """``reason``: why nobody is counted in ``table``; None where nobody has said so."""
    verdict = Verdict.REVIEW if reason is None else Verdict.PASS
    return TableVerdict(table, None, None, verdict, None, None, None, reason or UNDECLARED)


def hide_and_judge(
    connection: duckdb.DuckDBPyConnection,
    declared: Declared,
    minimums: Mapping[Persons, int],
    last: LastRelease,
) -> Judged:
    """Hide in the tables of ``declared`` what would give a small count away, and attack what they show then.

    What they hide already stays hidden. Their counts are remembered by ``connection``.
    """
    verdicts: list[TableVerdict] = []
    told: dict[Persons, Told] = {}
    for persons, minimum in minimums.items():
        part, rule = declared.of(persons), Rule(minimum)
        cells = linked_cells(connection, part)
        before = last.told.get(persons)
        already = _hidden_persons(connection, part, cells)
        compared = compare(cells, already, before, rule)
        open_still = compared.unsettled
        pieces = loosened(open_still, part)
        more = all_to_hide(open_still, pieces, rule, already - compared.settled)
        hide(connection, part, compared.settled_hidden | more)
        hidden = _hidden_persons(connection, part, cells)
        verdicts += _judged(part, compared, hidden, persons, rule)
        told[persons] = told_by(cells, hidden, before, rule)
    if last.not_compared:
        verdicts = [_not_compared(verdict, last.not_compared) for verdict in verdicts]
    return Judged(tuple(verdicts), told)


def with_hours(judged: Judged, hours: JudgedHours) -> Judged:
    """The same with what the attack on sums of hours came to, beside the counts of their staff."""
    verdicts = [
        _with_hours(one, hours)
        if one.persons == Persons.STAFF.value and one.table_name in hours.figures
        else one
        for one in judged.verdicts
    ]
    return replace(judged, verdicts=tuple(verdicts))


def _with_hours(one: TableVerdict, hours: JudgedHours) -> TableVerdict:
    table, attacked = one.table_name, hours.attacked
    worst = max(Verdict(one.verdict), attacked.tables.get(table, Verdict.PASS), key=lambda v: v.badness)
    return replace(
        one,
        verdict=worst.value,
        n_figures=(one.n_figures or 0) + hours.figures[table],
        n_hidden=(one.n_hidden or 0) + hours.hidden[table],
        n_narrow=(one.n_narrow or 0) + sum(table in finding.tables for finding in attacked.findings),
        reason=one.reason if one.verdict == worst and one.reason else _reason(attacked, table),
    )


def _not_compared(verdict: TableVerdict, reason: str) -> TableVerdict:
    """A table that nothing else speaks against waits for a review."""
    return replace(verdict, verdict=Verdict.REVIEW, reason=reason) if verdict.reason is None else verdict


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"a minimum is a whole number, not {value!r}")
    return value


def _make_counts(
    connection: duckdb.DuckDBPyConnection,
    files: Iterable[SqlFile],
    parameters: Mapping[str, object],
    declared: Declared,
) -> None:
    tables = {one.table for one in declared.counted}
    counted = [file for file in files if file.qualified_name in tables]
    build_tables(connection, counted, {**parameters, **NOTHING_HIDDEN})
    remember_counts(connection, declared, parameters)
    for file in counted:
        connection.execute(f"drop table {quoted(file.qualified_name)}")


def _hidden_persons(
    connection: duckdb.DuckDBPyConnection, declared: Declared, cells: LinkedCells
) -> frozenset[str]:
    """Hidden counts of somebody. That a table leaves a zero empty tells nobody anything."""
    return frozenset(name for name in hidden_cells(connection, declared) if cells[name].value > 0)


def _judged(
    declared: Declared, compared: Compared, hidden: frozenset[str], persons: Persons, rule: Rule
) -> Iterable[TableVerdict]:
    """Attack what the tables show now, whatever was meant to be hidden."""
    attacked = audit(compared.cells, hidden, rule)
    for table in sorted({one.table for one in declared.counted}):
        of_table = {cell.name for cell in compared.cells.cells if _is_figure(cell, table)}
        yield TableVerdict(
            table,
            persons.value,
            rule.minimum,
            attacked.tables.get(table, Verdict.PASS).value,
            len(of_table),
            len(of_table & hidden),
            sum(table in finding.tables for finding in attacked.findings),
            _reason(attacked, table),
        )


def _is_figure(cell: Cell, table: str) -> bool:
    return table in cell.tables and cell.publication is Publication.OPEN


def _reason(attacked: Audit, table: str) -> str | None:
    """The first thing found, without the name of the cell or its bounds: they would tell what is hidden."""
    found = [finding for finding in attacked.findings if table in finding.tables]
    if not found:
        return None
    worst = max(found, key=lambda finding: finding.verdict.badness)
    return worst.reason.partition(":")[0]
