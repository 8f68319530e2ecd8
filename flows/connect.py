"""``pdeval open``: how to connect to the published database from other programs; nothing is run."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.console import shown_path
from flows.folders import Warehouse
from transforms.errors import UsageError
from transforms.querying.values import shown_text

if TYPE_CHECKING:
    from flows.settings import StudySettings

_FIRST_QUERY = "from estimates.effect"


@dataclass(frozen=True)
class Connections:
    """The published database, tables by schema, and the folder of Parquet files (None: not there)."""

    study: str
    build_id: str
    database: Path
    tables_by_schema: Mapping[str, int]
    duckdb_version: str
    public: Path
    n_public_files: int


def connections_of(settings: StudySettings) -> Connections:
    """Look at the published database; UsageError where nothing is published, or it cannot be read."""
    import duckdb

    from transforms.database import open_database
    from transforms.querying.problems import file_problem

    warehouse = Warehouse(settings.warehouse_folder)
    if not warehouse.published.is_file():
        raise UsageError(
            f"{settings.study.name}: nothing is published in {shown_path(warehouse.folder)};"
            f" pdeval run {shown_path(settings.folder)} comes first"
        )
    try:
        with open_database(warehouse.published, is_read_only=True) as connection:
            ((build_id,),) = connection.execute("select build_id from meta.build").fetchall()
            rows = connection.execute(
                "select schema_name, count(*) from duckdb_tables() group by all order by all"
            ).fetchall()
    except duckdb.Error as error:
        raise UsageError(file_problem(shown_path(warehouse.published), error)) from None
    files = len(list(warehouse.public.glob("*.parquet")))
    return Connections(
        settings.study.name,
        build_id,
        warehouse.published,
        dict(rows),
        duckdb.__version__,
        warehouse.public,
        files,
    )


def commands_by_program(found: Connections) -> dict[str, str]:
    """What to type in each program, with the paths of the study."""
    path = str(found.database)
    quoted = json.dumps(path, ensure_ascii=False)
    return {
        "DuckDB": f"duckdb -readonly {shlex.quote(path)}",
        "Python": "\n".join(
            [
                "import duckdb",
                f"study = duckdb.connect({quoted}, read_only=True)",
                f'study.sql("{_FIRST_QUERY}").show()',
            ]
        ),
        "Notebook": "\n".join(
            [
                f"%pip install duckdb=={found.duckdb_version} pandas",
                "import duckdb",
                f"study = duckdb.connect({quoted}, read_only=True)",
                f'study.sql("{_FIRST_QUERY}").df()',
            ]
        ),
        "R": "\n".join(
            [
                "library(duckdb)",
                f"study <- dbConnect(duckdb(), {quoted}, read_only = TRUE)",
                f'dbGetQuery(study, "{_FIRST_QUERY}")',
            ]
        ),
    }


def connections_text(found: Connections) -> str:
    """The places, then what to type by program."""
    schemas = ", ".join(f"{shown_text(name)} ({count})" for name, count in found.tables_by_schema.items())
    lines = [
        f"{'study':<9} {shown_text(found.study)}",
        f"{'build':<9} {shown_text(found.build_id)}",
        f"{'database':<9} {shown_text(str(found.database))}",
        f"{'schemas':<9} {schemas}",
        f"{'clients':<9} DuckDB {found.duckdb_version} or later; an older one cannot read the file",
    ]
    for program, command in commands_by_program(found).items():
        lines += ["", program, *(f"  {shown_text(line)}" for line in command.split("\n"))]
    return "\n".join([*lines, "", "Power BI, Tableau", *(f"  {line}" for line in _parquet_lines(found))])


def _parquet_lines(found: Connections) -> list[str]:
    folder = shown_text(str(found.public))
    if not found.n_public_files:
        return [f"{folder}/*.parquet is their place: not there, this build put no such files out"]
    return [
        f"{folder}/*.parquet ({found.n_public_files} files, one a table)",
        "Power BI: Get data, Parquet, and the path of a file. Tableau: Connect, To a File, where",
        "your version has Parquet there.",
    ]


def connections_facts(found: Connections) -> dict[str, Any]:
    """The same for ``--json``."""
    return {
        "study": found.study,
        "build_id": found.build_id,
        "database": str(found.database),
        "schemas": dict(found.tables_by_schema),
        "duckdb_version": found.duckdb_version,
        "public": str(found.public) if found.n_public_files else None,
        "commands": commands_by_program(found),
    }
