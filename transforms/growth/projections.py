"""Growth projections: which score keeps a student at a percentile, and which percentile reaches a cut score.

As the SGP package projects (Betebenner 2009, section 4): a student who grows at a percentile every year goes
along the curves that this year's cohorts followed, from grade to grade, and each projected score is the next
year's prior.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from sql import render_sql
from transforms.growth.norm import Norm
from transforms.growth.norm_fits import chunks, columns
from transforms.growth.placement import best_progression
from transforms.growth.progression import Progression, Step
from transforms.growth.trajectories import (
    NO_TARGET,
    SHOWN_PERCENTILES,
    FloatArray,
    IntArray,
    ScoreTarget,
    adequate_percentiles,
    projected_percentiles,
    trajectories,
)


@dataclass(frozen=True)
class _Start:
    """Students of one assessment, subject, window and term with the same ``grades``, the latest first."""

    assessment_id: str
    academic_subject: str
    growth_window: str
    term: str
    grades: tuple[int, ...]

    def progression(self, years_ahead: int) -> Progression:
        """The norm group of the score ``years_ahead`` if the student goes up a grade each year."""
        coming = tuple(self.grades[0] + year for year in range(years_ahead - 1, 0, -1))
        steps = tuple(
            Step(back, self.term, self.academic_subject, grade)
            for back, grade in enumerate((*coming, *self.grades), start=1)
        )
        grade = self.grades[0] + years_ahead
        return Progression(
            self.assessment_id, self.academic_subject, self.growth_window, self.term, grade, steps
        )


def compute_projections(
    connection: duckdb.DuckDBPyConnection,
    norms: Mapping[tuple[Progression, int], Norm],
    *,
    report_year: int,
    projection_years: int,
) -> None:
    """Fill estimates.growth_projection from the norms of the cohorts of ``report_year``."""
    connection.execute(render_sql("growth/current_scores.sql"), {"report_year": report_year})
    targets = _targets(connection, report_year)
    starts = connection.execute(
        "select distinct assessment_id, academic_subject, growth_window, term, grades from growth_current"
        " order by all"
    ).fetchall()
    for assessment, subject, window, term, grades in starts:
        start = _Start(assessment, subject, window, term, tuple(grades))
        _project_start(connection, start, norms, targets, report_year, projection_years)


def _targets(
    connection: duckdb.DuckDBPyConnection, report_year: int
) -> dict[tuple[str, str, int], ScoreTarget]:
    found = connection.execute(
        render_sql("growth/score_targets.sql"), {"report_year": report_year}
    ).fetchall()
    return {(assessment, subject, grade): ScoreTarget(*rest) for assessment, subject, grade, *rest in found}


def _project_start(
    connection: duckdb.DuckDBPyConnection,
    start: _Start,
    norms: Mapping[tuple[Progression, int], Norm],
    targets: Mapping[tuple[str, str, int], ScoreTarget],
    report_year: int,
    projection_years: int,
) -> None:
    path = list(_norms_ahead(start, norms, report_year, projection_years))
    if not path:
        return
    bound = {
        "assessment_id": start.assessment_id,
        "academic_subject": start.academic_subject,
        "growth_window": start.growth_window,
        "grades": list(start.grades),
    }
    n_scores = len(start.grades)
    sql = render_sql("growth/current_patterns.sql.j2", n_scores=n_scores)
    found = connection.execute(sql, bound).fetchnumpy()
    scores = columns(found, "score", n_scores)
    numbers = np.asarray(found["current_number"])
    goals = [
        targets.get((start.assessment_id, start.academic_subject, start.grades[0] + ahead), NO_TARGET)
        for ahead in range(1, len(path) + 1)
    ]
    for part in chunks(len(scores)):
        patterns, position = np.unique(scores[part], axis=0, return_inverse=True)
        for ahead, projected in enumerate(trajectories(patterns, path, goals), start=1):
            goal = goals[ahead - 1]
            connection.register("projected_rows", _rows(numbers[part], projected, position.ravel(), goal))
            values = {
                "report_year": report_year,
                "years_ahead": ahead,
                "grade_level": start.grades[0] + ahead,
                "cut_score": goal.cut_score,
                "n_priors": len(path[0].knots),
            }
            connection.execute(render_sql("growth/growth_projection.sql"), values)
            connection.unregister("projected_rows")


def _norms_ahead(
    start: _Start, norms: Mapping[tuple[Progression, int], Norm], report_year: int, projection_years: int
) -> Iterator[Norm]:
    for ahead in range(1, projection_years + 1):
        best = best_progression(start.progression(ahead), report_year, norms)
        if best is None:
            return
        yield norms[best, report_year]


def _rows(numbers: IntArray, projected: FloatArray, position: IntArray, goal: ScoreTarget) -> pa.Table:
    percentiles = projected_percentiles(goal.cut_score is not None)
    shown = {
        f"score_p{percentile}": projected[position, percentiles.index(percentile)]
        for percentile in SHOWN_PERCENTILES
    }
    adequate: dict[str, pa.Array] = {
        "adequate_percentile": pa.nulls(len(numbers), pa.int64()),
        "is_reachable": pa.nulls(len(numbers), pa.bool_()),
    }
    if goal.cut_score is not None:
        percentile, is_reachable = adequate_percentiles(projected, goal.cut_score)
        adequate = {
            "adequate_percentile": pa.array(percentile[position]),
            "is_reachable": pa.array(is_reachable[position]),
        }
    return pa.table({"current_number": numbers, **shown, **adequate})
