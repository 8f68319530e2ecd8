"""Effect sizes as the What Works Clearinghouse reports them, and how much confounding one withstands."""

from __future__ import annotations

import math


def hedges_g(difference_sd: float, n: int) -> float:
    """Hedges' g of a difference in standard deviations: omega d, omega = 1 - 3 / (4 N - 9).

    ``n`` is the number of students of both groups, at least 3. Source: WWC Procedures Handbook.
    """
    return (1.0 - 3.0 / (4.0 * n - 9.0)) * difference_sd


def improvement_index(g: float) -> float:
    """Percentile points that an average comparison student would gain: 100 Phi(g) - 50.

    Source: WWC Procedures Handbook. g = .25 gives 9.9.
    """
    return 50.0 * math.erf(g / math.sqrt(2.0))


def robustness_value(t: float, df: float) -> float:
    """Share of the residual variance of both treatment and outcome that an omitted variable would have
    to explain to bring the estimate to 0: (sqrt(f^4 + 4 f^2) - f^2) / 2 with f = |t| / sqrt(df).

    ``t`` has the standard error that the model itself gives, ``df`` are its residual degrees of freedom
    (observations - columns); with cluster-robust ones f^2 is no longer a ratio of partial R2.
    Source: Cinelli and Hazlett (2020). Between 0 and 1.
    """
    f2 = t * t / df
    return (math.sqrt(f2 * f2 + 4.0 * f2) - f2) / 2.0
