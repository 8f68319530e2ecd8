"""Step 2 of value-added: residual gains of groups, shrunk by a mixed model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from transforms.estimation.errors import EstimationError
from transforms.estimation.linear.within import factor_levels, with_factor
from transforms.estimation.mixed.fit import MixedFit, fit_mixed
from transforms.estimation.mixed.random_effects import value_added
from transforms.estimation.sums.crossproducts import CrossProducts
from transforms.estimation.sums.design import ALL_ROWS, Design
from transforms.estimation.sums.summation import cross_products

FloatArray = NDArray[np.float64]
_WORDS = {
    "teacher_year": "years of a teacher",
    "teacher": "teachers of a school",
    "school": "schools",
    "school_year_number": "years of a school",
    "taught_school": "schools",
}


@dataclass(frozen=True, eq=False)
class GroupFit:
    """Groups of the innermost level that can be told apart, and the mixed model that shrank them.

    ``ids`` (n) are those of the level ``level``; ``estimates``, ``std_errors`` and ``reliability`` (n) are of
    the total effects, in standard deviations of scores. ``grade_years`` gives the model's mean gain by
    grade and year.
    """

    fit: MixedFit
    level: str
    ids: NDArray[Any]
    estimates: FloatArray
    std_errors: FloatArray
    reliability: FloatArray
    grade_years: dict[int, float]
    notes: tuple[str, ...]

    @property
    def has_differences(self) -> bool:
        """Whether any variance between groups is above zero."""
        return any(component.variance > 0.0 for component in self.fit.components[:-1])

    def variance(self, group_name: str) -> float | None:
        """Variance of a level or of the residual; None where the level is not in the model."""
        return next((part.variance for part in self.fit.components if part.group_name == group_name), None)


def fit_groups(connection: duckdb.DuckDBPyConnection, relation: str, levels: Sequence[str]) -> GroupFit:
    """Mixed model of the column ``gain`` with grade and year fixed, random intercepts of ``levels``.

    ``relation`` has gain, weight, grade_year and the levels, innermost first. Grade and year are fixed
    effects here, since within a teacher's year they cannot be told: a teacher is compared with those of the
    same grades and years, and the errors count that their mean is estimated. Levels that have no groups of
    their own are left out and named. Raises EstimationError where no level is left, or from the fit.
    """
    design = Design.of_columns("gain", [], ("grade_year", *levels), weight="weight", cluster=ALL_ROWS)
    by_grade = with_factor(cross_products(connection, relation, design), "grade_year")
    told_apart = _told_apart(by_grade.grouped_by(levels, ALL_ROWS))
    if not told_apart:
        raise EstimationError(f"no two {_WORDS[levels[1]]} with several students to compare")
    sums = by_grade.grouped_by(told_apart, ALL_ROWS)
    fit = fit_mixed(sums)
    found = value_added(sums, fit, told_apart[0])
    missing = [_WORDS[name] for name in levels if name not in told_apart]
    notes = [f"not told apart: {', '.join(missing)}"] if missing else []
    zero = [_WORDS[part.group_name] for part in fit.components[:-1] if part.is_boundary]
    if zero:
        notes.append(f"variance estimated as zero: {', '.join(zero)}")
    return GroupFit(
        fit,
        told_apart[0],
        found.effects.ids[0],
        found.estimates,
        found.std_errors,
        found.reliability,
        _grade_years(by_grade, fit),
        tuple(notes),
    )


def _told_apart(sums: CrossProducts) -> tuple[str, ...]:
    """Levels, innermost first, with more groups than the level around them and fewer than rows."""
    kept: list[str] = []
    around = 1
    for name, count in reversed(list(zip(sums.group_names, sums.n_groups, strict=True))):
        if around < count < sums.n_rows:
            kept.insert(0, name)
            around = count
    return tuple(kept)


def _grade_years(sums: CrossProducts, fit: MixedFit) -> dict[int, float]:
    """The fixed part by grade and year: the intercept, and the coefficient of each but the first."""
    by_name = dict(zip(fit.names, fit.params, strict=True))
    levels, _ = factor_levels(sums, "grade_year")
    intercept = float(fit.params[0])
    return {int(level): intercept + float(by_name.get(f"grade_year[{level}]", 0.0)) for level in levels}
