"""What may be handed on: some tables of the report under one higher minimum, in a file of their own.

It begins with what the report shows and hides more: nothing is in it that the report does not show, so the
two beside each other tell no more than the report alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import astuple, replace
from pathlib import Path

import duckdb

from expectations.contract import Table
from expectations.datapackage import Package, data_package, parquet_file
from transforms.disclosure import MagnitudeRule
from transforms.release.bands import add_bands, with_band
from transforms.release.cells import Declared
from transforms.release.control import Judged, hide_and_judge
from transforms.release.counted import Persons
from transforms.release.earlier import LastRelease
from transforms.release.hours import PEOPLE, hide_and_judge_hours
from transforms.release.rounded import Rounding, round_and_judge, round_numbers, round_sizes, rounded_table
from transforms.release.table_verdicts import TableVerdict, with_hours, with_rounding
from transforms.warehouse import create_table, declared_table, insert_rows, quoted

PUBLIC_FILE = "public.duckdb"
MANIFEST = "manifest.json"
_CATALOG, _DRAFT = "public_release", "public_draft"
_META = ("meta.build", "meta.schema_version")
_DISCLOSURE = "meta.disclosure"
# Each count has a minimum, and what has no count of persons is of the district.
COUNTED_TABLES = (
    "report.pd_reach",
    "report.pd_reach_district",
    "report.growth_by_school",
    "report.growth_quadrant",
    "report.growth_distribution",
    "report.survey_school_scale",
    "report.driver_score",
)
_OF_TEACHERS = ("report.pd_reach", "report.pd_reach_district")  # their share, in bands
# What is about the machine.
_LEFT_OUT = {
    "meta.build": ("settings", "pseudonym_key_id", "input_fingerprint"),
}
_EFFECT = "estimates.effect"


def write_public(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    declared: Declared,
    last: LastRelease,
    minimum: int,
    rounding: Rounding | None = None,
) -> Judged:
    """Write public.duckdb, a Parquet file a table, datapackage.json and manifest.json to the new ``folder``.

    The counts of the report are still remembered by ``connection``. ``last`` is the release for the public
    before this one, ``minimum`` the smallest count shown; with ``rounding`` the least multiple from there.
    With a table that failed the folder must not be published.
    """
    minimum = rounding.minimum(minimum) if rounding else minimum
    folder.mkdir(parents=True)
    source = _current(connection)
    connection.execute(f"attach ':memory:' as {_DRAFT}")
    connection.execute("attach $path as public_release", {"path": str(folder / PUBLIC_FILE)})
    try:
        drafted = [_declared(name) for name in (*COUNTED_TABLES, _EFFECT)]
        _copy(connection, source, _DRAFT, drafted, minimum)
        connection.execute(f"use {_DRAFT}")
        minimums = dict.fromkeys(Persons, minimum)
        judged = hide_and_judge(connection, declared.among(COUNTED_TABLES), minimums, last)
        people = f"{quoted(source)}.{quoted(PEOPLE)}"
        hours = hide_and_judge_hours(connection, people, MagnitudeRule(minimum))
        judged = replace(judged, verdicts=with_hours(judged.verdicts, hours))
        for name in _OF_TEACHERS:
            add_bands(connection, _declared(name), minimum)
        if rounding:
            rounded = round_and_judge(connection, declared.among(COUNTED_TABLES), minimum, rounding)
            judged = replace(judged, verdicts=with_rounding(judged.verdicts, rounded))
            round_sizes(connection, _EFFECT, rounding)
            for table in drafted:
                round_numbers(connection, table.qualified_name)
        # Only now to the file: what was hidden must not stand in a block that it freed.
        tables = [_released(table, rounding) for table in drafted]
        _copy(connection, _DRAFT, _CATALOG, tables)
        others = [_released(_declared(name)) for name in _META]
        _copy(connection, source, _CATALOG, others)
        connection.execute(f"use {_CATALOG}")
        create_table(connection, _declared(_DISCLOSURE))
        insert_rows(connection, _DISCLOSURE, [astuple(verdict) for verdict in judged.verdicts])
        written = [*tables, *others, _declared(_DISCLOSURE)]
        _write_files(connection, folder, written, judged.verdicts, minimum, rounding)
        connection.execute(f"checkpoint {_CATALOG}")
    finally:
        connection.execute(f"use {quoted(source)}")
        connection.execute(f"detach {_CATALOG}")
        connection.execute(f"detach {_DRAFT}")
    return judged


def _current(connection: duckdb.DuckDBPyConnection) -> str:
    return str(connection.execute("select current_database()").fetchall()[0][0])


def _declared(name: str) -> Table:
    table = declared_table(name)
    if table is None:
        raise KeyError(name)
    return table


def _released(table: Table, rounding: Rounding | None = None) -> Table:
    left_out = _LEFT_OUT.get(table.qualified_name, ())
    table = replace(table, columns=tuple(column for column in table.columns if column.name not in left_out))
    table = with_band(table) if table.qualified_name in _OF_TEACHERS else table
    return rounded_table(table, rounding) if rounding else table


def _copy(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    target: str,
    tables: Iterable[Table],
    minimum: int = 0,
) -> None:
    """Copy the columns that ``tables`` have from one attached database to another, with their comments."""
    before = _current(connection)
    connection.execute(f"use {quoted(target)}")
    for table in tables:
        create_table(connection, table)
        names = ", ".join(quoted(column.name) for column in table.published_columns)
        where, bound = _rows(table, minimum)
        connection.execute(
            f"insert into {quoted(table.qualified_name)}"  # noqa: S608 (declared in code)
            f" select {names} from {quoted(source)}.{quoted(table.qualified_name)} where {where}",
            bound,
        )
    connection.execute(f"use {quoted(before)}")


def _rows(table: Table, minimum: int) -> tuple[str, dict[str, object]]:
    """Of estimates those of all students of the district; of subgroups the report has more."""
    if table.qualified_name != _EFFECT:
        return "true", {}
    where = "subgroup = 'all' and least(n_students, n_staff, n_participants) >= $minimum"
    return where, {"minimum": minimum}


def _write_files(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    tables: Sequence[Table],
    verdicts: Sequence[TableVerdict],
    minimum: int,
    rounding: Rounding | None,
) -> None:
    for table in tables:
        connection.table(table.qualified_name).write_parquet(str(folder / parquet_file(table).path))
    ((build_id, study_name, schema_version, created),) = connection.execute(
        "select build_id, study_name, schema_version, strftime(started_at, '%Y-%m-%dT%H:%M:%SZ')"
        " from meta.build"
    ).fetchall()
    package = Package(
        name="pdeval-public",
        title=f"{study_name}, build {build_id}: tables to hand on",
        description=_description(minimum, rounding),
        version=schema_version,
        created=created,
    )
    _write_json(folder / "datapackage.json", data_package(tables, package, parquet_file))
    manifest = {
        "build_id": build_id,
        "minimum": minimum,
        "rounding": rounding.as_told() if rounding else None,
        "tables": [vars(verdict) for verdict in verdicts],
    }
    _write_json(folder / MANIFEST, manifest)


def _description(minimum: int, rounding: Rounding | None) -> str:
    rounded = f" Counts of persons are {rounding.told}." if rounding else ""
    return (
        f"Counts of fewer than {minimum} persons are hidden, and whatever else would give them away.{rounded}"
        " School years are named by their spring: 2025 is 2024-25."
        " manifest.json has what an attack on each table came to."
    )


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
