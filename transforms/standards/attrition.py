"""Attrition of randomised studies as the What Works Clearinghouse judges it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist
from typing import Literal

Assumption = Literal["cautious", "optimistic"]

# WWC Standards 5.0: largest differential attrition (percentage points) by overall attrition (percent).
BOUNDARIES: dict[Assumption, dict[int, float]] = {
    "cautious": {0: 5.7, 10: 6.3, 20: 5.4, 30: 4.1, 40: 2.6, 50: 1.0, 57: 0.0},
    "optimistic": {0: 10.0, 10: 10.9, 20: 10.0, 30: 8.2, 40: 6.0, 50: 3.7, 60: 1.4, 65: 0.3},
}
# Correlation of the outcome with staying, by arm, and the bias (SD) at which the model meets the table.
_MODEL: dict[Assumption, tuple[float, float, float]] = {
    "cautious": (0.45, 0.39, 0.055),
    "optimistic": (0.27, 0.22, 0.054),
}
_NORMAL = NormalDist()


@dataclass(frozen=True)
class Attrition:
    """Shares of those assigned that have no outcome: ``overall``, and the difference between the arms."""

    overall: float
    differential: float


@dataclass(frozen=True)
class AttritionVerdict:
    """Whether attrition is low under an assumption, and the sentence that says so."""

    is_low: bool
    boundary: float
    reason: str


def attrition_of(
    n_assigned_intervention: int,
    n_kept_intervention: int,
    n_assigned_comparison: int,
    n_kept_comparison: int,
) -> Attrition:
    """Overall and differential attrition (shares) from counts. ValueError without anybody in an arm."""
    arms = (
        (n_assigned_intervention, n_kept_intervention),
        (n_assigned_comparison, n_kept_comparison),
    )
    for assigned, kept in arms:
        if not assigned > 0 or not 0 <= kept <= assigned:
            raise ValueError(f"{kept} kept of {assigned} assigned is no attrition")
    lost = [1.0 - kept / assigned for assigned, kept in arms]
    overall = 1.0 - sum(kept for _, kept in arms) / sum(assigned for assigned, _ in arms)
    return Attrition(overall, abs(lost[0] - lost[1]))


def attrition_bias(kept_intervention: float, kept_comparison: float, assumption: Assumption) -> float:
    """Bias (SD) by the WWC's model: a_t phi(z_t) / p_t - a_c phi(z_c) / p_c, z the quantile of p kept.

    a are .45 and .39 (cautious), .27 and .22 (optimistic). Source: WWC technical paper on attrition.
    """
    a_t, a_c, _ = _MODEL[assumption]
    return a_t * _mills(kept_intervention) - a_c * _mills(kept_comparison)


def _mills(kept: float) -> float:
    return _NORMAL.pdf(_NORMAL.inv_cdf(kept)) / kept


def boundary(overall: float, assumption: Assumption) -> float:
    """Largest differential attrition (share) that counts as low at an ``overall`` attrition (share).

    At the tabulated points the table; between them the bias model, moved by as much as it misses the table at
    both neighbours. With a bias of .055 (cautious) and .054 SD (optimistic) the model alone is within 0.06
    and 0.1 percentage points of the table from 10 % on (at .05 it is up to 0.8 and 1.2 below it); below 10 %
    the table is interpolated. 0 beyond the last point. Source: WWC Standards 5.0.
    """
    table = BOUNDARIES[assumption]
    percent = 100.0 * overall
    for low, high in pairwise(table):
        if low <= percent <= high:
            share = (percent - low) / (high - low)
            if low == 0:
                return (table[low] + share * (table[high] - table[low])) / 100.0
            missed = [table[point] - _modelled(point, assumption) for point in (low, high)]
            moved = missed[0] + share * (missed[1] - missed[0])
            return max(0.0, _modelled(percent, assumption) + moved) / 100.0
    return 0.0


def _modelled(percent: float, assumption: Assumption) -> float:
    """Differential (points) at which the model's bias reaches its limit; the intervention loses more."""
    limit = _MODEL[assumption][2]
    kept = 1.0 - percent / 100.0
    low, high = 0.0, 2.0 * min(kept, 1.0 - kept) - 1e-9
    if attrition_bias(kept, kept, assumption) > limit:
        return 0.0
    for _ in range(60):
        middle = (low + high) / 2.0
        if attrition_bias(kept - middle / 2.0, kept + middle / 2.0, assumption) > limit:
            high = middle
        else:
            low = middle
    return 100.0 * low


def judge_attrition(found: Attrition, assumption: Assumption = "cautious") -> AttritionVerdict:
    """Low where the differential is at most the boundary."""
    largest = boundary(found.overall, assumption)
    # counts give shares that meet a boundary but for rounding
    is_low = found.differential <= largest + 1e-9 and largest > 0.0
    reason = (
        f"attrition {100 * found.overall:.1f} % overall, {100 * found.differential:.1f} points between the"
        f" arms: {'low' if is_low else 'high'} ({assumption} boundary {100 * largest:.1f})"
    )
    return AttritionVerdict(is_low, largest, reason)
