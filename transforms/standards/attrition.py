"""Attrition of randomised studies as the What Works Clearinghouse judges it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Assumption = Literal["cautious", "optimistic"]

# WWC Handbook 4.1, table II.1: largest differential attrition (percentage points) at an overall attrition of
# 0, 1, 2 … percent; beyond the last there is none.
BOUNDARIES: dict[Assumption, tuple[float, ...]] = {
    "cautious": (
        5.7, 5.8, 5.9, 5.9, 6.0, 6.1, 6.2, 6.3, 6.3, 6.3,
        6.3, 6.2, 6.2, 6.1, 6.0, 5.9, 5.9, 5.8, 5.7, 5.5,
        5.4, 5.3, 5.2, 5.1, 4.9, 4.8, 4.7, 4.5, 4.4, 4.3,
        4.1, 4.0, 3.8, 3.6, 3.5, 3.3, 3.2, 3.1, 2.9, 2.8,
        2.6, 2.5, 2.3, 2.1, 2.0, 1.8, 1.6, 1.5, 1.3, 1.2,
        1.0, 0.9, 0.7, 0.6, 0.4, 0.3, 0.2, 0.0,
    ),
    "optimistic": (
        10.0, 10.1, 10.2, 10.3, 10.4, 10.5, 10.7, 10.8, 10.9, 10.9,
        10.9, 10.9, 10.9, 10.8, 10.8, 10.7, 10.6, 10.5, 10.3, 10.2,
        10.0, 9.9, 9.7, 9.5, 9.4, 9.2, 9.0, 8.8, 8.6, 8.4,
        8.2, 8.0, 7.8, 7.6, 7.4, 7.2, 7.0, 6.7, 6.5, 6.3,
        6.0, 5.8, 5.6, 5.3, 5.1, 4.9, 4.6, 4.4, 4.2, 3.9,
        3.7, 3.5, 3.2, 3.0, 2.8, 2.6, 2.3, 2.1, 1.9, 1.6,
        1.4, 1.1, 0.9, 0.7, 0.5, 0.3,
    ),
}  # fmt: skip
# Counts give shares that meet a boundary but for rounding.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Attrition:
    """Shares of those assigned that have no outcome: ``overall``, and the difference between the arms."""

    overall: float
    differential: float


@dataclass(frozen=True)
class AttritionVerdict:
    """Whether attrition is low under an assumption, and the sentence that says so.

    ``boundary`` (share) is None where no differential attrition counts as low.
    """

    is_low: bool
    boundary: float | None
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


def boundary(overall: float, assumption: Assumption) -> float | None:
    """Largest differential attrition (share) that counts as low at an ``overall`` attrition (share).

    The WWC prints it for every percent; between two percents it is interpolated. None beyond the last.
    Source: WWC Standards Handbook 4.1, table II.1; the same in Standards 5.0.
    """
    table = BOUNDARIES[assumption]
    percent = 100.0 * overall
    if percent > len(table) - 1 + _ROUNDING:
        return None
    below = min(math.floor(percent + _ROUNDING), len(table) - 1)
    above = min(below + 1, len(table) - 1)
    share = max(0.0, percent - below)
    return (table[below] + share * (table[above] - table[below])) / 100.0


def judge_attrition(found: Attrition, assumption: Assumption = "cautious") -> AttritionVerdict:
    """Low where the differential is at most the boundary."""
    largest = boundary(found.overall, assumption)
    is_low = largest is not None and found.differential <= largest + _ROUNDING
    limit = "none at so much" if largest is None else f"{100 * largest:.1f}"
    reason = (
        f"attrition {100 * found.overall:.1f} % overall, {100 * found.differential:.1f} points between the"
        f" arms: {'low' if is_low else 'high'} ({assumption} boundary {limit})"
    )
    return AttritionVerdict(is_low, largest, reason)
