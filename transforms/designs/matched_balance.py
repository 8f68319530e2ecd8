"""How alike those who begin and their comparison are, before and after weighting."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.designs.matched_sample import UNITS, MatchedSample
from transforms.designs.panel import FloatArray, IntArray
from transforms.standards.effect_sizes import hedges_g


@dataclass(frozen=True)
class BaselineDifference:
    """One row of a love plot: treated less comparison.

    ``g_before`` and ``g_after`` are Hedges' g in pooled standard deviations over teacher-years, those before
    weighting in both, so that the two can be compared. ``difference_before`` and ``difference_after`` are
    in ``unit``; those of the growth of the year before and of the class mean prior score are in standard
    deviations of students, which is what the WWC's baseline equivalence asks for. Means of teachers vary
    less than students, so that g is the larger, stricter one.
    """

    characteristic: str
    unit: str
    g_before: float
    g_after: float
    difference_before: float
    difference_after: float


def baseline_differences(
    sample: MatchedSample, weight: FloatArray, shares: FloatArray, teacher: IntArray
) -> tuple[BaselineDifference, ...]:
    """Differences in every characteristic over the rows in which it is known; none where nobody varies.

    ``weight`` (m) are students, ``shares`` (m) sum to 1 in either group. N of Hedges' g are teachers.
    """
    n_teachers = len(np.unique(teacher))
    rows = []
    for name, column in sample.characteristics.items():
        known = ~np.isnan(column)
        treated, compared = known & sample.is_treated, known & ~sample.is_treated
        if not treated.any() or not compared.any():
            continue
        pooled = _pooled_sd(column[treated], weight[treated], column[compared], weight[compared])
        if not pooled > 0.0:
            continue
        before, after = (
            float(np.average(column[treated], weights=of[treated]))
            - float(np.average(column[compared], weights=of[compared]))
            for of in (weight, shares)
        )
        rows.append(
            BaselineDifference(
                name,
                UNITS[name],
                hedges_g(before / pooled, n_teachers),
                hedges_g(after / pooled, n_teachers),
                before,
                after,
            )
        )
    return tuple(rows)


def largest_after(rows: tuple[BaselineDifference, ...]) -> float:
    """Largest absolute g after weighting; 0 where no characteristic varies."""
    return max((abs(row.g_after) for row in rows), default=0.0)


def support_share(sample: MatchedSample, weight: FloatArray) -> float:
    """Share of the treated, by weight, within the comparison's range of every characteristic they have."""
    is_inside = np.ones(len(weight), dtype=bool)
    for column in sample.characteristics.values():
        compared = column[~sample.is_treated]
        if np.isnan(compared).all():
            continue
        low, high = np.nanmin(compared), np.nanmax(compared)
        is_inside &= np.isnan(column) | ((column >= low) & (column <= high))
    treated = sample.is_treated
    return float(weight[treated & is_inside].sum() / weight[treated].sum())


def _pooled_sd(
    first: FloatArray, first_weight: FloatArray, other: FloatArray, other_weight: FloatArray
) -> float:
    """Root of the mean of the two variances, each by its rows less 1."""
    n, m = len(first), len(other)
    if n + m <= 2:
        return 0.0
    squares = n * _variance(first, first_weight) + m * _variance(other, other_weight)
    return float(np.sqrt(squares / (n + m - 2)))


def _variance(values: FloatArray, weight: FloatArray) -> float:
    mean = np.average(values, weights=weight)
    return float(np.average((values - mean) ** 2, weights=weight))
