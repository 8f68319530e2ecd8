"""Places each outcome among its norm group: percentile and standard error, row by row in chunks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sql import render_sql
from transforms.growth.norm import Norm
from transforms.growth.norm_fits import chunks, columns, floats
from transforms.growth.progression import COHORT, Path, Progression

FloatArray = NDArray[np.float64]

# The norms of one reference: by progression, and by school year of the outcome.
Norms = Mapping[tuple[Progression, int], Norm]


def place_outcomes(
    connection: duckdb.DuckDBPyConnection, paths: Iterable[Path], norms: Norms, reference: str
) -> None:
    """Add rows to temp table growth_placed: each outcome in the norm of most priors that it has one of."""
    members: dict[tuple[Progression, int], list[int]] = defaultdict(list)
    for path in paths:
        best = best_progression(path.progression, path.school_year, norms)
        if best is not None:
            members[best, path.school_year].append(path.path_number)
    for (progression, school_year), numbers in members.items():
        norm = norms[progression, school_year]
        rows = _place(connection, norm, numbers)
        n_priors = len(progression.steps)
        name = progression.name(school_year if reference == COHORT else None)
        connection.register("placed_rows", rows)
        connection.execute(
            "insert into growth_placed select outcome_number, $reference, sgp,"
            " case when not isnan(sgp_se) then sgp_se end, $n_priors, $name from placed_rows",
            {"reference": reference, "n_priors": n_priors, "name": name},
        )
        connection.unregister("placed_rows")


def best_progression(progression: Progression, school_year: int, norms: Norms) -> Progression | None:
    """The progression with as many of the priors as there is a norm for; None where there is none."""
    for n_priors in range(len(progression.steps), 0, -1):
        shorter = progression.with_priors(n_priors)
        if (shorter, school_year) in norms:
            return shorter
    return None


def _place(connection: duckdb.DuckDBPyConnection, norm: Norm, paths: list[int]) -> pa.Table:
    n_priors = len(norm.knots)
    sql = render_sql("growth/members.sql.j2", n_priors=n_priors)
    found = connection.execute(sql, {"paths": paths}).fetchnumpy()
    priors, prior_errors = columns(found, "prior", n_priors), columns(found, "prior_error", n_priors)
    scores, errors = floats(found, "scale_score"), floats(found, "score_sem")
    percentiles = np.empty(len(scores), dtype=np.int64)
    standard_errors = np.full(len(scores), np.nan)
    for part in chunks(len(scores)):
        percentiles[part] = norm.percentiles(priors[part], scores[part])
        is_known = np.isfinite(prior_errors[part]).all(axis=1) & (errors[part] > 0.0)
        known = np.arange(len(scores))[part][is_known]
        if len(known):
            standard_errors[known] = norm.standard_errors(
                priors[known], prior_errors[known], scores[known], errors[known]
            )
    return pa.table(
        {"outcome_number": found["outcome_number"], "sgp": percentiles, "sgp_se": standard_errors}
    )
