"""Staging to core: keys, merges and references decided, persons replaced by pseudonyms."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from expectations.contract import DECLARED_BY, PSEUDONYMISED, Column, Table
from sql import render_sql
from transforms.loading.pseudonyms import pseudonyms
from transforms.loading.staging import record_rules
from transforms.warehouse import Lineage

# What core decides beyond casting: absent and withdrawn participation carries no hours.
_CORE_VALUES = {
    (
        "pd_participation",
        "hours",
    ): "case when record.attendance_status in ('absent', 'withdrawn') then 0 else record.hours end"
}


@dataclass(frozen=True)
class Fate:
    """What became of the records of one file for one entity; the four counts add up to what was read."""

    source_number: int
    file_number: int
    rows_loaded: int
    rows_duplicate: int
    rows_skipped: int
    rows_quarantined: int


def load_order(tables: Mapping[str, Table], sourced: frozenset[str]) -> tuple[Table, ...]:
    """Entities in an order in which every id is declared before it is used.

    An entity follows the entities that declare the kinds it references; declarers of the same kind
    keep the order of their tier.
    """
    done: list[Table] = []
    remaining = list(tables.values())
    while remaining:
        names = {table.name for table in remaining}
        ready = [t for t in remaining if not (_needed_before(t, sourced) & names)]
        if not ready:
            raise ValueError(f"references of {sorted(names)} form a circle")
        done += ready
        remaining = [t for t in remaining if t not in ready]
    return tuple(done)


def _needed_before(table: Table, sourced: frozenset[str]) -> set[str]:
    needed: set[str] = set()
    for kind in {column.references for column in table.columns if column.references}:
        tier = declarers(kind, sourced)
        needed.update(tier[: tier.index(table.name)] if table.name in tier else tier)
    return needed


def declarers(kind: str, sourced: frozenset[str]) -> tuple[str, ...]:
    """The entities with a source that declare ids of ``kind``: the first tier that has any."""
    for tier in DECLARED_BY[kind]:
        present = tuple(entity for entity in tier if entity in sourced)
        if present:
            return present
    return ()


def core_lineage(table: Table, sourced: frozenset[str]) -> list[Lineage]:
    """What a core table is made from: its source files, and the entities that declare the ids it uses."""
    used = {name for column in _references(table, sourced) for name in declarers(column.references, sourced)}
    made_from = ["meta.source_file", *sorted(f"core.{name}" for name in used)]
    sql_sha256 = hashlib.sha256(_insert_sql(table, sourced).encode()).hexdigest()
    return [Lineage(table.qualified_name, name, sql_sha256) for name in made_from]


def create_working_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the tables of the attached ``scratch`` database that every entity shares."""
    connection.execute(render_sql("staging/removed.sql"))
    connection.execute(render_sql("staging/rejected.sql"))
    for kind in DECLARED_BY:
        connection.execute(render_sql("staging/declared.sql.j2", kind=kind))


def load_core_table(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    *,
    sourced: frozenset[str],
    latest_sources: Sequence[int],
    key: bytes,
) -> tuple[Fate, ...]:
    """Decide the records of one entity and insert them into ``core``; return the fate per file.

    ``latest_sources`` are the numbers of the sources with ``on_conflict = "latest"``; ``key`` is the
    pseudonym key. What was turned away is appended to ``scratch.staging.removed`` and ``rejected``.
    """
    if table.name == "survey_response":
        _forget_staff_of_anonymous(connection)
    _remove_broken(connection, table)
    has_repeated = _decide_keys(connection, table, latest_sources)
    connection.execute(
        render_sql(
            "core/resolved.sql.j2",
            entity=table.name,
            key=table.key,
            columns=table.column_names,
            has_repeated=has_repeated,
        )
    )
    _remove_unknown(connection, table, sourced, has_repeated)
    _declare(connection, table, sourced, key)
    connection.execute(_insert_sql(table, sourced))
    connection.execute(render_sql("core/rejected.sql.j2", entity=table.name))
    rows = connection.execute(render_sql("core/fates.sql.j2", entity=table.name)).fetchall()
    fates = tuple(Fate(*row) for row in rows)
    _check_count(connection, table, fates)
    return fates


