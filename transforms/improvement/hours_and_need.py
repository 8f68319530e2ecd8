"""Do hours go where the need is? Rank correlation of need and hours per teacher across schools."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

MINIMUM_SCHOOLS = 8
_NORMAL_QUANTILE = 1.959963984540054


@dataclass(frozen=True)
class RankCorrelation:
    """Spearman's rho over ``n_schools`` with a 95 % interval; without one ``note`` says why."""

    rho: float | None
    ci_low: float | None
    ci_high: float | None
    n_schools: int
    note: str | None = None


def rank_correlation(need: Sequence[float], hours: Sequence[float]) -> RankCorrelation:
    """Spearman's rho of ``need`` and ``hours`` per teacher, one pair a school, ties at their mean rank.

    Interval: Fisher's z with variance (1 + rho² / 2) / (n - 3), Bonett and Wright (2000), Psychometrika
    65(1).
    """
    from scipy.stats import rankdata

    n = len(need)
    if n < MINIMUM_SCHOOLS:
        return RankCorrelation(None, None, None, n, f"fewer than {MINIMUM_SCHOOLS} schools")
    if len(set(need)) == 1 or len(set(hours)) == 1:
        same = "need" if len(set(need)) == 1 else "hours"
        return RankCorrelation(None, None, None, n, f"all schools have the same {same}")
    rho = _pearson(list(rankdata(need)), list(rankdata(hours)))
    return _with_interval(rho, _std_error(rho, n), n)


def pooled(correlations: Sequence[RankCorrelation]) -> RankCorrelation:
    """Mean of rank correlations of several priorities on the scale of Fisher's z, weighted by n - 3.

    The same schools are behind all of them, so they are not independent: the error is the weighted mean of
    the errors, what it would be if all moved together. The interval is rather too wide than too narrow.
    """
    known = [one for one in correlations if one.rho is not None]
    if not known:
        n = max((one.n_schools for one in correlations), default=0)
        return RankCorrelation(None, None, None, n, "no priority has a rank correlation")
    weights = [one.n_schools - 3 for one in known]
    total = sum(weights)
    z = sum(w * _z(one.rho or 0.0) for w, one in zip(weights, known, strict=True)) / total
    errors = [_std_error(one.rho or 0.0, one.n_schools) for one in known]
    std_error = sum(w * error for w, error in zip(weights, errors, strict=True)) / total
    return _with_interval(math.tanh(z), std_error, max(one.n_schools for one in known))


def _pearson(a: list[float], b: list[float]) -> float:
    mean_a, mean_b = math.fsum(a) / len(a), math.fsum(b) / len(b)
    products = math.fsum((x - mean_a) * (y - mean_b) for x, y in zip(a, b, strict=True))
    squares = math.fsum((x - mean_a) ** 2 for x in a) * math.fsum((y - mean_b) ** 2 for y in b)
    return products / math.sqrt(squares)


def _z(rho: float) -> float:
    # a perfect correlation has no finite z
    return math.atanh(max(-0.999999, min(0.999999, rho)))


def _std_error(rho: float, n: int) -> float:
    return math.sqrt((1 + rho**2 / 2) / (n - 3))


def _with_interval(rho: float, std_error: float, n: int) -> RankCorrelation:
    z, half = _z(rho), _NORMAL_QUANTILE * std_error
    return RankCorrelation(rho, math.tanh(z - half), math.tanh(z + half), n)
