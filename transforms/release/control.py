"""The report's tables under disclosure control: made, attacked, judged.

They are made twice. The first time nothing is hidden, to have the counts; the second time each table hides
what is small by itself, and then whatever would give a hidden figure away is hidden as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from transforms.disclosure import Audit, LinkedCells, Rule, Verdict, audit, suppress
from transforms.release.cells import Declared, hidden_cells, hide, linked_cells, remember_counts
from transforms.release.counted import Persons
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
class Released:
    """What was made, and the verdict on each table."""

    lineage: tuple[Lineage, ...]
    verdicts: tuple[TableVerdict, ...]


def make_released_tables(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[SqlFile],
    parameters: Mapping[str, object],
    declared: Declared,
) -> Released:
    """Make the tables of ``files``, hiding all that ``declared`` demands; ``parameters`` hold the minimums.

    ``verdicts`` has a row for every table. A failed one must not be published.
    """
    minimums = {
        Persons.STUDENTS: _whole(parameters["minimum_cell"]),
        Persons.STAFF: _whole(parameters["minimum_staff"]),
    }
    without_persons = declared.without_persons
    declared = declared.among({file.qualified_name for file in files})
    _make_counts(connection, files, parameters, declared)
    lineage = build_tables(connection, files, parameters)
    verdicts = hide_and_judge(connection, declared, minimums)
    told = {one.table_name for one in verdicts}
    others = [
        _without_counts(file.qualified_name, without_persons.get(file.qualified_name))
        for file in files
        if file.qualified_name not in told
    ]
    ordered = sorted([*verdicts, *others], key=lambda one: (one.table_name, one.persons or ""))
    return Released(lineage, tuple(ordered))


def _without_counts(table: str, reason: str | None) -> TableVerdict:
    """``reason``: why nobody is counted in ``table``; None where nobody has said so."""
    verdict = Verdict.REVIEW if reason is None else Verdict.PASS
    return TableVerdict(table, None, None, verdict, None, None, None, reason or UNDECLARED)


def hide_and_judge(
    connection: duckdb.DuckDBPyConnection, declared: Declared, minimums: Mapping[Persons, int]
) -> tuple[TableVerdict, ...]:
    """Hide in the tables of ``declared`` what would give a small count away, and attack what they show then.

    What they hide already stays hidden. Their counts are remembered by ``connection``.
    """
    verdicts: list[TableVerdict] = []
    for persons, minimum in minimums.items():
        part, rule = declared.of(persons), Rule(minimum)
        cells = linked_cells(connection, part)
        pieces = linked_cells(connection, part, is_loose=True)
        hidden = _to_hide(cells, pieces, rule, _hidden_persons(connection, part, cells))
        hide(connection, part, hidden)
        verdicts += _judged(connection, part, cells, persons, rule)
    return tuple(verdicts)


def _to_hide(cells: LinkedCells, pieces: LinkedCells, rule: Rule, hidden: frozenset[str]) -> frozenset[str]:
    """What to hide of ``cells``, piece by piece; what the attack gets the better of then, as one problem."""
    todo: Sequence[LinkedCells] = pieces.components
    while todo:
        for piece in todo:
            hidden |= suppress(piece, rule, hidden=hidden & piece.position.keys()).hidden
        torn = _torn(cells, rule, hidden)
        todo = [piece for piece in pieces.components if not torn.isdisjoint(piece.position)]
        hidden |= torn
    attacked = audit(cells, hidden, rule)
    failed = {finding.cell for finding in attacked.findings if finding.verdict is Verdict.FAIL}
    for whole in cells.components:
        if not failed.isdisjoint(whole.position):
            hidden |= suppress(whole, rule, hidden=hidden & whole.position.keys()).hidden
    return hidden


def _torn(cells: LinkedCells, rule: Rule, hidden: frozenset[str]) -> frozenset[str]:
    """Cells that are shown though one of the same persons is hidden."""
    names = {name for group in cells.together if not hidden.isdisjoint(group) for name in group}
    return frozenset(name for name in names - hidden if not rule.stays_shown(cells[name]))


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
    connection: duckdb.DuckDBPyConnection,
    declared: Declared,
    cells: LinkedCells,
    persons: Persons,
    rule: Rule,
) -> Iterable[TableVerdict]:
    """Attack what the tables show now, whatever was meant to be hidden."""
    hidden = _hidden_persons(connection, declared, cells)
    attacked = audit(cells, hidden, rule)
    for table in sorted({one.table for one in declared.counted}):
        of_table = {cell.name for cell in cells.cells if table in cell.tables}
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


def _reason(attacked: Audit, table: str) -> str | None:
    """The first thing found, without the name of the cell or its bounds: they would tell what is hidden."""
    found = [finding for finding in attacked.findings if table in finding.tables]
    if not found:
        return None
    worst = max(found, key=lambda finding: finding.verdict.badness)
    return worst.reason.partition(":")[0]
