"""Outcomes and the scores before them, as numbers: paths through subjects, terms and grades."""

from __future__ import annotations

import duckdb

from sql import render_sql
from transforms.growth.progression import Path, Progression, Step


def read_histories(connection: duckdb.DuckDBPyConnection) -> tuple[Path, ...]:
    """Make temporary growth_path and growth_outcome from the frames of growth; return the paths.

    Reads frames.scored_result and growth_history, an assessment, subject, year and window at a time.
    """
    cells = connection.execute(render_sql("growth/cells.sql")).fetchall()
    n_priors = max((n for *_, n in cells), default=1)
    connection.execute(render_sql("growth/tables.sql.j2", n_priors=n_priors))
    connection.execute(render_sql("growth/step.sql"))
    for assessment, subject, school_year, window, _ in cells:
        ((first_number,),) = connection.execute("select count(*) from growth_path").fetchall()
        cell = {
            "assessment_id": assessment,
            "academic_subject": subject,
            "school_year": school_year,
            "growth_window": window,
            "term": window.split("_to_")[1],
        }
        connection.execute(render_sql("growth/cell_outcome.sql.j2", n_priors=n_priors), cell)
        numbered = {"first_number": first_number}
        connection.execute(render_sql("growth/cell_paths.sql.j2", n_priors=n_priors), cell | numbered)
        connection.execute(render_sql("growth/cell_rows.sql.j2", n_priors=n_priors), numbered)
    connection.execute("drop table if exists cell_outcome")
    return _paths(connection, n_priors)


def _paths(connection: duckdb.DuckDBPyConnection, n_priors: int) -> tuple[Path, ...]:
    steps = {number: Step(*place) for number, *place in connection.execute("from growth_step").fetchall()}
    found = connection.execute(render_sql("growth/paths.sql.j2", n_priors=n_priors)).fetchall()
    return tuple(
        Path(
            number,
            Progression(assessment, subject, window, term, grade, tuple(steps[i] for i in taken if i)),
            school_year,
            n_students,
        )
        for number, school_year, n_students, assessment, subject, window, term, grade, taken in found
    )
