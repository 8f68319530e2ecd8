"""Step 1 of value-added: what priors and covariates count for within a teacher's year, without errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
from numpy.typing import NDArray

from transforms.estimation.errors import EstimationError
from transforms.estimation.linear.solve import inverse
from transforms.estimation.linear.within import absorbed, determined_within, with_factor
from transforms.estimation.sums.design import ALL_ROWS, Design
from transforms.estimation.sums.summation import cross_products
from transforms.growth.error_moments import error_products
from transforms.growth.value_added_sample import ROWS, ValueAddedSample

FloatArray = NDArray[np.float64]
# Of the least reliable mixture of the priors within teacher-years: below it a fit magnifies noise 20 times.
_LEAST_RELIABILITY = 0.05


@dataclass(frozen=True)
class PriorFit:
    """Coefficients by column of the model, without those of grade and year.

    ``coefficients`` are corrected for errors of measurement where they are known. ``slope`` is the
    derivative of the prior's polynomial at the mean prior, ``uncorrected_slope`` that without the
    correction, both in standard deviations of the outcome per standard deviation of the prior.
    ``reliability`` is that of the prior, over all rows; None where errors are not known. ``left_out`` names
    covariates without a coefficient.
    """

    coefficients: dict[str, float]
    slope: float
    uncorrected_slope: float
    reliability: float | None
    left_out: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Within:
    """Products (q, q) within teacher-years of all columns, and ``names`` of those that can be told apart."""

    names: list[str]
    all_names: tuple[str, ...]
    products: FloatArray

    def of(self, names: Sequence[str]) -> FloatArray:
        """Products of the columns ``names`` (p) and of the outcome, last: (p + 1, p + 1)."""
        at = [self.all_names.index(name) for name in (*names, self.all_names[-1])]
        return self.products[np.ix_(at, at)]


def fit_priors(connection: duckdb.DuckDBPyConnection, sample: ValueAddedSample) -> PriorFit:
    """Weighted least squares within teacher-years, from sums.

    Corrected are the products of the columns that carry error among themselves: unbiased powers of the
    prior (Cheng and Schneeweiss 1998) and the other prior; products with the outcome, covariates, grades
    and years need no correction. Raises EstimationError where priors do not vary within teacher-years, or
    where errors leave too little of them.
    """
    within = _products_within(connection, sample)
    names = within.names
    products = within.of(names)
    added = _error_products(connection, sample, names)
    _check_reliability(names, products, added, sample)
    corrected = _solved(products[:-1, :-1] - added, products[:-1, -1])
    as_measured = within.of([sample.as_measured.get(name, name) for name in names])
    raw = _solved(as_measured[:-1, :-1], as_measured[:-1, -1])
    mean, reliability = _prior_moments(connection)
    of_priors = [names.index(name) for name in sample.priors]
    return PriorFit(
        {name: float(value) for name, value in zip(names, corrected, strict=True) if name in sample.columns},
        _slope(corrected[of_priors], mean),
        _slope(raw[of_priors], mean),
        reliability if sample.is_error_corrected else None,
        tuple(f"{name} (does not vary within teachers)" for name in sample.columns if name not in names),
    )


def _products_within(connection: duckdb.DuckDBPyConnection, sample: ValueAddedSample) -> _Within:
    """Sum the columns of the model, the powers of the prior as measured, and dummies of grade and year."""
    columns = (*sample.columns, *sample.as_measured.values())
    groups = ("grade_year", "teacher_year")
    design = Design.of_columns("score_sd", columns, groups, weight="weight", cluster=ALL_ROWS)
    sums = with_factor(cross_products(connection, ROWS, design), "grade_year")
    products = absorbed(sums, "teacher_year").sum(axis=0)
    names = [name for name in sums.names[1:-1] if name not in sample.as_measured.values()]
    determined = determined_within(sums, products, names)
    lost = [name for name in (*sample.priors, "other_prior") if name in determined]
    if lost:
        raise EstimationError(f"{', '.join(lost)} cannot be told apart within teacher-years")
    return _Within([name for name in names if name not in determined], sums.names, products)


def _error_products(
    connection: duckdb.DuckDBPyConnection, sample: ValueAddedSample, names: list[str]
) -> FloatArray:
    """What errors of measurement add to the products of the columns ``names`` (p, p)."""
    added = np.zeros((len(names), len(names)))
    if not sample.is_error_corrected:
        return added
    of_prior, of_other = error_products(connection, ROWS, sample.prior_degree)
    at = [names.index(name) for name in sample.priors]
    added[np.ix_(at, at)] = of_prior
    if sample.has_other_prior:
        other = names.index("other_prior")
        added[other, other] = of_other
    return added


def _check_reliability(
    names: list[str], products: FloatArray, added: FloatArray, sample: ValueAddedSample
) -> None:
    """Refuse where what is left after correction is not positive definite, or nearly not.

    The columns with errors are taken within those without; the smallest eigenvalue of corrected against raw
    products is the reliability of the mixture that errors blur most.
    """
    from scipy.linalg import eigh

    with_error = (*sample.priors, "other_prior")
    e = [i for i, name in enumerate(names) if name in with_error]
    f = [i for i, name in enumerate(names) if name not in with_error]
    left = products[np.ix_(e, e)]
    if f:
        left = left - products[np.ix_(e, f)] @ inverse(products[np.ix_(f, f)])[0] @ products[np.ix_(f, e)]
    scale = 1.0 / np.sqrt(np.diag(left))
    left = left * np.outer(scale, scale)
    noise = added[np.ix_(e, e)] * np.outer(scale, scale)
    least = float(eigh(left - noise, left, eigvals_only=True)[0])
    if least < _LEAST_RELIABILITY:
        raise EstimationError(
            "errors of measurement leave too little of the priors within teacher-years"
            f" (reliability of a mixture of them {least:.2f}, at least {_LEAST_RELIABILITY} is needed)"
        )


def _solved(products: FloatArray, with_outcome: FloatArray) -> FloatArray:
    return np.asarray(inverse(products)[0] @ with_outcome)


def _slope(coefficients: FloatArray, at: float) -> float:
    return float(sum(k * value * at ** (k - 1) for k, value in enumerate(coefficients, start=1)))


def _prior_moments(connection: duckdb.DuckDBPyConnection) -> tuple[float, float]:
    """Mean of the prior, and 1 less the mean error variance over the variance."""
    mean, square, error = (
        connection.table(ROWS)
        .aggregate(
            "sum(weight * prior) / sum(weight), sum(weight * prior ** 2) / sum(weight),"
            " sum(weight * prior_error) / sum(weight)"
        )
        .fetchall()[0]
    )
    return mean, 1.0 - error / (square - mean**2)
