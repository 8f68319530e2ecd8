"""Made-up cohorts: their scores as the frames of growth have them."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from expectations.entities import ENTITIES
from expectations.growth_outputs import GROWTH_ESTIMATES, GROWTH_FRAMES, GROWTH_REPORT
from transforms.warehouse import create_table, open_database

_HISTORY = """
insert into frames.growth_history by name
with recursive results as (
    from frames.scored_result
),
history as (
    select student_id, school_year, school_year as prior_school_year, 0 as prior_number,
        grade_level as prior_grade_level, scale_score as prior_scale_score, score_sem as prior_score_sem
    from results
    union all
    select history.student_id, history.school_year, results.school_year, history.prior_number + 1,
        results.grade_level, results.scale_score, results.score_sem
    from history
    inner join results
        on results.student_id = history.student_id and results.school_year = history.prior_school_year - 1
    where history.prior_number < $maximum_priors
)
select student_id, 'STATE' as assessment_id, 'ela' as academic_subject, school_year,
    'spring_to_spring' as growth_window, prior_number, 'ela' as prior_subject, prior_school_year,
    'spring' as prior_term, prior_grade_level, prior_scale_score, prior_score_sem
from history
where prior_number > 0
"""


def growth_database(
    scores: pd.DataFrame, maximum_priors: int, path: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """A database with the frames of ``scores``, which has the columns of ``simulated_scores``."""
    connection = open_database(path)
    for table in (
        *GROWTH_FRAMES,
        *GROWTH_ESTIMATES,
        *GROWTH_REPORT,
        ENTITIES["assessment_performance_level"],
    ):
        create_table(connection, table)
    connection.register("scores", scores)
    connection.execute(
        "insert into frames.scored_result by name select student_id, 'STATE' as assessment_id,"
        " 'ela' as academic_subject, school_year, 'spring' as term, grade_level,"
        " make_date(school_year::int, 5, 1) as administration_date, false as is_date_assumed,"
        " scale_score, score_sem from scores"
    )
    connection.execute(_HISTORY, {"maximum_priors": maximum_priors})
    return connection


def simulated_scores(
    seed: int, n: int, school_years: range, *, first_grade: int = 3, sem: float = 15.0
) -> pd.DataFrame:
    """Scores of ``n`` students in each of ``school_years``, a grade up each year.

    Columns student_id, school_year, grade_level, scale_score and score_sem, the error of measurement.
    """
    generator = np.random.default_rng(seed)
    ability = generator.normal(size=n)
    years = []
    for back, school_year in enumerate(school_years):
        ability = 0.95 * ability + 0.31 * generator.normal(size=n)
        true = 480 + 20 * back + 40 * ability
        years.append(
            pd.DataFrame(
                {
                    "student_id": [f"s{seed}-{i}" for i in range(n)],
                    "school_year": school_year,
                    "grade_level": first_grade + back,
                    "scale_score": np.round(true + sem * generator.normal(size=n)),
                    "score_sem": sem,
                }
            )
        )
    return pd.concat(years, ignore_index=True)
