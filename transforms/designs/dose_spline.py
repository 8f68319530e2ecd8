"""Restricted cubic splines of hours: where the knots lie, and the columns."""

from __future__ import annotations

import numpy as np

from transforms.designs.panel import FloatArray

# Harrell (2015, table 2.3): quantiles of the knots by their number.
_QUANTILES = {
    3: (0.10, 0.50, 0.90),
    4: (0.05, 0.35, 0.65, 0.95),
    5: (0.05, 0.275, 0.50, 0.725, 0.95),
}
# Fewest different doses for a number of knots: his 3 below 30 observations, 4 as a rule, 5 from 100.
_FEWEST_DOSES = {5: 100, 4: 30, 3: 5}


def knots_of(hours: FloatArray) -> FloatArray | None:
    """Knots (3 to 5) among the positive ``hours``; None where they have fewer than 5 different values.

    Where quantiles fall together (many with the same hours), fewer knots are taken.
    """
    positive = hours[hours > 0.0]
    n_doses = len(np.unique(positive))
    for n_knots, fewest in _FEWEST_DOSES.items():
        if n_doses < fewest:
            continue
        knots = np.quantile(positive, _QUANTILES[n_knots])
        if np.all(np.diff(knots) > 0.0):
            return knots
    return None


def spline_columns(hours: FloatArray, knots: FloatArray) -> FloatArray:
    """Columns (n, knots - 1) of a spline that is linear outside of its knots; the first is the hours.

    Harrell's (2015, section 2.4.5) with the others over (last - first knot)^2, all in tens of hours. All are
    0 at 0 hours, the first knot being above, so that they add up to growth against no hours.
    """
    t = knots
    last, before = t[-1], t[-2]

    def cubed(knot: float) -> FloatArray:
        return np.maximum(hours - knot, 0.0) ** 3

    columns = [hours]
    for knot in t[:-2]:
        tail = cubed(before) * (last - knot) - cubed(last) * (before - knot)
        columns.append((cubed(knot) - tail / (last - before)) / (last - t[0]) ** 2)
    return np.column_stack(columns) / 10.0
