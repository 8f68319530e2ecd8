"""Effect sizes as the What Works Clearinghouse reports them, and how large they are among others."""

from __future__ import annotations

import math
from dataclasses import dataclass

# Kraft (2020), table 2: bins of effects on achievement in randomised studies, in standard deviations.
MEDIUM_FROM, LARGE_FROM = 0.05, 0.20
# Kraft, Blazar and Hogan (2018): mean effect of coaching of teachers on achievement.
COACHING_ON_ACHIEVEMENT = 0.18
# WWC: d = ln(odds ratio) / 1.65 (Cox).
_COX = 1.65


@dataclass(frozen=True)
class GroupSummary:
    """Mean, standard deviation (divisor n - 1) and number of one group, in the outcome's units."""

    mean: float
    standard_deviation: float
    n: int


@dataclass(frozen=True)
class EffectSize:
    """An effect size in standard deviations, positive where the first group is higher, and its error."""

    g: float
    std_error: float


def small_sample_factor(n: int) -> float:
    """omega = 1 - 3 / (4 N - 9), N students of both groups, at least 3. Source: WWC Procedures Handbook."""
    if n < 3:
        raise ValueError(f"an effect size needs at least 3 students, not {n}")
    return 1.0 - 3.0 / (4.0 * n - 9.0)


def hedges_g(difference_sd: float, n: int) -> float:
    """Hedges' g of a difference in standard deviations: omega d, omega = 1 - 3 / (4 N - 9).

    ``n`` is the number of students of both groups, at least 3. Source: WWC Procedures Handbook.
    """
    return small_sample_factor(n) * difference_sd


def hedges_g_of_groups(intervention: GroupSummary, comparison: GroupSummary) -> EffectSize:
    """Hedges' g of two groups and its standard error, intervention less comparison.

    g = omega (m_i - m_c) / s, s pooled; SE = omega sqrt((n_i + n_c) / (n_i n_c) + d^2 / (2 (n_i + n_c))).
    {5, 6, 7} against {4, 5, 6} gives .8. Source: WWC Procedures Handbook. ValueError without a spread.
    """
    n_i, n_c = intervention.n, comparison.n
    squares = (n_i - 1) * intervention.standard_deviation**2 + (n_c - 1) * comparison.standard_deviation**2
    if not squares > 0.0:
        raise ValueError("both groups are without a spread: there is no standard deviation to measure by")
    d = (intervention.mean - comparison.mean) / math.sqrt(squares / (n_i + n_c - 2))
    omega = small_sample_factor(n_i + n_c)
    error = math.sqrt((n_i + n_c) / (n_i * n_c) + d * d / (2.0 * (n_i + n_c)))
    return EffectSize(omega * d, omega * error)


def cox_d(
    share_intervention: float, n_intervention: int, share_comparison: float, n_comparison: int
) -> EffectSize:
    """Cox's d of two shares of 0 to 1, small-sample corrected: omega (logit p_i - logit p_c) / 1.65.

    SE = omega / 1.65 sqrt(1 / (n_i p_i (1 - p_i)) + 1 / (n_c p_c (1 - p_c))). Source: WWC Procedures
    Handbook (Cox 1970). ValueError where a share is 0 or 1: its logit is infinite.
    """
    for share in (share_intervention, share_comparison):
        if not 0.0 < share < 1.0:
            raise ValueError(f"a share of {share:g} has no logit")
    difference = _logit(share_intervention) - _logit(share_comparison)
    variance = 1.0 / (n_intervention * share_intervention * (1.0 - share_intervention))
    variance += 1.0 / (n_comparison * share_comparison * (1.0 - share_comparison))
    omega = small_sample_factor(n_intervention + n_comparison)
    return EffectSize(omega * difference / _COX, omega * math.sqrt(variance) / _COX)


def _logit(share: float) -> float:
    return math.log(share / (1.0 - share))


def improvement_index(g: float) -> float:
    """Percentile points that an average comparison student would gain: 100 Phi(g) - 50.

    Source: WWC Procedures Handbook. g = .25 gives 9.9.
    """
    return 50.0 * math.erf(g / math.sqrt(2.0))


def size_benchmark(estimate_sd: float) -> str:
    """small below .05, medium below .20, large from there, by absolute size. Source: Kraft (2020)."""
    size = abs(estimate_sd)
    if size < MEDIUM_FROM:
        return "small"
    return "medium" if size < LARGE_FROM else "large"
