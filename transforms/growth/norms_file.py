"""Norms of an earlier build: the baseline percentiles of another year, or of a state, applied here."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

from transforms.errors import InputError
from transforms.growth.norm import Norm
from transforms.growth.norm_fits import FittedGroup, KnotPlace, knot_places
from transforms.growth.percentiles import N_CURVES
from transforms.growth.progression import BASELINE, NormGroup, Progression, Step
from transforms.growth.splines import Knots
from transforms.warehouse import open_database

# Step.name without a year
_STEP = re.compile(r"year(?:-(?P<back>\d+))?(?: (?P<term>\w+))?/(?P<subject>\w+?)_(?P<grade>-?\d+)")
_COEFFICIENTS = """
    select assessment_id, academic_subject, growth_window, norm_group, school_year, n_priors, coefficient
    from estimates.percentile_coefficient
    where reference = $reference
    order by assessment_id, academic_subject, growth_window, norm_group, term_number, percentile
"""
_GROUPS = """
    select assessment_id, academic_subject, growth_window, norm_group, n_students, n_distinct, fit_deviation
    from estimates.norm_group
    where reference = $reference and is_estimated
"""


@dataclass(frozen=True, eq=False)
class StoredNorms:
    """Baseline norms as another build has them, and the knots that they stand on."""

    fits: tuple[FittedGroup, ...]
    knots: dict[KnotPlace, Knots]


def read_norms(path: Path, name: str) -> StoredNorms:
    """Read the baseline norms of the published database at ``path``; ``name`` is what study.toml calls it.

    Raises InputError where it is no such database, or has no baseline.
    """
    if not path.is_file():
        raise InputError(name, "[growth] norms: there is no such file; name a published pdeval.duckdb")
    try:
        connection = open_database(path, is_read_only=True)
        try:
            return _read(connection, name)
        finally:
            connection.close()
    except duckdb.Error:
        problem = "[growth] norms: no database with growth percentiles; name a published pdeval.duckdb"
        raise InputError(name, problem) from None


def _read(connection: duckdb.DuckDBPyConnection, name: str) -> StoredNorms:
    knots = _read_knots(connection)
    counts = {
        tuple(row[:4]): row[4:] for row in connection.execute(_GROUPS, {"reference": BASELINE}).fetchall()
    }
    coefficients: dict[tuple[str, str, str, str, int, int], list[float]] = defaultdict(list)
    for *key, value in connection.execute(_COEFFICIENTS, {"reference": BASELINE}).fetchall():
        coefficients[tuple(key)].append(value)
    if not coefficients:
        raise InputError(
            name, "[growth] norms: it has no baseline percentiles; build it with [growth] baseline_years"
        )
    fits = []
    for (assessment, subject, window, group_name, year, _), values in coefficients.items():
        progression = _progression(assessment, subject, window, group_name)
        norm = Norm(
            tuple(_knots_of(progression, step, year, knots) for step in progression.steps),
            np.array(values).reshape(-1, N_CURVES),
        )
        n_students, n_distinct, deviation = counts[assessment, subject, window, group_name]
        group = NormGroup(BASELINE, progression, (year,), (), n_students)
        fits.append(FittedGroup(group, norm, n_distinct, deviation, f"norms of {name}"))
    return StoredNorms(tuple(fits), knots)


def _knots_of(progression: Progression, step: Step, year: int, knots: dict[KnotPlace, Knots]) -> Knots:
    first, second = knot_places(progression, step, (year,))
    return knots[first] if first in knots else knots[second]


def _read_knots(connection: duckdb.DuckDBPyConnection) -> dict[KnotPlace, Knots]:
    found = connection.execute(
        "select assessment_id, academic_subject, grade_level, term, school_year, knot_20, knot_40, knot_60,"
        " knot_80, boundary_low, boundary_high, lowest_score, highest_score, n_scores"
        " from estimates.percentile_knot where reference = $reference",
        {"reference": BASELINE},
    ).fetchall()
    return {
        KnotPlace(assessment, subject, grade, term, (year,)): Knots(
            (rest[0], rest[1], rest[2], rest[3]), (rest[4], rest[5]), *rest[6:]
        )
        for assessment, subject, grade, term, year, *rest in found
    }


def _progression(assessment_id: str, academic_subject: str, growth_window: str, name: str) -> Progression:
    steps = [
        Step(
            int(found["back"] or 0),
            found["term"] or "spring",
            found["subject"],
            int(found["grade"]),
        )
        for found in map(_STEP.fullmatch, name.split("; "))
        if found is not None
    ]
    *priors, outcome = steps
    return Progression(
        assessment_id,
        academic_subject,
        growth_window,
        outcome.term,
        outcome.grade_level,
        tuple(reversed(priors)),
    )
