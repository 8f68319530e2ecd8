"""Do ratings from visits, surveys and plans tell the same of the same priorities?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MINIMUM_SCHOOLS = 5


@dataclass(frozen=True)
class Rating:
    """Need less fit of one priority in one school, and where the rating comes from."""

    school_id: str
    priority_id: str
    source: str
    gap: float


@dataclass(frozen=True)
class SourceDifference:
    """By how much gaps of ``first`` exceed those of ``second``, in points of need less fit.

    Without an estimate ``note`` says why. ``n_ratings`` and ``n_schools`` are of both sources together.
    """

    first: str
    second: str
    difference: float | None
    ci_low: float | None
    ci_high: float | None
    n_ratings: int
    n_schools: int
    note: str | None = None


def source_difference(ratings: Sequence[Rating], first: str, second: str) -> SourceDifference:
    """Difference of two sources within priorities, with a 95 % interval by school.

    Estimand: the coefficient of ``first`` in a regression of the gap on it and a fixed effect for each
    priority, over the ratings of both sources. Error: CR1 by school with the factor
    G / (G - 1) · (N - 1) / (N - K) and t with G - 1 degrees of freedom (Cameron and Miller 2015, Journal of
    Human Resources 50(2)). Schools are not drawn for a source by lot: a difference may be of the schools.
    """
    import numpy as np
    from scipy.special import stdtrit

    of_both = [rating for rating in ratings if rating.source in (first, second)]
    schools = sorted({rating.school_id for rating in of_both})
    counts = len(of_both), len(schools)
    if len(schools) < MINIMUM_SCHOOLS:
        return _refused(first, second, counts, f"fewer than {MINIMUM_SCHOOLS} schools rated by either source")
    priority = np.unique([rating.priority_id for rating in of_both], return_inverse=True)[1]
    cluster = np.unique([rating.school_id for rating in of_both], return_inverse=True)[1]
    x = _within(np.array([float(rating.source == first) for rating in of_both]), priority)
    y = _within(np.array([rating.gap for rating in of_both]), priority)
    n_parameters = int(priority.max()) + 2
    # deviations are sums of fractions of small integers: what is left of a zero is rounding
    if float(x @ x) < 1e-9 or len(of_both) <= n_parameters:
        return _refused(first, second, counts, "no priority is rated by both sources")
    difference = float(x @ y / (x @ x))
    scores = np.bincount(cluster, weights=x * (y - difference * x))
    n, g = counts
    factor = g / (g - 1) * (n - 1) / (n - n_parameters)
    std_error = float(np.sqrt(factor * (scores @ scores)) / (x @ x))
    half = float(stdtrit(g - 1, 0.975)) * std_error
    return SourceDifference(first, second, difference, difference - half, difference + half, n, g)


def _within(values, group):
    """Values less the mean of their group; shapes (n,), (n,)."""
    import numpy as np

    return values - (np.bincount(group, weights=values) / np.bincount(group))[group]


def _refused(first: str, second: str, counts: tuple[int, int], note: str) -> SourceDifference:
    return SourceDifference(first, second, None, None, None, *counts, note=note)
