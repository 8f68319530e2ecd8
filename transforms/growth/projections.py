"""Growth projections: which score keeps a student at a percentile, and which percentile reaches a cut score.

As the SGP package projects (Betebenner 2009, section 4): a student who grows at a percentile every year goes
along the curves that this year's cohorts followed, from grade to grade, and each projected score is the next
year's prior.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from sql import render_sql
from transforms.growth.norm import Norm
from transforms.growth.norm_fits import chunks, columns
from transforms.growth.placement import Norms, best_progression
from transforms.growth.progression import Path, Progression
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


def compute_projections(
    connection: duckdb.DuckDBPyConnection,
    paths: Iterable[Path],
    norms: Norms,
    *,
    report_year: int,
    projection_years: int,
) -> None:
    """Fill estimates.growth_projection from the norms of the cohorts of ``report_year``.

    ``paths`` are those of temporary growth_path. Only scores of the subject itself count, and only windows of
    a year: what goes before next spring's score in a window of months is not known yet.
    """
    bound = {"report_year": report_year}
    targets = {
        (assessment, subject, grade): ScoreTarget(*rest)
        for assessment, subject, grade, *rest in connection.execute(
            render_sql("growth/score_targets.sql"), bound
        ).fetchall()
    }
    for path in paths:
        current = path.progression
        if path.school_year == report_year and current.growth_window == f"{current.term}_to_{current.term}":
            positions = [
                i
                for i, step in enumerate(current.steps, 1)
                if step.academic_subject == current.academic_subject
            ]
            sql = render_sql("growth/current_of_path.sql.j2", positions=positions)
            found = connection.execute(sql, {"path_number": path.path_number}).fetchnumpy()
            own = replace(current, steps=tuple(current.steps[i - 1] for i in positions))
            ahead = _ahead(own, norms, targets, report_year, projection_years)
            _insert(connection, found, own, ahead)
    for assessment, subject, window, term, grade in connection.execute(
        render_sql("growth/current_grades.sql"), bound
    ).fetchall():
        alone = Progression(assessment, subject, window, term, grade, ())
        values = {
            "assessment_id": assessment,
            "academic_subject": subject,
            "growth_window": window,
            "term": term,
            "grade_level": grade,
        }
        found = connection.execute(render_sql("growth/current_alone.sql"), bound | values).fetchnumpy()
        _insert(connection, found, alone, _ahead(alone, norms, targets, report_year, projection_years))


def _ahead(
    current: Progression,
    norms: Norms,
    targets: Mapping[tuple[str, str, int], ScoreTarget],
    report_year: int,
    projection_years: int,
) -> list[tuple[Norm, ScoreTarget]]:
    """Norm and target of each coming year, a grade up each year, as far as there are norms."""
    found = []
    for _ in range(projection_years):
        steps = tuple(
            replace(step, years_back=step.years_back + 1) for step in (current.outcome, *current.steps)
        )
        current = replace(current, grade_level=current.grade_level + 1, steps=steps)
        best = best_progression(current, report_year, norms)
        if best is None:
            break
        place = (current.assessment_id, current.academic_subject, current.grade_level)
        found.append((norms[best, report_year], targets.get(place, NO_TARGET)))
    return found


def _insert(
    connection: duckdb.DuckDBPyConnection,
    found: Mapping[str, Any],
    current: Progression,
    ahead: Sequence[tuple[Norm, ScoreTarget]],
) -> None:
    rows = np.asarray(found["result_row"])
    scores = columns(found, "score", 1 + len(current.steps))
    for part in chunks(len(rows) if ahead else 0):
        patterns, position = np.unique(scores[part], axis=0, return_inverse=True)
        years = trajectories(patterns, [norm for norm, _ in ahead], [target for _, target in ahead])
        for years_ahead, ((_, target), projected) in enumerate(zip(ahead, years, strict=True), start=1):
            connection.register("projected_rows", _rows(rows[part], projected, position.ravel(), target))
            values = {
                "growth_window": current.growth_window,
                "years_ahead": years_ahead,
                "grade_level": current.grade_level + years_ahead,
                "cut_score": target.cut_score,
                "n_priors": len(ahead[0][0].knots),
            }
            connection.execute(render_sql("growth/growth_projection.sql"), values)
            connection.unregister("projected_rows")


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
    return pa.table({"result_row": numbers, **shown, **adequate})
