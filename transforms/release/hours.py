"""Hours of staff by school and type of PD: a sum from which one could tell another's hours is hidden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import duckdb

from transforms.disclosure import (
    Audit,
    Cell,
    LinkedCells,
    MagnitudeRule,
    Publication,
    Relation,
    Rule,
    audit,
    magnitude_cell,
    suppress,
    total_of,
)
from transforms.release.cells import SEPARATOR
from transforms.warehouse import quoted

SCHOOLS, DISTRICT = "report.pd_reach", "report.pd_reach_district"
_KEYS = {SCHOOLS: ("school_id", "school_year", "pd_type"), DISTRICT: ("school_year", "pd_type")}
_HIDES = ("hours", "hours_per_participant")
PEOPLE = "frames.teacher_year_pd"  # hours by person, school year and type
_TEACHERS = (
    "(select teacher.school_id, teacher.school_year, staff_pd.pd_type, staff_pd.hours"  # noqa: S608
    f" from {PEOPLE} as staff_pd inner join frames.teacher_year as teacher using (staff_id, school_year))"
)
_MEANS_OF_TEACHERS = "report.school_reach"


@dataclass(frozen=True)
class JudgedHours:
    """What an attack on the sums of hours came to; ``figures`` and ``hidden`` by table."""

    attacked: Audit
    figures: Mapping[str, int]
    hidden: Mapping[str, int]


def hide_and_judge_hours(
    connection: duckdb.DuckDBPyConnection, people: str, rule: MagnitudeRule
) -> JudgedHours:
    """Hide sums of hours in which few people have most, and what would give them away; attack the rest.

    ``people`` is the qualified table of hours, one row per person, school year and type. What the tables hide
    already stays hidden.
    """
    cells = _cells(connection, people, rule)
    counts = Rule(rule.minimum)
    hidden = suppress(cells, counts, hidden=_not_shown(connection, cells)).hidden
    _hide(connection, hidden)
    now_hidden = _not_shown(connection, cells)
    shown = {table: [c.name for c in cells.cells if c.may_show and table in c.tables] for table in _KEYS}
    return JudgedHours(
        audit(cells, now_hidden, counts),
        {table: len(names) for table, names in shown.items()},
        {table: len(now_hidden.intersection(names)) for table, names in shown.items()},
    )


def hide_dominated(connection: duckdb.DuckDBPyConnection, rule: MagnitudeRule) -> None:
    """Hide rows of the report of which few people have most hours, with their counts of staff.

    To be called before counts are hidden: whatever is of the same persons or adds up with them, money among
    it, is then hidden as for a count that is too small. Means of teachers go where theirs or all hours do.
    """
    dominated = _dominated(connection, PEOPLE, rule)
    _hide(connection, dominated, ("n_staff", *_HIDES), "is_suppressed")
    connection.execute(
        f"update {_MEANS_OF_TEACHERS} set hours_per_participant = null"  # noqa: S608 (declared in code)
        f" where list_contains($hidden, {_sql_name(SCHOOLS)})",
        {"hidden": sorted(dominated | _dominated(connection, _TEACHERS, rule))},
    )


def _dominated(connection: duckdb.DuckDBPyConnection, people: str, rule: MagnitudeRule) -> frozenset[str]:
    cells = _cells(connection, people, rule).cells
    return frozenset(cell.name for cell in cells if cell.may_show and cell.must_cover is not None)


def _cells(connection: duckdb.DuckDBPyConnection, people: str, rule: MagnitudeRule) -> LinkedCells:
    """A cell for each row of the two tables and for the staff of no school, who are in the district's sum."""
    rows = connection.execute(
        "select school_year, pd_type, school_id, list(hours order by hours)"  # noqa: S608 (declared in code)
        f" from {people} group by all order by all"
    ).fetchall()
    parts: dict[tuple[int, str], list[Cell]] = {}
    everybody: dict[tuple[int, str], list[float]] = {}
    for year, pd_type, school_id, hours in rows:
        given = [float(one or 0.0) for one in hours]
        name = _name(SCHOOLS, (school_id or "", year, pd_type))
        cell = magnitude_cell(name, given, rule, tables=(SCHOOLS,))
        if school_id is None:
            cell = replace(cell, publication=Publication.NEVER)
        parts.setdefault((year, pd_type), []).append(cell)
        everybody.setdefault((year, pd_type), []).extend(given)
    totals = {
        key: magnitude_cell(_name(DISTRICT, key), hours, rule, tables=(DISTRICT,))
        for key, hours in everybody.items()
    }
    relations: list[Relation] = [
        total_of(totals[key].name, [cell.name for cell in cells]) for key, cells in parts.items()
    ]
    of_schools = [cell for cells in parts.values() for cell in cells]
    return LinkedCells((*of_schools, *totals.values()), tuple(relations))


def _name(table: str, key: tuple[object, ...]) -> str:
    return SEPARATOR.join((table, *map(str, key)))


def _sql_name(table: str) -> str:
    columns = ", ".join(quoted(column) for column in _KEYS[table])
    return f"concat_ws('{SEPARATOR}', '{table}', {columns})"


def _not_shown(connection: duckdb.DuckDBPyConnection, cells: LinkedCells) -> frozenset[str]:
    shown: set[str] = set()
    for table in _KEYS:
        rows = connection.execute(
            f"select {_sql_name(table)} from {quoted(table)} where hours is not null"  # noqa: S608
            " or hours_per_participant is not null"
        ).fetchall()
        shown.update(name for (name,) in rows)
    return frozenset(cell.name for cell in cells.cells if cell.may_show and cell.name not in shown)


def _hide(
    connection: duckdb.DuckDBPyConnection,
    hidden: frozenset[str],
    columns: tuple[str, ...] = _HIDES,
    flag: str | None = None,
) -> None:
    places = [f"{quoted(column)} = null" for column in columns]
    places += [f"{quoted(flag)} = true"] if flag else []
    for table in _KEYS:
        connection.execute(
            f"update {quoted(table)} set {', '.join(places)}"  # noqa: S608 (declared in code)
            f" where list_contains($hidden, {_sql_name(table)})",
            {"hidden": sorted(hidden)},
        )
