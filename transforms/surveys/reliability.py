"""Reliability of a scale from its items: Cronbach's alpha, its interval, and what single items do to it.

Scores are matrices (respondents, items) without gaps, items already reversed where they are marked so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Alpha:
    """Cronbach's alpha with its 95 % interval; ``value`` None where it is not defined, ``note`` says why."""

    value: float | None
    ci_low: float | None = None
    ci_high: float | None = None
    note: str = ""


def covariance(scores: Scores) -> Scores:
    """Sample covariance of the items, (items, items)."""
    return np.atleast_2d(np.cov(scores, rowvar=False, ddof=1))


def alpha_of(items: Scores) -> float | None:
    """Alpha of a covariance matrix of k items: k/(k-1) · (1 - trace / sum). None where the sum is zero.

    Cronbach (1951), Psychometrika 16. A lower bound of reliability if errors of items are uncorrelated;
    equal to it if all items measure the construct equally. Negative where items go against each other.
    """
    k = len(items)
    total = float(items.sum())
    if k < 2 or total <= 1e-12 * max(float(np.trace(items)), 1e-300):
        return None
    return k / (k - 1) * (1 - float(np.trace(items)) / total)


def alpha_interval(alpha: float, n: int, k: int, level: float = 0.95) -> tuple[float, float]:
    """Interval of alpha of n respondents and k items: (1-α)/(1-a) is F with n-1 and (n-1)(k-1) df.

    Feldt (1965), Psychometrika 30; Feldt, Woodruff and Salih (1987). Exact for normal answers and equal
    covariances of items; respondents are taken as independent.
    """
    from scipy.stats import f

    tail = (1 - level) / 2
    df1, df2 = n - 1, (n - 1) * (k - 1)
    return 1 - (1 - alpha) * float(f.ppf(1 - tail, df1, df2)), 1 - (1 - alpha) * float(f.ppf(tail, df1, df2))


def cronbach_alpha(scores: Scores, minimum: int) -> Alpha:
    """Alpha of complete answers with its interval, or why there is none."""
    n, k = scores.shape
    if k < 2:
        return Alpha(None, note="one item: reliability cannot be computed")
    if n < minimum:
        return Alpha(None, note=f"fewer than {minimum} complete answers: reliability not computed")
    value = alpha_of(covariance(scores))
    if value is None:
        return Alpha(None, note="the answers do not differ: reliability cannot be computed")
    return Alpha(value, *alpha_interval(value, n, k))


def spearman_brown(scores: Scores) -> float | None:
    """Reliability of two items from their correlation r: 2r / (1 + r).

    Eisinga, te Grotenhuis and Pelzer (2013), International Journal of Public Health 58. None where an item
    does not vary or r is -1.
    """
    items = covariance(scores)
    scale = float(np.sqrt(items[0, 0] * items[1, 1]))
    if scale == 0:
        return None
    r = float(items[0, 1]) / scale
    return None if r <= -1 + 1e-12 else 2 * r / (1 + r)


def item_rest_correlations(items: Scores) -> list[float | None]:
    """Correlation of each item with the sum of the others; None where one of the two does not vary."""
    total, found = float(items.sum()), []
    for i in range(len(items)):
        variance, with_all = float(items[i, i]), float(items[i].sum())
        rest = total - 2 * with_all + variance
        is_defined = variance > 0 and rest > 1e-12 * total
        found.append((with_all - variance) / float(np.sqrt(variance * rest)) if is_defined else None)
    return found


def alpha_without(items: Scores, position: int) -> float | None:
    """Alpha of the scale if one item were left out; None with fewer than two items left."""
    return alpha_of(np.delete(np.delete(items, position, 0), position, 1))


def turned_round(items: Scores, positions: tuple[int, ...]) -> Scores:
    """Covariances if the items at ``positions`` were reversed."""
    signs = np.ones(len(items))
    signs[list(positions)] = -1
    return items * np.outer(signs, signs)
