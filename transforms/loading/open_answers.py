"""Open answers of the loaded responses into the restricted file, names and addresses removed.

The published database has no column for them. Themes are counted from the restricted file, which a build
replaces as a whole.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from sql import render_sql
from transforms.surveys.known_persons import KnownPersons, StaffName, known_persons
from transforms.surveys.scrubbing import scrub

_BATCH = 20_000


def collect_open_answers(connection: duckdb.DuckDBPyConnection) -> None:
    """Set the texts of the loaded survey answers aside in ``scratch``.

    To be called when ``survey_answer`` is the entity that was loaded last.
    """
    connection.execute(render_sql("staging/open_answer.sql"))


def keep_open_answers(connection: duckdb.DuckDBPyConnection, build_id: str) -> int:
    """Replace ``landed.restricted.open_answer`` by the scrubbed answers of this build; return how many.

    One transaction: a killed run leaves the answers of the build before, which carry its id. Without a source
    of answers the table is dropped, so that old answers never stand in for missing ones.
    """
    connection.begin()
    try:
        n_kept = _replace(connection, build_id)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    return n_kept


def _replace(connection: duckdb.DuckDBPyConnection, build_id: str) -> int:
    connection.execute("create schema if not exists landed.restricted")
    if not _is_collected(connection):
        connection.execute("drop table if exists landed.restricted.open_answer")
        return 0
    connection.execute(render_sql("staging/open_answer_table.sql"))
    known = _known_persons(connection)
    answers = connection.execute("select * from scratch.staging.open_answer order by all").fetchall()
    for start in range(0, len(answers), _BATCH):
        _keep(connection, answers[start : start + _BATCH], known, build_id)
    return len(answers)


def _is_collected(connection: duckdb.DuckDBPyConnection) -> bool:
    found = connection.execute(
        "select 1 from duckdb_tables()"
        " where database_name = 'scratch' and schema_name = 'staging' and table_name = 'open_answer'"
    ).fetchall()
    return bool(found)


def _known_persons(connection: duckdb.DuckDBPyConnection) -> KnownPersons:
    names = connection.execute(render_sql("staging/staff_name.sql")).fetchall()
    ids = connection.execute(render_sql("staging/person_id.sql")).fetchall()
    return known_persons([StaffName(*row) for row in names], (identifier for (identifier,) in ids))


def _keep(
    connection: duckdb.DuckDBPyConnection,
    answers: list[tuple[str, str, str]],
    known: KnownPersons,
    build_id: str,
) -> None:
    response_ids, item_ids, texts = zip(*answers, strict=True)
    scrubbed = pa.table(
        {
            "response_id": pa.array(response_ids, pa.string()),
            "item_id": pa.array(item_ids, pa.string()),
            "text": pa.array([scrub(text, known) for text in texts], pa.string()),
        }
    )
    connection.register("scrubbed_answers", scrubbed)
    try:
        connection.execute(render_sql("staging/keep_open_answer.sql"), {"build_id": build_id})
    finally:
        connection.unregister("scrubbed_answers")
