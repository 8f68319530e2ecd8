"""The report's tables under disclosure control: made, attacked, judged.

They are made twice. The first time nothing is hidden, to have the counts; the second time each table hides
what is small by itself, and then whatever would give a hidden figure away is hidden as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import duckdb

from transforms.disclosure import MagnitudeRule, Rule
from transforms.release.cells import (
    Declared,
    hidden_persons,
    hide,
    linked_cells,
    loosened,
    on_record,
    remember_counts,
)
from transforms.release.counted import Persons
from transforms.release.earlier import LastRelease, Told, compare, told_by
from transforms.release.hiding import all_to_hide
from transforms.release.hours import DISTRICT, PEOPLE, SCHOOLS, hide_and_judge_hours, hide_dominated
from transforms.release.table_verdicts import (
    TableVerdict,
    judged_tables,
    not_compared,
    with_hours,
    with_open_question,
    without_counts,
)
from transforms.warehouse import Lineage, SqlFile, build_tables, quoted

NOTHING_HIDDEN = {"minimum_cell": 1, "minimum_staff": 1}


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
    declared = declared.among({file.qualified_name for file in files})
    _make_counts(connection, files, parameters, declared)
    lineage = build_tables(connection, files, parameters)
    judged = _hide_and_judge_with_hours(connection, declared, minimums, last)
    told = {one.table_name for one in judged.verdicts}
    others = [without_counts(table, declared) for table in _report_tables(connection) if table not in told]
    ordered = sorted([*judged.verdicts, *others], key=lambda one: (one.table_name, one.persons or ""))
    return Released(lineage, replace(judged, verdicts=tuple(ordered)))


def _hide_and_judge_with_hours(
    connection: duckdb.DuckDBPyConnection,
    declared: Declared,
    minimums: Mapping[Persons, int],
    last: LastRelease,
) -> Judged:
    """Counts and, where the tables have them, sums of hours that few people make up."""
    if not {SCHOOLS, DISTRICT} <= {one.table for one in declared.counted}:
        return hide_and_judge(connection, declared, minimums, last, may_records_change=True)
    rule = MagnitudeRule(minimums[Persons.STAFF])
    hide_dominated(connection, rule)
    judged = hide_and_judge(connection, declared, minimums, last, may_records_change=True)
    hours = hide_and_judge_hours(connection, PEOPLE, rule)
    return replace(judged, verdicts=with_hours(judged.verdicts, hours))


def _report_tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables()"
        " where schema_name = 'report' and database_name = current_database()"
    )
    return [table for (table,) in rows.fetchall()]


def hide_and_judge(
    connection: duckdb.DuckDBPyConnection,
    declared: Declared,
    minimums: Mapping[Persons, int],
    last: LastRelease,
    *,
    may_records_change: bool = False,
) -> Judged:
    """Hide in the tables of ``declared`` what would give a small count away, and attack what they show then.

    What they hide already stays hidden. Their counts are remembered by ``connection``. Where
    ``may_records_change``, readers may learn by how much what is on record changed since ``last``.
    """
    verdicts: list[TableVerdict] = []
    told: dict[Persons, Told] = {}
    for persons, minimum in minimums.items():
        part, rule = declared.of(persons), Rule(minimum)
        cells = linked_cells(connection, part, is_strict=not may_records_change)
        before = last.told.get(persons)
        already = hidden_persons(connection, part, cells)
        may_change = on_record(connection, part, cells) if may_records_change else frozenset[str]()
        compared = compare(cells, already, before, rule, may_change)
        open_still = compared.unsettled
        pieces = loosened(open_still, part)
        hidden = already
        while True:
            more = all_to_hide(open_still, pieces, rule, hidden - compared.settled)
            hide(connection, part, compared.settled_hidden | more)
            hidden = hidden_persons(connection, part, cells)
            if hidden - compared.settled <= more:  # otherwise a count took another of its row along
                break
        verdicts += judged_tables(part, compared, hidden, persons, rule)
        told[persons] = told_by(cells, hidden, before, rule)
    verdicts = [with_open_question(verdict, declared) for verdict in verdicts]
    if last.not_compared:
        verdicts = [not_compared(verdict, last.not_compared) for verdict in verdicts]
    return Judged(tuple(verdicts), told)


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
