"""The inverse of a matrix of products, and its root."""

from __future__ import annotations

import numpy as np

from transforms.estimation.errors import EstimationError
from transforms.estimation.sums.crossproducts import FloatArray


class SingularProductsError(EstimationError):
    """The products are not those of columns that can be told apart."""


def inverse(products: FloatArray) -> tuple[FloatArray, float]:
    """Inverse (p, p) and log determinant of positive definite ``products`` (p, p), as ``inverse_root``."""
    root = inverse_root(products)
    return root @ root.T, -2.0 * float(np.log(np.diag(root)).sum())


def inverse_root(products: FloatArray) -> FloatArray:
    """L (p, p), upper triangular, with LL' the inverse of positive definite ``products`` (p, p), by Cholesky.

    Scaled to a unit diagonal first, so that the units of the columns cost no digits. Raises
    SingularProductsError.
    """
    diagonal = np.diag(products)
    if np.any(diagonal <= 0.0):
        raise SingularProductsError("a column has no variation left")
    scale = 1.0 / np.sqrt(diagonal)
    try:
        lower = np.linalg.cholesky(products * np.outer(scale, scale))
    except np.linalg.LinAlgError as error:
        raise SingularProductsError("the columns cannot be told apart") from error
    return scale[:, None] * np.linalg.inv(lower).T
