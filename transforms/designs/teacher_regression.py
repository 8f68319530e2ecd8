"""One coefficient of a weighted regression of teacher rows, and each row's or school's part in its error.

CR2 (Bell and McCaffrey 2002; Pustejovsky and Tipton 2018) with the inverse weights as working model, as in
``transforms.estimation.robust``; CR2 with clusters of one row is HC2. Several responses share the design,
so that a ratio of two coefficients has a standard error from their influences.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.designs.panel import DesignRefusedError, FloatArray, IntArray
from transforms.estimation.linear.solve import SingularProductsError, inverse_root
from transforms.estimation.robust.one_way import Leverages
from transforms.estimation.robust.scores import ClusterScores

# A leverage of 1 within rounding: the row alone determines a column, and has no residual.
_FULL_LEVERAGE = 1e-8


@dataclass(frozen=True, eq=False)
class FirstCoefficient:
    """Coefficient of the first column for each of r responses.

    ``estimates`` (r); ``influence`` (units, r) is what each cluster or row adds to the error: the products
    of its columns, summed over units, are the covariance of the estimates. ``df`` is Satterthwaite's, 0
    where no residual tells of the coefficient.
    """

    estimates: FloatArray
    influence: FloatArray
    df: float


def by_cluster(
    design: FloatArray, responses: FloatArray, weights: FloatArray, clusters: IntArray
) -> FirstCoefficient:
    """CR2 by ``clusters`` (n, codes from 0 without gaps) of ``responses`` (n, r) on ``design`` (n, k).

    Costs clusters x k^3. Raises DesignRefusedError where the columns cannot be told apart.
    """
    root, residuals, estimates = _least_squares(design, responses, weights)
    n_clusters, k = int(clusters.max()) + 1, design.shape[1]
    order = np.argsort(clusters, kind="stable")
    starts = np.searchsorted(clusters[order], np.arange(n_clusters))
    x = (design @ root)[order]
    weighted = x * weights[order, None]
    # Products of the columns' pairs are summed for all clusters at once: a loop over schools costs more.
    products = np.add.reduceat((weighted[:, :, None] * x[:, None, :]).reshape(-1, k * k), starts, axis=0)
    identity = np.eye(k)
    first = root[0]
    columns, df = [], 0.0
    for response in range(responses.shape[1]):
        scores = np.add.reduceat(weighted * residuals[order, response, None], starts, axis=0)
        # In the basis of the root the bread is the identity, so that the products are the leverages.
        clustered = ClusterScores("", (), estimates, products.reshape(-1, k, k), identity, scores, root)
        if response == 0:
            leverages = Leverages.of(clustered)
            df = leverages.satterthwaite(identity[0])
        columns.append(leverages.adjusted(scores) @ first)
    return FirstCoefficient(estimates, np.column_stack(columns), df)


def by_row(design: FloatArray, responses: FloatArray, weights: FloatArray) -> FirstCoefficient:
    """HC2 of ``responses`` (n, r) on ``design`` (n, k), each row a unit; costs n x k^2.

    The degrees of freedom are Bell and McCaffrey's (2002): (tr P)^2 / tr P^2 with P = A (I - H) A, A the
    diagonal of what a residual counts for. Raises DesignRefusedError where columns cannot be told apart.
    """
    root, residuals, estimates = _least_squares(design, responses, weights)
    x = np.sqrt(weights)[:, None] * (design @ root)
    leverage = (x**2).sum(axis=1)
    left = 1.0 - leverage
    is_free = left > _FULL_LEVERAGE
    counts = np.where(is_free, (x @ root[0]) / np.sqrt(np.where(is_free, left, 1.0)), 0.0)
    influence = (counts * np.sqrt(weights))[:, None] * residuals
    squares = counts**2
    trace = float((squares * left).sum())
    crossed = (x * squares[:, None]).T @ x
    of_square = float((squares**2 * (1.0 - 2.0 * leverage)).sum() + (crossed**2).sum())
    return FirstCoefficient(estimates, influence, trace**2 / of_square if of_square > 0.0 else 0.0)


def _least_squares(
    design: FloatArray, responses: FloatArray, weights: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Root L of the bread (k, k), residuals (n, r), coefficients of the first column (r)."""
    weighted = design * weights[:, None]
    try:
        root = inverse_root(weighted.T @ design)
    except SingularProductsError as error:
        raise DesignRefusedError(f"the regression has no answer: {error}") from error
    coefficients = root @ (root.T @ (weighted.T @ responses))
    return root, responses - design @ coefficients, coefficients[0]


def independent_columns(columns: FloatArray, weights: FloatArray) -> FloatArray:
    """``columns`` (n, k) without those that earlier ones determine (to 9 digits of their variation)."""
    kept: list[int] = []
    shares = weights / weights.sum()
    basis = np.empty(columns.shape)
    for at, column in enumerate(columns.T):
        size = float(np.sqrt(shares @ column**2))
        left = column.astype(float)
        earlier = basis[:, : len(kept)]
        for _ in range(2):  # twice: one pass of Gram and Schmidt leaves rounding of the first
            left = left - earlier @ (earlier.T @ (shares * left))
        remaining = float(np.sqrt(shares @ left**2))
        if remaining > 1e-9 * max(size, 1e-300):
            basis[:, len(kept)] = left / remaining
            kept.append(at)
    return np.asarray(columns[:, kept], dtype=float)
