"""The commands of those who read what was published: query, open, audit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli_options import JsonOption, NoInputOption, QuietOption, StudyArgument
from flows.console import Terminal


def query(
    study: StudyArgument,
    sql: Annotated[
        str, typer.Argument(metavar="SQL", help="One statement that reads; - takes it from standard input.")
    ],
    build: Annotated[
        str | None, typer.Option("--build", metavar="ID", help="A kept build; else the published one.")
    ] = None,
    file_format: Annotated[
        str | None,
        typer.Option("--format", metavar="table|csv|json|parquet", help="Else table, or as FILE ends."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", metavar="FILE", help="New file for the rows, outside of the warehouse."),
    ] = None,
    time_limit: Annotated[
        float, typer.Option("--time-limit", metavar="SECONDS", help="End the statement after this.")
    ] = 60,
    is_json: JsonOption = False,
    is_quiet: QuietOption = False,
    is_without_input: NoInputOption = False,
) -> None:
    """Answer one SQL statement from the published database, which it cannot change or leave."""
    with Terminal(is_json=is_json, is_quiet=is_quiet) as terminal:
        from flows.folders import Warehouse
        from flows.query import answer_facts, answer_text, answered, planned_query
        from flows.recorded import recorded
        from flows.settings import load_settings

        settings = load_settings(study)
        planned = planned_query(
            settings,
            sql,
            build_id=build,
            file_format=file_format,
            output=output,
            time_limit=time_limit,
            is_json=is_json,
        )
        with recorded(Warehouse(settings.warehouse_folder), "query", sql=planned.sql) as entry:
            answer = answered(planned, entry)
        if output is not None:
            terminal.say(answer_text(answer))
            terminal.give(answer_facts(answer))


def connect(
    study: StudyArgument,
    is_json: JsonOption = False,
    is_quiet: QuietOption = False,
    is_without_input: NoInputOption = False,
) -> None:
    """Tell how to connect to the published database from DuckDB, Python, R, notebooks and BI tools."""
    with Terminal(is_json=is_json, is_quiet=is_quiet) as terminal:
        from flows.connect import connections_facts, connections_of, connections_text
        from flows.settings import load_settings

        found = connections_of(load_settings(study))
        terminal.say(connections_text(found))
        terminal.give(connections_facts(found))


def audit(
    study: StudyArgument,
    is_json: JsonOption = False,
    is_quiet: QuietOption = False,
    is_without_input: NoInputOption = False,
) -> None:
    """Show who ran what and what went out, and verify that the log is whole."""
    with Terminal(is_json=is_json, is_quiet=is_quiet) as terminal:
        from flows.audit_table import trail_facts, trail_of, trail_text
        from flows.folders import Warehouse
        from flows.settings import load_settings

        trail = trail_of(Warehouse(load_settings(study).warehouse_folder))
        terminal.say(trail_text(trail))
        if trail.problem is not None:
            terminal.facts_of_failure = trail_facts(trail)
            raise trail.problem
        terminal.give(trail_facts(trail))
