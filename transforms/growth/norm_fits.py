"""Fits the norms of norm groups from the distinct score patterns of their students."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from sql import render_sql
from transforms.growth.errors import GrowthError
from transforms.growth.norm import Norm, fit_norm
from transforms.growth.progression import NormGroup, Progression, Step
from transforms.growth.splines import Knots, knots_of

FloatArray = NDArray[np.float64]

# Rows whose one hundred curves are held at a time: 16 MB.
CHUNK_ROWS = 20_000
_DECILES = 10


@dataclass(frozen=True, order=True)
class KnotPlace:
    """The administration whose scores set knots: ``school_years`` are more than one for a baseline."""

    assessment_id: str
    academic_subject: str
    grade_level: int
    term: str
    school_years: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class FittedGroup:
    """A norm group and its norm, or the ``note`` that says why it has none.

    ``fit_deviation`` is the largest deviation from a tenth of the share of a prior decile's students who
    have percentiles of one decile; a perfect fit of many students has 0.
    """

    group: NormGroup
    norm: Norm | None
    n_distinct: int
    fit_deviation: float | None
    note: str | None


class KnotScores:
    """Knots by place, each read once."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self.found: dict[KnotPlace, Knots] = {}

    def of(self, group: NormGroup) -> tuple[Knots, ...]:
        """Knots of each prior of ``group``. GrowthError where too few scores differ."""
        return tuple(
            self._first(knot_places(group.progression, step, group.school_years))
            for step in group.progression.steps
        )

    def _first(self, places: Sequence[KnotPlace]) -> Knots:
        for place in places:
            if place not in self.found and (scores := self._scores(place)).size:
                self.found[place] = _knots_at(place, scores)
            if place in self.found:
                return self.found[place]
        raise RuntimeError(f"a prior score is in no administration: {places}")

    def _scores(self, place: KnotPlace) -> FloatArray:
        found = self._connection.execute(render_sql("growth/knot_scores.sql"), vars(place)).fetchnumpy()
        return np.asarray(found["scale_score"], dtype=np.float64)


def _knots_at(place: KnotPlace, scores: FloatArray) -> Knots:
    try:
        return knots_of(scores)
    except GrowthError as error:
        years = ", ".join(str(year) for year in place.school_years)
        where = f"{place.academic_subject} grade {place.grade_level} {years}"
        raise GrowthError(f"{where}: {error}") from None


def knot_places(
    progression: Progression, prior: Step, school_years: Sequence[int]
) -> tuple[KnotPlace, KnotPlace]:
    """Where the knots of a prior come from: the last administration of its term before the outcome.

    All priors of a term and grade then have the same knots, whichever year they are of, as in R. The second
    place, the prior's own administration, counts where the grade was not tested at the first.
    """
    last = min(other.years_back for other in progression.steps if other.term == prior.term)
    first, second = (
        KnotPlace(
            progression.assessment_id,
            prior.academic_subject,
            prior.grade_level,
            prior.term,
            tuple(year - back for year in school_years),
        )
        for back in (last, prior.years_back)
    )
    return first, second


def fit_groups(
    connection: duckdb.DuckDBPyConnection,
    groups: Iterable[NormGroup],
    *,
    minimum_norm_group: int,
    knot_scores: KnotScores,
) -> Iterator[FittedGroup]:
    """Fit each group that has ``minimum_norm_group`` students, in order."""
    for group in groups:
        if group.n_students < minimum_norm_group:
            note = f"{group.n_students} students; percentile curves need {minimum_norm_group}"
            yield FittedGroup(group, None, 0, None, note)
        else:
            yield _fit(connection, group, knot_scores)


def _fit(connection: duckdb.DuckDBPyConnection, group: NormGroup, knot_scores: KnotScores) -> FittedGroup:
    n_priors = len(group.progression.steps)
    sql = render_sql("growth/patterns.sql.j2", n_priors=n_priors)
    found = connection.execute(sql, {"paths": list(group.paths)}).fetchnumpy()
    priors = columns(found, "prior", n_priors)
    scores, weights = (np.asarray(found[name], dtype=np.float64) for name in ("scale_score", "n_students"))
    try:
        norm = fit_norm(priors, scores, weights, knot_scores.of(group))
    except GrowthError as error:
        return FittedGroup(group, None, len(scores), None, str(error))
    return FittedGroup(group, norm, len(scores), _deviation(norm, priors, scores, weights), None)


def floats(found: Mapping[str, Any], name: str) -> FloatArray:
    """One column (rows); NaN where a value is missing."""
    return np.ma.filled(np.ma.asarray(found[name], dtype=np.float64), np.nan)


def columns(found: Mapping[str, Any], prefix: str, n: int) -> FloatArray:
    """Columns ``prefix_1`` … as one array (rows, n); NaN where a value is missing."""
    return np.column_stack([floats(found, f"{prefix}_{i}") for i in range(1, n + 1)])


def chunks(n_rows: int) -> Iterator[slice]:
    """Slices of at most CHUNK_ROWS rows."""
    for first in range(0, n_rows, CHUNK_ROWS):
        yield slice(first, first + CHUNK_ROWS)


def _deviation(norm: Norm, priors: FloatArray, scores: FloatArray, weights: FloatArray) -> float:
    order = np.argsort(priors[:, 0], kind="stable")
    rank = np.empty(len(order))
    rank[order] = np.cumsum(weights[order])
    ends = np.searchsorted(priors[order, 0], priors[:, 0], side="right") - 1
    prior_decile = np.minimum(rank[order[ends]] / weights.sum() * _DECILES, _DECILES - 1e-9).astype(np.int64)
    counts = np.zeros((_DECILES, _DECILES))
    for part in chunks(len(scores)):
        decile = np.minimum(norm.percentiles(priors[part], scores[part]) // _DECILES, _DECILES - 1)
        np.add.at(counts, (prior_decile[part], decile), weights[part])
    students = counts.sum(axis=1, keepdims=True)
    shares = counts[students[:, 0] > 0] / students[students[:, 0] > 0]
    return float(np.abs(shares - 1 / _DECILES).max())
