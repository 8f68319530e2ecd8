"""One coefficient with errors by cluster, from two sums a cluster; a mean is one, a paired gap, a slope."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.designs.number import number

FloatArray = NDArray[np.float64]

# A cluster that alone has this share of the squares determines the coefficient: nothing is left to err by.
_FULL_LEVERAGE = 1e-8


@dataclass(frozen=True)
class Coefficient:
    """An estimate with its t interval and the p-value of zero, in the unit of the response."""

    estimate: float
    std_error: float
    df: float
    ci_low: float
    ci_high: float
    p_value: float

    @property
    def interval(self) -> dict[str, object]:
        """Error, degrees of freedom and ends by name of column."""
        return {
            "std_error": self.std_error,
            "df": self.df,
            "ci_low": self.ci_low,
            "ci_high": self.ci_high,
        }


def with_interval(estimate: float, std_error: float, df: float) -> Coefficient | None:
    """The estimate with its t interval; None without error or degrees of freedom."""
    found = number(estimate, std_error, df)
    if found is None:
        return None
    return Coefficient(estimate, std_error, df, found.ci_low, found.ci_high, found.p_value)


def one_coefficient(squares: FloatArray, products: FloatArray) -> Coefficient | None:
    """sum(products) / sum(squares) with its CR2 standard error and Satterthwaite degrees of freedom.

    ``squares`` (g) are x'x of each cluster and ``products`` (g) x'y, x being what is left of the regressor
    after effects that lie within clusters (none: a mean with x = 1; the school: a paired gap or slope).
    With leverages z_g = squares_g / sum the variance is the sum of (x'e)_g^2 / (1 - z_g) over the squared
    sum, and the degrees of freedom are 1 / (sum d^2 - 2 sum d q^2 + (sum q^2)^2), d = z / (1 - z),
    q^2 = z^2 / (1 - z). Clusters without squares do not count. None with fewer than two clusters, or one
    that alone determines the coefficient.

    Bell and McCaffrey (2002); Pustejovsky and Tipton (2018), theorem 2 for the effects within clusters.
    """
    kept = squares > 0.0
    squares, products = squares[kept], products[kept]
    total = float(squares.sum())
    if len(squares) < 2 or squares.max() > (1.0 - _FULL_LEVERAGE) * total:
        return None
    estimate = float(products.sum()) / total
    leverage = squares / total
    scores = products - estimate * squares
    std_error = float(np.sqrt((scores**2 / (1.0 - leverage)).sum())) / total
    diagonal, norms = leverage / (1.0 - leverage), leverage**2 / (1.0 - leverage)
    spread = (diagonal**2).sum() - 2.0 * (diagonal * norms).sum() + norms.sum() ** 2
    return with_interval(estimate, std_error, 1.0 / float(spread))
