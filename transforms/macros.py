"""Makes the table macros of ``sql/macros`` in a database.

DuckDB looks the tables of a macro up where the caller stands, not where the macro lies: called under another
name than that of the current database, it would read the tables of the current one. So each macro knows its
build and refuses to read another.
"""

from __future__ import annotations

import re

import duckdb

from expectations.macros import Macro, macros
from transforms.warehouse import literal, quoted

_PARAMETER = re.compile(r"\$([a-z_]+)")


def create_macros(connection: duckdb.DuckDBPyConnection, build_id: str) -> None:
    """Make every macro with its COMMENT in the schema ``main`` of the current database, that of ``build_id``.

    The tables that they read must be there.
    """
    for macro in macros():
        connection.execute(macro_sql(macro, build_id))
        connection.execute(f"COMMENT ON MACRO TABLE {quoted(macro.name)} IS {literal(macro.comment)}")


def macro_sql(macro: Macro, build_id: str) -> str:
    """The CREATE statement of a macro; called where ``meta.build`` is of another build it is an error."""
    refusal = (
        f"{macro.name} is of build {build_id}, but the current database is another: USE the database of the"
        " macro first"
    )
    parameters = ", ".join(f"{name} := NULL" for name in macro.parameters)
    body = _PARAMETER.sub(r"\1", macro.text)
    # The build is the first of the two: DuckDB must judge it even where there is no row to give.
    return f"""
        CREATE MACRO {quoted(macro.name)}({parameters}) AS TABLE
        SELECT found.*
        FROM (
            SELECT CASE
                WHEN build.build_id = {literal(build_id)} THEN TRUE ELSE error({literal(refusal)})
            END AS is_of_build
            FROM meta.build AS build
        ) AS guard, ({body}) AS found
        WHERE guard.is_of_build
    """  # noqa: S608 - the project's own files; the build id is quoted
