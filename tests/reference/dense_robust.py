"""Cluster-robust errors and the wild cluster bootstrap row by row: slow, literal, independent of the sums."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd


def school_years(seed: int, schools: int = 7, years: int = 4, teachers: int = 3) -> pd.DataFrame:
    """Pupils of teachers who stay in their school, in years that all schools share; unbalanced.

    ``coach`` works in two schools or more; ``weight`` is a precision, ``copies`` a frequency.
    """
    rng = np.random.default_rng(seed)
    year_effects = rng.normal(0, 0.6, years)
    records = []
    for school in range(schools):
        school_effect, hours = rng.normal(0, 0.8), rng.uniform(0, 20)
        for year in range(years):
            for teacher in range(1 + rng.integers(teachers)):
                for _ in range(1 + rng.integers(4)):
                    x1, x2 = rng.normal(50, 5), hours + rng.normal(year)
                    y = 650 + 0.5 * x1 + school_effect + year_effects[year] + rng.normal()
                    row = (f"s{school}", 2020 + year, f"s{school} t{teacher}", f"c{(school + teacher) % 4}")
                    records.append((*row, x1, x2, rng.uniform(0.5, 3.0), 1 + rng.integers(3), y))
    return pd.DataFrame(
        records,
        columns=["school", "school_year", "teacher", "coach", "x1", "x2", "weight", "copies", "y"],
    )


def with_dummies(frame: pd.DataFrame, columns: Sequence[str], factors: Sequence[str]) -> np.ndarray:
    """The columns, then a constant and a column for each level but the first of each factor."""
    dummies = [pd.get_dummies(frame[factor], drop_first=True, dtype=float).to_numpy() for factor in factors]
    return np.column_stack([frame[list(columns)].to_numpy(float), np.ones(len(frame)), *dummies])


def multiway_dense(
    x: np.ndarray, y: np.ndarray, clusters: Sequence[np.ndarray], g_df: str, weights: np.ndarray
) -> np.ndarray:
    """CR1 summed over all sets of cluster columns, signs alternating (p, p)."""
    bread = np.linalg.inv(x.T @ (weights[:, None] * x))
    scores = x * (weights * (y - x @ bread @ x.T @ (weights * y)))[:, None]
    smallest = min(len(np.unique(column)) for column in clusters)
    total = np.zeros_like(bread)
    for size in range(1, len(clusters) + 1):
        for subset in combinations(clusters, size):
            keys = pd.Series(list(zip(*subset, strict=True)))
            summed = pd.DataFrame(scores).groupby(keys).sum().to_numpy()
            g = smallest if g_df == "min" else len(summed)
            total += (-1) ** (size + 1) * g / (g - 1) * summed.T @ summed
    return bread @ total @ bread


def bootstrap_dense(
    x: np.ndarray,
    y: np.ndarray,
    v: np.ndarray,
    clusters: np.ndarray,
    contrast: np.ndarray,
    null: float,
    draws: np.ndarray,
) -> np.ndarray:
    """t of each draw (clusters, draws): the restricted fit, new responses row by row, a new fit by CR1."""
    inverse = np.linalg.inv(v)
    bread = np.linalg.inv(x.T @ inverse @ x)
    free = bread @ x.T @ inverse @ y
    bound = free - bread @ contrast * (contrast @ free - null) / (contrast @ bread @ contrast)
    residual = y - x @ bound
    ids, codes = np.unique(clusters, return_inverse=True)
    found = []
    for draw in draws.T:
        made = x @ bound + residual * draw[codes]
        fitted = bread @ x.T @ inverse @ made
        left = inverse @ (made - x @ fitted)
        scores = np.array([x[codes == g].T @ left[codes == g] for g in range(len(ids))])
        meat = len(ids) / (len(ids) - 1) * scores.T @ scores
        found.append((contrast @ fitted - null) / np.sqrt(contrast @ bread @ meat @ bread @ contrast))
    return np.array(found)
