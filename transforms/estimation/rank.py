"""Which columns are sums of others: told from cross-products before a model is fitted."""

from __future__ import annotations

import numpy as np

from transforms.estimation.crossproducts import INTERCEPT, CrossProducts
from transforms.estimation.errors import RankDeficientError

# Share of a column's spread that earlier columns leave over: below it, rounding of the sums decides.
_RANK_TOLERANCE = 1e-10


def check_rank(sums: CrossProducts) -> None:
    """Raise RankDeficientError with every column that is a sum of the columns before it."""
    names = sums.names[sums.regressors]
    products = sums.products.sum(axis=0)[sums.regressors, sums.regressors]
    spread = np.diag(products).copy()
    spread[spread <= 0.0] = 1.0
    scale = np.sqrt(spread)
    scaled = products / np.outer(scale, scale)
    kept: list[int] = []
    determined: dict[str, tuple[str, ...]] = {}
    for j in range(len(scaled)):
        weights = np.linalg.solve(scaled[np.ix_(kept, kept)], scaled[kept, j]) if kept else np.zeros(0)
        left_over = scaled[j, j] - scaled[kept, j] @ weights
        if left_over > _RANK_TOLERANCE:
            kept.append(j)
            continue
        others = [names[i] for i, share in zip(kept, weights, strict=True) if abs(share) > 1e-6]
        determined[names[j]] = tuple(name for name in others if name != INTERCEPT)
    if determined:
        raise RankDeficientError(determined)
