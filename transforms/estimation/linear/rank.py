"""Which columns are sums of others: told from cross-products before a model is fitted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.linalg import solve_triangular

from transforms.estimation.errors import RankDeficientError
from transforms.estimation.sums.crossproducts import CrossProducts, FloatArray
from transforms.estimation.sums.design import INTERCEPT

# Share of a column's spread that earlier columns leave over: below it, rounding leaves its coefficient
# fewer than 7 of 16 digits.
RANK_TOLERANCE = 1e-9


def check_rank(sums: CrossProducts) -> None:
    """Raise RankDeficientError with every column that is a sum of the columns before it."""
    names = sums.names[sums.regressors]
    products = sums.products.sum(axis=0)[sums.regressors, sums.regressors]
    determined = determined_columns(names, products, np.diag(products))
    if determined:
        raise RankDeficientError(determined)


def determined_columns(
    names: Sequence[str], products: FloatArray, spread: FloatArray
) -> dict[str, tuple[str, ...]]:
    """Each column that is a sum of the columns before it, with the names of those, the intercept left out.

    ``products`` (p, p) are those of the columns ``names``. ``spread`` (p) is the sum of squares that each
    was computed from, larger than its product where means were taken out: it measures the rounding.
    """
    scale = np.sqrt(np.where(spread > 0.0, spread, 1.0))
    scaled = products / np.outer(scale, scale)
    root = np.zeros_like(scaled)
    kept: list[int] = []
    determined: dict[str, tuple[str, ...]] = {}
    for j in range(len(scaled)):
        k = len(kept)
        row = solve_triangular(root[:k, :k], scaled[kept, j], lower=True) if kept else np.zeros(0)
        left_over = scaled[j, j] - row @ row
        if left_over > RANK_TOLERANCE:
            root[k, :k], root[k, k] = row, np.sqrt(left_over)
            kept.append(j)
            continue
        weights = solve_triangular(root[:k, :k], row, lower=True, trans="T") if kept else row
        others = [names[i] for i, share in zip(kept, weights, strict=True) if abs(share) > 1e-6]
        determined[names[j]] = tuple(name for name in others if name != INTERCEPT)
    return determined
