"""Powers of a score that its error of measurement leaves unbiased, and what the error adds to cross-products.

With x = xi + u, u normal with known variance s2 (one's own for each row), t_k has the expectation xi^k given
xi (Cheng and Schneeweiss 1998): t_0 = 1, t_1 = x, t_(k+1) = x t_k - k s2 t_(k-1).
"""

from __future__ import annotations

from itertools import combinations_with_replacement
from math import factorial

import duckdb
import numpy as np
from numpy.typing import NDArray


def unbiased_power(k: int, score: str, error_variance: str) -> str:
    """SQL of t_k for columns ``score`` and ``error_variance``: the recursion's closed form.

    t_k = sum over m of k! / (m! (k - 2m)!) (-s2 / 2)^m x^(k - 2m), Hermite's polynomial of variance s2.
    """
    terms = []
    for m in range(k // 2 + 1):
        factor = (-1) ** m * factorial(k) // (factorial(m) * factorial(k - 2 * m) * 2**m)
        terms.append(" * ".join([f"{factor}.0", *[score] * (k - 2 * m), *[error_variance] * m]))
    return f"({' + '.join(terms)})"


def error_products(
    connection: duckdb.DuckDBPyConnection, relation: str, degree: int
) -> tuple[NDArray[np.float64], float]:
    """What errors of measurement add to the cross-products of t_1 … t_degree within groups.

    ``relation`` has a row per student and teacher with prior, prior_error (its error variance), other_error
    (that of the other prior), weight and group_weight, the sum of the weights in the row's group. Returned
    are the matrix (degree, degree) and the number of the other prior, in squared units of the columns.

    Errors of two rows are independent, so that only products of a row with itself are too large: by
    t_j t_k - t_(j+k), of which w (1 - w / W) is left once group means are taken out.
    """
    power = [unbiased_power(k, "prior", "prior_error") for k in range(2 * degree + 1)]
    pairs = list(combinations_with_replacement(range(1, degree + 1), 2))
    share = "weight * (1 - weight / group_weight)"
    sums = [f"sum({share} * ({power[j]} * {power[k]} - {power[j + k]}))" for j, k in pairs]
    query = " ".join(("SELECT", ", ".join([*sums, f"sum({share} * other_error)"]), "FROM", relation))
    found = connection.execute(query).fetchall()[0]
    added = np.zeros((degree, degree))
    for (j, k), value in zip(pairs, found, strict=False):
        added[j - 1, k - 1] = added[k - 1, j - 1] = value
    return added, float(found[-1])
