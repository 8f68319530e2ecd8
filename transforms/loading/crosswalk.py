"""Which original id stands behind which pseudonym: computed when it is asked for, stored nowhere.

A build leaves the ids that it loaded in the restricted file, without their pseudonyms: where the key is kept
elsewhere, the folder alone tells nobody who is who.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from expectations.contract import PSEUDONYMISED
from expectations.entities import ENTITIES
from sql import quoted_identifier, render_sql
from transforms.database import open_database
from transforms.loading.pseudonyms import pseudonym

# Respondents were asked on the understanding that nobody looks up who said what.
CROSSWALK_KINDS = tuple(kind for kind in PSEUDONYMISED if kind != "survey_response")


@dataclass(frozen=True, order=True)
class CrosswalkRow:
    """One id: its kind, as the sources have it, and as the published file has it."""

    kind: str
    original_id: str
    pseudonym: str


def keep_declared_ids(connection: duckdb.DuckDBPyConnection, build_id: str) -> None:
    """Replace ``landed.restricted.declared_id`` by the ids of this build."""
    connection.execute("create schema if not exists landed.restricted")
    sql = render_sql("staging/declared_id.sql.j2", kinds=CROSSWALK_KINDS)
    connection.execute(sql, {"build_id": build_id})


def declared_ids(landing: Path) -> list[tuple[str, str]]:
    """(kind, original id) of the build that was built last; LookupError where none has left its ids."""
    with open_database(None) as connection:
        connection.execute("attach $path as landed (read_only)", {"path": str(landing)})
        try:
            return connection.execute("select kind, id from landed.restricted.declared_id").fetchall()
        except duckdb.CatalogException:
            raise LookupError("the landing holds no ids of a build") from None


def published_pseudonyms(connection: duckdb.DuckDBPyConnection) -> set[tuple[str, str]]:
    """(kind, pseudonym) of everything that the core tables of a published build have."""
    found: set[tuple[str, str]] = set()
    for table in ENTITIES.values():
        for column in table.published_columns:
            if column.references in CROSSWALK_KINDS:
                name = quoted_identifier(column.name)
                sql = f"select distinct {name} from core.{quoted_identifier(table.name)}"  # noqa: S608
                ids = connection.execute(f"{sql} where {name} is not null").fetchall()
                found.update((column.references, value) for (value,) in ids)
    return found


def crosswalk_rows(
    ids: Iterable[tuple[str, str]], key: bytes, published: set[tuple[str, str]]
) -> list[CrosswalkRow]:
    """The rows of ``ids`` (kind, original id) whose pseudonyms under ``key`` are published, sorted."""
    rows = (CrosswalkRow(kind, original, pseudonym(key, kind, original)) for kind, original in ids)
    return sorted(row for row in rows if (row.kind, row.pseudonym) in published)
