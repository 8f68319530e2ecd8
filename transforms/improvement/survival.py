"""Time until an event where some are still waiting: Kaplan-Meier curves, medians, and the log-rank test.

The curve and its standard error are statsmodels'. Its band is on the log-log scale (Kalbfleisch and Prentice
1980), which stays between 0 and 1 and holds its level with few people (Borgan and Liestøl 1990).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.improvement.intervals import NORMAL_QUANTILE

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Waiting:
    """Who waited how long: ``time`` (n) in days, ``event`` (n) whether it ended in the event or was cut off.

    ``followed`` (n) is how long each could have been seen to wait, at least ``time``.
    """

    time: FloatArray
    event: BoolArray
    followed: FloatArray

    @property
    def n(self) -> int:
        """People who waited."""
        return len(self.time)

    def joined(self, other: Waiting) -> Waiting:
        """Both groups as one."""
        return Waiting(
            np.concatenate([self.time, other.time]),
            np.concatenate([self.event, other.event]),
            np.concatenate([self.followed, other.followed]),
        )


@dataclass(frozen=True, eq=False)
class SurvivalCurve:
    """Kaplan-Meier estimate at the k days with an event, with a 95 % band on the log-log scale.

    ``survival`` (k) is the share without the event after that day; ``n_at_risk`` and ``n_events`` (k) are
    people just before and on it. Where ``survival`` is 0, which has no standard error, ``low`` is 0 and
    ``high`` that of the day before.
    """

    days: FloatArray
    survival: FloatArray
    low: FloatArray
    high: FloatArray
    n_at_risk: FloatArray
    n_events: FloatArray


@dataclass(frozen=True)
class Share:
    """An estimate between 0 and 1 with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Median:
    """Days by which half had the event; None where the curve, or an end of its band, stays above a half."""

    days: float | None
    low: float | None
    high: float | None


def wilson(k: float, n: float) -> Share:
    """Share k of n with Wilson's (1927) 95 % interval; n above 0."""
    z2 = NORMAL_QUANTILE**2
    middle, half = k + z2 / 2.0, NORMAL_QUANTILE * float(np.sqrt(k * (n - k) / n + z2 / 4.0))
    return Share(k / n, max(0.0, (middle - half) / (n + z2)), min(1.0, (middle + half) / (n + z2)))


def kaplan_meier(waiting: Waiting) -> SurvivalCurve:
    """The curve of one group (Kaplan and Meier 1958); without any event it has no points."""
    if not waiting.event.any():
        return SurvivalCurve(*(np.zeros(0) for _ in range(6)))
    from statsmodels.duration.survfunc import SurvfuncRight

    with np.errstate(invalid="ignore", divide="ignore"):
        fit = SurvfuncRight(waiting.time, waiting.event.astype(float))
    low, high = _log_log_band(fit.surv_prob, fit.surv_prob_se)
    return SurvivalCurve(
        np.asarray(fit.surv_times, dtype=float), fit.surv_prob, low, high, fit.n_risk, fit.n_events
    )


def _log_log_band(survival: FloatArray, error: FloatArray) -> tuple[FloatArray, FloatArray]:
    """S to the power exp(±z se / (S log S)), as SAS and R give it."""
    inside = survival > 0.0
    low, high = np.zeros(len(survival)), np.ones(len(survival))
    share = survival[inside]
    spread = np.exp(NORMAL_QUANTILE * error[inside] / (share * np.log(share)))
    low[inside], high[inside] = share ** (1.0 / spread), share**spread
    if not inside.all():
        high[~inside] = high[inside][-1] if inside.any() else 1.0
    return low, high


def survival_at(waiting: Waiting, curve: SurvivalCurve, days: float) -> Share | None:
    """Share without the event after ``days``; None where nobody was followed so long.

    Before the first event the share is 1 and has no standard error: its interval is Wilson's for the people
    still followed at ``days``.
    """
    n_followed = int((waiting.followed >= days).sum())
    if n_followed == 0:
        return None
    place = int(np.searchsorted(curve.days, days, side="right")) - 1
    if place < 0:
        n_left = int((waiting.time >= days).sum())
        return wilson(n_left, n_left) if n_left else None
    return Share(float(curve.survival[place]), float(curve.low[place]), float(curve.high[place]))


def median_time(curve: SurvivalCurve) -> Median:
    """Median and its interval: the days on which the curve and its band fall below a half.

    Brookmeyer and Crowley (1982), on the log-log scale.
    """
    return Median(
        _first_below(curve.days, curve.survival),
        _first_below(curve.days, curve.low),
        _first_below(curve.days, curve.high),
    )


def _first_below(days: FloatArray, share: FloatArray) -> float | None:
    below = np.flatnonzero(share < 0.5)
    return float(days[below[0]]) if len(below) else None


def log_rank(one: Waiting, other: Waiting) -> float | None:
    """p-value of equal hazards in two groups; None where nobody had the event, or nobody could be compared."""
    both = one.joined(other)
    if not both.event.any():
        return None
    from statsmodels.duration.survfunc import survdiff

    group = np.repeat([0, 1], [one.n, other.n])
    first = both.time[both.event].min()
    if len(np.unique(group[both.time >= first])) < 2:
        return None
    try:
        _, p_value = survdiff(both.time, both.event.astype(float), group)
    except np.linalg.LinAlgError:  # nobody of one group was at risk at any event
        return None
    return float(p_value) if np.isfinite(p_value) else None
