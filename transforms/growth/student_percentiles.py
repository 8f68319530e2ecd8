"""Student growth percentiles of a build: norm groups, their norms, every outcome placed, tables written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from sql import render_sql
from transforms.growth.histories import read_histories
from transforms.growth.norm import Norm
from transforms.growth.norm_fits import FittedGroup, KnotPlace, KnotScores, fit_groups
from transforms.growth.norms_file import StoredNorms
from transforms.growth.placement import place_outcomes
from transforms.growth.progression import (
    BASELINE,
    COHORT,
    Path,
    Progression,
    baseline_groups,
    cohort_groups,
)
from transforms.growth.splines import Knots
from transforms.warehouse import insert_rows

# Above it a floor or a ceiling is said to the reader.
BUNCHED_SHARE = 0.10


@dataclass(frozen=True, eq=False)
class GrowthNorms:
    """Norms of this build: of the cohorts of each year, and of the baseline."""

    paths: tuple[Path, ...]
    cohort: tuple[FittedGroup, ...]
    baseline: tuple[FittedGroup, ...]

    @property
    def cohort_norms(self) -> dict[tuple[Progression, int], Norm]:
        """Norms by progression and school year of the outcome."""
        return {
            (fit.group.progression, fit.group.school_years[0]): fit.norm
            for fit in self.cohort
            if fit.norm is not None
        }


def compute_growth_percentiles(
    connection: duckdb.DuckDBPyConnection,
    *,
    minimum_norm_group: int,
    baseline_years: tuple[int, ...],
    stored: StoredNorms | None,
) -> GrowthNorms:
    """Fill estimates.growth_percentile, norm_group, percentile_knot and percentile_coefficient.

    Baseline-referenced percentiles are those of ``stored`` norms where there are any, else of norms fitted on
    the outcomes of ``baseline_years`` together, else empty. Reads frames.scored_result and growth_history.
    """
    paths = read_histories(connection)
    knot_scores = KnotScores(connection)
    cohort = tuple(
        fit_groups(
            connection,
            cohort_groups(paths),
            minimum_norm_group=minimum_norm_group,
            knot_scores=knot_scores,
        )
    )
    if stored is None:
        baseline_scores = KnotScores(connection)
        groups = baseline_groups(paths, baseline_years)
        baseline = tuple(
            fit_groups(connection, groups, minimum_norm_group=minimum_norm_group, knot_scores=baseline_scores)
        )
        baseline_knots = baseline_scores.found
    else:
        baseline, baseline_knots = stored.fits, stored.knots
    norms = GrowthNorms(paths, cohort, baseline)
    place_outcomes(connection, paths, norms.cohort_norms, COHORT)
    place_outcomes(connection, paths, _for_every_year(norms), BASELINE)
    _insert_knots(connection, COHORT, knot_scores.found)
    _insert_knots(connection, BASELINE, baseline_knots)
    _insert_fits(connection, (*cohort, *baseline))
    connection.execute(render_sql("growth/growth_percentile.sql"))
    connection.execute(render_sql("growth/norm_group.sql"), {"bunched_share": BUNCHED_SHARE})
    return norms


def _for_every_year(norms: GrowthNorms) -> dict[tuple[Progression, int], Norm]:
    years = sorted({path.school_year for path in norms.paths})
    return {
        (fit.group.progression, year): fit.norm
        for fit in norms.baseline
        if fit.norm is not None
        for year in years
    }


def _insert_fits(connection: duckdb.DuckDBPyConnection, fits: Iterable[FittedGroup]) -> None:
    for fit in fits:
        group, progression = fit.group, fit.group.progression
        connection.execute(
            "insert into growth_fitted values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                group.reference, group.name, progression.assessment_id, progression.academic_subject,
                progression.growth_window, group.school_years[-1],
                progression.grade_level, len(progression.steps), group.n_students, fit.n_distinct,
                fit.norm is not None, fit.fit_deviation, fit.note, list(group.paths),
            ],
        )  # fmt: skip
        if fit.norm is not None:
            _insert_coefficients(connection, fit, fit.norm)


def _insert_coefficients(connection: duckdb.DuckDBPyConnection, fit: FittedGroup, norm: Norm) -> None:
    group, progression = fit.group, fit.group.progression
    terms, percentiles = np.indices(norm.coefficients.shape)
    found = pa.table(
        {
            "term_number": terms.ravel(),
            "percentile": percentiles.ravel() + 1,
            "coefficient": norm.coefficients.ravel(),
        }
    )
    connection.register("coefficient_rows", found)
    connection.execute(
        "insert into estimates.percentile_coefficient select $assessment_id, $academic_subject, $school_year,"
        " $growth_window, $reference, $norm_group, $n_priors, term_number, percentile, coefficient"
        " from coefficient_rows",
        {
            "assessment_id": progression.assessment_id,
            "academic_subject": progression.academic_subject,
            "school_year": group.school_years[-1],
            "growth_window": progression.growth_window,
            "reference": group.reference,
            "norm_group": group.name,
            "n_priors": len(progression.steps),
        },
    )
    connection.unregister("coefficient_rows")


def _insert_knots(
    connection: duckdb.DuckDBPyConnection, reference: str, found: dict[KnotPlace, Knots]
) -> None:
    rows = [
        [
            place.assessment_id, place.academic_subject, place.grade_level, place.school_years[-1],
            place.term, reference, *knots.inner, *knots.boundaries, knots.lowest, knots.highest,
            knots.n_scores,
        ]
        for place, knots in sorted(found.items(), key=lambda item: item[0])
    ]  # fmt: skip
    insert_rows(connection, "estimates.percentile_knot", rows)
