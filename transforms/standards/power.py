"""Which effect a study can find, and how many clusters an effect asks for."""

from __future__ import annotations

import math


def multiplier(df: float, alpha: float = 0.05, power: float = 0.80) -> float:
    """Standard errors that an effect must be away from 0 to be found: t_(1 - alpha / 2) + t_power.

    Source: Bloom (1995). 2.80 with many degrees of freedom.
    """
    from scipy.special import stdtrit

    return float(stdtrit(df, 1.0 - alpha / 2.0) + stdtrit(df, power))


def minimum_detectable_effect(
    n_clusters: int,
    n_students: int,
    icc: float,
    *,
    share_treated: float = 0.5,
    r2_clusters: float = 0.0,
    r2_students: float = 0.0,
    alpha: float = 0.05,
    power: float = 0.80,
) -> float:
    """Smallest effect (SD) that a study randomised by cluster finds with ``power``.

    M sqrt(rho (1 - R2_2) / (P (1 - P) J) + (1 - rho) (1 - R2_1) / (P (1 - P) N)), M of J - 2 degrees of
    freedom. 20 clusters, 5,000 students, rho .01, half treated: .15656. Source: Bloom (1995, 2005).
    ValueError with fewer than 3 clusters.
    """
    if n_clusters < 3:
        raise ValueError(f"{n_clusters} clusters leave no degrees of freedom")
    balance = share_treated * (1.0 - share_treated)
    variance = icc * (1.0 - r2_clusters) / (balance * n_clusters)
    variance += (1.0 - icc) * (1.0 - r2_students) / (balance * n_students)
    return multiplier(n_clusters - 2.0, alpha, power) * math.sqrt(variance)


def clusters_needed(
    effect_sd: float,
    students_per_cluster: float,
    icc: float,
    *,
    share_treated: float = 0.5,
    r2_clusters: float = 0.0,
    r2_students: float = 0.0,
    alpha: float = 0.05,
    power: float = 0.80,
    at_most: int = 100_000,
) -> int | None:
    """Fewest clusters with which ``effect_sd`` is found with ``power``; None where ``at_most`` do not do."""

    def found(n_clusters: int) -> bool:
        effect = minimum_detectable_effect(
            n_clusters,
            max(1, round(n_clusters * students_per_cluster)),
            icc,
            share_treated=share_treated,
            r2_clusters=r2_clusters,
            r2_students=r2_students,
            alpha=alpha,
            power=power,
        )
        return effect <= effect_sd

    low, high = 3, 3
    while not found(high):
        low, high = high, 2 * high
        if high > at_most:
            return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if found(middle) else (middle + 1, high)
    return high
