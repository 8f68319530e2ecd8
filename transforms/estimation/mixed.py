"""Linear mixed models with nested random intercepts, by REML or ML, from sums alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from transforms.estimation.criterion import profile
from transforms.estimation.crossproducts import CrossProducts, FloatArray
from transforms.estimation.errors import NotIdentifiedError
from transforms.estimation.rank import check_rank
from transforms.estimation.ratios import best_ratios


@dataclass(frozen=True)
class VarianceEstimate:
    """Variance of the random intercept of one level (or of the residual), in squared response units."""

    group_name: str
    variance: float
    n_groups: int
    is_boundary: bool


@dataclass(frozen=True)
class MixedFit:
    """A fitted model y = X beta + sum of random intercepts + residual.

    ``params`` (p) and ``cov_params`` (p, p) are named by ``names``, the intercept first, in units of
    the response per unit of the column. ``theta`` (levels) is each variance over the residual
    variance ``sigma2``. ``log_likelihood`` is that of ``method``, REML as lme4 reports it.
    ``n_observations`` is the sum of the weights. ``components`` are the levels from innermost to
    outermost, then the residual.
    """

    method: str
    names: tuple[str, ...]
    params: FloatArray
    cov_params: FloatArray
    theta: FloatArray
    sigma2: float
    log_likelihood: float
    n_observations: float
    n_rows: int
    components: tuple[VarianceEstimate, ...]

    @property
    def is_boundary(self) -> bool:
        """Whether a variance is zero, on the boundary of what it can be."""
        return any(component.is_boundary for component in self.components)

    @property
    def std_errors(self) -> FloatArray:
        """Model-based standard errors (p) of ``params``."""
        return np.sqrt(np.diag(self.cov_params))


def fit_mixed(sums: CrossProducts, *, is_reml: bool = True) -> MixedFit:
    """Fit nested random intercepts to cross-products.

    The variance ratios theta >= 0 are found from two starts by Newton steps on the analytic gradient;
    a ratio of 0 is reported as such, on the boundary. Weights count as
    observations (a weight of 2 equals two rows), so where the rows of a student share a weight of 1
    (full roster method) the student counts once.

    Raises RankDeficientError with the columns, NotIdentifiedError where levels cannot be told apart,
    NotConvergedError where neither start reaches a maximum. Source: Bates et al. (2015) for the
    profiled criterion; Woodbury by level for the sums.
    """
    check_rank(sums)
    _check_levels(sums)
    theta = best_ratios(sums, is_reml)
    return _fit_at(sums, theta, is_reml)


def _check_levels(sums: CrossProducts) -> None:
    counts = (*sums.n_groups,)
    if counts[0] == sums.n_rows:
        raise NotIdentifiedError(f"each {sums.group_names[0]} has one row: no residual can be told from it")
    for k in range(len(counts) - 1):
        if counts[k] == counts[k + 1]:
            raise NotIdentifiedError(
                f"{sums.group_names[k]} and {sums.group_names[k + 1]} have the same {counts[k]} groups"
            )


def _fit_at(sums: CrossProducts, theta: FloatArray, is_reml: bool) -> MixedFit:
    at = profile(sums, theta, is_reml=is_reml)
    params, covariance = sums.unshifted(at.params, at.sigma2 * at.inverse)
    return MixedFit(
        method="REML" if is_reml else "ML",
        names=sums.names[sums.regressors],
        params=params,
        cov_params=covariance,
        theta=theta,
        sigma2=at.sigma2,
        log_likelihood=-at.deviance / 2.0,
        n_observations=sums.n_observations,
        n_rows=sums.n_rows,
        components=_components(sums.group_names, sums.n_groups, theta, at.sigma2, sums.n_rows),
    )


def _components(
    names: Sequence[str], counts: Sequence[int], theta: FloatArray, sigma2: float, n_rows: int
) -> tuple[VarianceEstimate, ...]:
    levels = [
        VarianceEstimate(name, float(ratio * sigma2), count, bool(ratio == 0.0))
        for name, count, ratio in zip(names, counts, theta, strict=True)
    ]
    return (*levels, VarianceEstimate("residual", sigma2, n_rows, is_boundary=False))
