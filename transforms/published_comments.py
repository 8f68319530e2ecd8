"""What the COMMENT of each table says of its source, once the build is finished and its lineage is known."""

from __future__ import annotations

import duckdb

from transforms.warehouse import literal, quoted

# Schemas and tables that are not made from other tables.
_OWN = {
    "estimates.indicator_definition": "the definitions in the code of pdeval",
    "meta": "the build itself",
    "history": "report.*, estimates.effect and the build before this one",
    "quarantine": "the source files named in its rows",
    "core": "study.toml and the contract; no file of this study feeds it",
}
_FROM_FILES = "meta.source_file"


def comment_on_sources(connection: duckdb.DuckDBPyConnection) -> None:
    """Add to the COMMENT of every table what it was made from, as ``meta.table_lineage`` has it.

    A table that is in no lineage, and of no schema that needs none, has "not recorded".
    """
    tables = connection.execute(
        """
        with
        made as (
            select table_name, list(distinct depends_on order by depends_on) as sources
            from meta.table_lineage
            group by table_name
        )

        select tables.schema_name, tables.table_name, tables.comment, made.sources
        from duckdb_tables() as tables
        left join made on tables.schema_name || '.' || tables.table_name = made.table_name
        where tables.database_name = current_database() and not tables.internal and not tables.temporary
        order by all
        """
    ).fetchall()
    for schema, name, comment, sources in tables:
        source = (
            _source_text(sources)
            if sources
            else _OWN.get(f"{schema}.{name}") or _OWN.get(schema, "not recorded")
        )
        table = quoted(f"{schema}.{name}")
        connection.execute(f"COMMENT ON TABLE {table} IS {literal(f'{comment} Source: {source}.')}")


def _source_text(sources: list[str]) -> str:
    named = ["the study's files (meta.source_file)" if name == _FROM_FILES else name for name in sources]
    return ", ".join(named)
