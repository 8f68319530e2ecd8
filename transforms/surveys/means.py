"""Means of answers with their errors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Mean:
    """A mean with its standard error, degrees of freedom and 95 % interval (t); None with too few answers."""

    value: float | None
    std_error: float | None
    df: int
    ci_low: float | None
    ci_high: float | None
    n: int


def mean_of(
    values: Vector, clusters: npt.NDArray[np.int64] | None = None, weights: Vector | None = None
) -> Mean:
    """Mean of ``values`` (n,) without gaps, weighted where ``weights`` (n,) are given.

    Its variance is that of a ratio: G/(G-1) · Σ_g(Σ w(x - m))² / (Σw)² over G clusters (answers to one survey
    are alike), df G - 1; every answer is a cluster of its own where there is one cluster or none.
    Unweighted without clusters this is s²/n.
    """
    n = len(values)
    if n == 0:
        return Mean(None, None, 0, None, None, 0)
    w = np.ones(n) if weights is None else weights
    mean = float(np.sum(w * values) / np.sum(w))
    scores = w * (values - mean)
    if clusters is not None and len(codes := np.unique(clusters, return_inverse=True)[1]) and codes.max() > 0:
        scores = np.asarray(np.bincount(codes, scores), dtype=np.float64)
    g = len(scores)
    if g < 2:
        return Mean(mean, None, 0, None, None, n)
    std_error = float(np.sqrt(g / (g - 1) * np.sum(scores**2)) / np.sum(w))
    reach = t_quantile(g - 1) * std_error
    return Mean(mean, std_error, g - 1, mean - reach, mean + reach, n)


@lru_cache(maxsize=4096)
def t_quantile(df: float, level: float = 0.95) -> float:
    """Two-sided quantile of Student's t."""
    from scipy.stats import t

    return float(t.ppf(1 - (1 - level) / 2, df))
