"""Baseline equivalence as the What Works Clearinghouse judges it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

SATISFIED_TO, ADJUSTABLE_TO = 0.05, 0.25


class Equivalence(Enum):
    """What a baseline difference asks for, from the best to the worst."""

    SATISFIED = "satisfied"
    NEEDS_ADJUSTMENT = "satisfied with statistical adjustment"
    NOT_SATISFIED = "not satisfied"


@dataclass(frozen=True)
class BaselineVerdict:
    """Whether the groups count as equivalent, and why, one clause a characteristic that matters."""

    equivalence: Equivalence
    is_equivalent: bool
    largest_g: float
    reasons: tuple[str, ...]


def equivalence_of(g: float) -> Equivalence:
    """|g| <= .05 satisfied, <= .25 with statistical adjustment, else not. Source: WWC Standards 5.0."""
    size = abs(g)
    if size <= SATISFIED_TO:
        return Equivalence.SATISFIED
    return Equivalence.NEEDS_ADJUSTMENT if size <= ADJUSTABLE_TO else Equivalence.NOT_SATISFIED


def judge_baseline(differences: Mapping[str, float], *, is_adjusted: bool) -> BaselineVerdict:
    """Judge several characteristics, g in standard deviations: the worst decides.

    ``is_adjusted`` says whether the analysis controls for them. ValueError without a
    characteristic, or where a difference is no number.
    """
    if not differences:
        raise ValueError("no characteristic to judge the baseline by")
    unknown = [name for name, g in differences.items() if not math.isfinite(g)]
    if unknown:
        raise ValueError(f"no baseline difference of {', '.join(unknown)}")
    order = list(Equivalence)
    verdicts = {name: equivalence_of(g) for name, g in differences.items()}
    worst = max(verdicts.values(), key=order.index)
    is_equivalent = worst is Equivalence.SATISFIED or (worst is Equivalence.NEEDS_ADJUSTMENT and is_adjusted)
    named = [
        f"baseline difference of {name} {differences[name]:+.2f} SD: {_meaning(verdict, is_adjusted)}"
        for name, verdict in verdicts.items()
        if verdict is worst
    ]
    return BaselineVerdict(worst, is_equivalent, max(abs(g) for g in differences.values()), tuple(named))


def _meaning(verdict: Equivalence, is_adjusted: bool) -> str:
    if verdict is Equivalence.SATISFIED:
        return f"at most {SATISFIED_TO:.2f}"
    if verdict is Equivalence.NOT_SATISFIED:
        return f"above {ADJUSTABLE_TO:.2f}"
    return f"above {SATISFIED_TO:.2f}, {'adjusted for' if is_adjusted else 'not adjusted for'}"
