"""Columns that are the same for all rows of a cell join the sums without a row being read again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise

import numpy as np

from transforms.estimation.errors import EstimationError
from transforms.estimation.sums.crossproducts import CrossProducts, FloatArray
from transforms.estimation.sums.grouping import run_starts


def with_cell_columns(sums: CrossProducts, columns: Mapping[str, FloatArray]) -> CrossProducts:
    """The same rows with ``columns`` (cells) by name before the response; exact but for rounding.

    A value stands for all rows of its cell. The columns stand about their weighted means where the model has
    an intercept. Raises EstimationError where a column has not one finite value a cell, or its name is taken.
    """
    values = np.column_stack(list(columns.values())) if columns else np.zeros((len(sums.sums), 0))
    if values.shape[0] != len(sums.sums) or not np.isfinite(values).all():
        raise EstimationError("a column of cells needs one finite value for each cell of the sums")
    weights = sums.sums[:, 0]
    shifts = weights @ values / weights.sum() if sums.has_intercept else np.zeros(values.shape[1])
    centred = values - shifts
    q, k = len(sums.names), values.shape[1]
    kept, added = np.append(np.arange(q - 1), q - 1 + k), slice(q - 1, q - 1 + k)
    wide = np.zeros((len(sums.sums), q + k))
    wide[:, kept] = sums.sums
    wide[:, added] = centred * weights[:, None]
    products = np.zeros((len(sums.products), q + k, q + k))
    products[:, kept[:, None], kept] = sums.products
    bounds = np.append(run_starts(sums.clusters), len(sums.sums))
    for g, (start, stop) in enumerate(pairwise(bounds)):
        crossed = centred[start:stop].T @ wide[start:stop]
        products[g, added], products[g, :, added] = crossed, crossed.T
    made = {name: _digest_of(column) for name, column in columns.items()}
    return replace(
        sums,
        names=(*sums.names[:-1], *columns, sums.names[-1]),
        shifts=np.insert(sums.shifts, q - 1, shifts),
        sums=wide,
        products=products,
        definitions={**sums.definitions, **made},
    )


def _digest_of(column: FloatArray) -> str:
    """As ``design.digest``, of the bytes of the numbers: writing them out took most of the time."""
    return sha256(np.ascontiguousarray(column, dtype=np.float64).tobytes()).hexdigest()[:16]
