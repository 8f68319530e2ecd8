"""How much a value differs between two years, where both have an interval.

Zou and Donner (2008), Statistics in Medicine 27(10): the interval of a difference from the intervals of both
values, which for shares by Wilson's intervals is the one of Newcombe (1998). It takes the years as
independent. Where the same people are in both and stay as they were, it is too wide rather than too narrow.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

from transforms.standards.multiplicity import adjusted_p_values

_NORMAL = NormalDist()
_QUANTILE = _NORMAL.inv_cdf(0.975)


@dataclass(frozen=True)
class Interval:
    """A value with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Difference:
    """``value`` is now less then; ``p_value`` is below .05 exactly where the interval leaves out 0.

    ``p_value_bh`` counts all differences that were looked at together (Benjamini and Hochberg).
    """

    value: float
    low: float
    high: float
    p_value: float
    p_value_bh: float

    @property
    def is_clear(self) -> bool:
        """Whether the direction can be told among all that were looked at."""
        return self.p_value_bh < 0.05  # the level of the intervals


def difference(then: Interval, now: Interval) -> Difference:
    """The difference of two values, with its 95 % interval; alone among no others."""
    value = now.value - then.value
    below = math.hypot(now.value - now.low, then.high - then.value)
    above = math.hypot(now.high - now.value, then.value - then.low)
    towards_zero = below if value > 0 else above
    if value == 0.0:
        p_value = 1.0
    elif towards_zero == 0.0:
        p_value = 0.0
    else:
        p_value = 2.0 * _NORMAL.cdf(-_QUANTILE * abs(value) / towards_zero)
    return Difference(value, value - below, value + above, p_value, p_value)


def differences(pairs: Sequence[tuple[Interval, Interval]]) -> tuple[Difference, ...]:
    """The differences of all pairs, each with its p-value among them."""
    found = [difference(then, now) for then, now in pairs]
    adjusted = adjusted_p_values([one.p_value for one in found])
    return tuple(
        replace(one, p_value_bh=1.0 if value is None else value)
        for one, value in zip(found, adjusted, strict=True)
    )