def _forget_staff_of_anonymous(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop staff ids of responses, unless their survey says in so many words that it is not anonymous.

    ``core.survey`` is loaded before; without a survey source it is empty and no staff id stays. First of all
    steps, so that neither a conflict of keys nor an unknown id can tell who answered.
    """
    for step in ("core/staff_of_anonymous.sql", "core/anonymised.sql"):
        connection.execute(render_sql(step))


def _remove_broken(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    rules = [
        {"weight": rule.weight, "rule": rule.rule, "column_name": rule.column, "reason": rule.reason}
        for rule in record_rules(table)
    ]
    connection.execute(render_sql("core/broken.sql.j2", entity=table.name), {"rules": rules})


def _decide_keys(connection: duckdb.DuckDBPyConnection, table: Table, latest_sources: Sequence[int]) -> bool:
    identifiers = {
        "entity": table.name,
        "key": table.key,
        "columns": table.column_names,
        "contents": [_with_default(table, column, column.name) for column in table.columns],
    }
    connection.execute(
        render_sql("core/repeated.sql.j2", **identifiers), {"latest_sources": list(latest_sources)}
    )
    if not connection.execute("select count(*) from scratch.staging.repeated").fetchall()[0][0]:
        return False
    connection.execute(render_sql("core/repeated_within_source.sql.j2", **identifiers))
    connection.execute(render_sql("core/merged.sql.j2", **identifiers))
    connection.execute(render_sql("core/absorbed.sql.j2", **identifiers))
    return True


def _with_default(table: Table, column: Column, value: str) -> str:
    """``value`` with the column's default in place of null.

    Staging fills the defaults of key columns alone: elsewhere a default of one source would win over
    what another one knows.
    """
    if not column.default or column.name in table.key:
        return value
    return f"coalesce({value}, '{column.default}')"


def _references(table: Table, sourced: frozenset[str]) -> list[Column]:
    """Columns of the table whose ids another entity declares."""
    return [
        column
        for column in table.columns
        if column.references
        and table.name not in declarers(column.references, sourced)
        and declarers(column.references, sourced)
    ]


def _remove_unknown(
    connection: duckdb.DuckDBPyConnection, table: Table, sourced: frozenset[str], has_repeated: bool
) -> None:
    references = [
        {"kind": column.references, "column": column.name, "declarers": declarers(column.references, sourced)}
        for column in _references(table, sourced)
    ]
    if references:
        # One statement, so that a record with two unknown ids is named for both.
        sql = render_sql(
            "core/unknown.sql.j2", entity=table.name, references=references, has_repeated=has_repeated
        )
        connection.execute(sql)


def _declare(
    connection: duckdb.DuckDBPyConnection, table: Table, sourced: frozenset[str], key: bytes
) -> None:
    for column in table.columns:
        kind = column.references
        if not kind or table.name not in declarers(kind, sourced):
            continue
        sql = render_sql("core/newly_declared.sql.j2", kind=kind, column=column.name)
        ids = [row[0] for row in connection.execute(sql).fetchall()]
        public = pseudonyms(key, kind, ids) if kind in PSEUDONYMISED else ids
        connection.register(
            "new_ids",
            pa.table({"id": pa.array(ids, pa.string()), "public_id": pa.array(public, pa.string())}),
        )
        connection.execute(render_sql("core/declare.sql.j2", kind=kind))
        connection.unregister("new_ids")


def _insert_sql(table: Table, sourced: frozenset[str]) -> str:
    published, joins = [], []
    for column in table.published_columns:
        value = _CORE_VALUES.get(
            (table.name, column.name), _with_default(table, column, f"record.{column.name}")
        )
        if column.references in PSEUDONYMISED:
            alias = f"declared_{column.name}"
            joins.append({"kind": column.references, "alias": alias, "column": column.name})
            value = f"{alias}.public_id"
        published.append({"name": column.name, "value_sql": value})
    return render_sql("core/insert.sql.j2", entity=table.name, published=published, joins=joins)


def _check_count(connection: duckdb.DuckDBPyConnection, table: Table, fates: Sequence[Fate]) -> None:
    """A second path to the same number: rows of core against the fates of the records."""
    n_core, n_absorbed = connection.execute(render_sql("core/counts.sql.j2", entity=table.name)).fetchall()[0]
    n_loaded = sum(fate.rows_loaded for fate in fates)
    if n_core + n_absorbed != n_loaded:
        raise RuntimeError(
            f"core.{table.name} has {n_core} rows and {n_absorbed} absorbed ones, but {n_loaded} were to load"
        )
