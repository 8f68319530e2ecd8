"""What teachers said: themes of open answers, and Guskey's chain from reaction to student growth."""

from __future__ import annotations

import duckdb

from expectations.outputs import OUTPUTS
from sql import render_sql
from transforms.improvement.indicators import missing_sources
from transforms.improvement.settings import ImprovementSettings
from transforms.surveys.chain import compute_chain
from transforms.surveys.restricted import restricted_answers
from transforms.surveys.survey_themes import OpenAnswer, theme_records
from transforms.warehouse import insert_records

TOPIC = "themes of open answers"


def compute_voice(connection: duckdb.DuckDBPyConnection, settings: ImprovementSettings) -> None:
    """Fill estimates.survey_theme, survey_theme_choice, guskey_chain, guskey_break and guskey_observation.

    Open answers come scrubbed from the restricted file; where there are none ``meta.unavailable`` says why.
    """
    compute_themes(connection, settings)
    compute_chain(connection)


def compute_themes(connection: duckdb.DuckDBPyConnection, settings: ImprovementSettings) -> None:
    """Fill estimates.survey_theme and estimates.survey_theme_choice."""
    answers, reason = _read_answers(connection, settings)
    if reason:
        connection.execute("insert into meta.unavailable values (?, ?)", [TOPIC, reason])
        return
    themes, choices = theme_records(answers, settings.seed)
    insert_records(connection, OUTPUTS["estimates.survey_theme"], themes)
    insert_records(connection, OUTPUTS["estimates.survey_theme_choice"], choices)


def _read_answers(
    connection: duckdb.DuckDBPyConnection, settings: ImprovementSettings
) -> tuple[list[OpenAnswer], str]:
    reason = missing_sources(connection, ["survey", "survey_answer"])
    if reason:
        return [], reason
    build_id = connection.execute("select max(build_id) from meta.build").fetchall()[0][0]
    with restricted_answers(connection, settings.landing, build_id) as problem:
        if problem:
            return [], problem
        rows = connection.execute(render_sql("surveys/open_answer.sql"), {"build_id": build_id}).fetchall()
    return [OpenAnswer(*row) for row in rows], "" if rows else "no survey has an answer in free text"
