"""The percentile curves themselves: which score stands at which growth percentile, given one prior score."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import numpy as np

from sql import render_sql
from transforms.growth.norm_fits import FittedGroup
from transforms.growth.percentiles import score_at
from transforms.growth.progression import Progression
from transforms.warehouse import insert_rows

DRAWN_PERCENTILES = (10, 25, 50, 75, 90)
_POINTS = 41


def insert_percentile_curves(
    connection: duckdb.DuckDBPyConnection, cohort: tuple[FittedGroup, ...], report_year: int
) -> None:
    """Fill report.percentile_curve from the norms with one prior of students who went up a grade."""
    rows = [
        row
        for fit in cohort
        if fit.group.school_years == (report_year,) and is_usual(fit.group.progression)
        for row in _curves(connection, fit)
    ]
    insert_rows(connection, "report.percentile_curve", rows)


def is_usual(progression: Progression) -> bool:
    """Whether it has one prior, in the subject and in the grade that most come from."""
    (prior, *others), outcome = progression.steps, progression.outcome
    came_from = outcome.grade_level - prior.years_back
    return (
        not others and prior.academic_subject == outcome.academic_subject and prior.grade_level == came_from
    )


def _curves(connection: duckdb.DuckDBPyConnection, fit: FittedGroup) -> Iterator[list[object]]:
    if fit.norm is None:
        return
    progression, (school_year,) = fit.group.progression, fit.group.school_years
    bound = {"paths": list(fit.group.paths)}
    lowest, highest, n_students = connection.execute(render_sql("growth/prior_range.sql"), bound).fetchall()[
        0
    ]
    priors = np.linspace(lowest, highest, _POINTS)
    curves = fit.norm.curves(priors[:, np.newaxis])
    for percentile in DRAWN_PERCENTILES:
        for prior, score in zip(priors.tolist(), score_at(curves, percentile).tolist(), strict=True):
            yield [
                progression.assessment_id, progression.academic_subject, school_year,
                progression.growth_window, progression.grade_level, prior, percentile, score, n_students,
            ]  # fmt: skip
