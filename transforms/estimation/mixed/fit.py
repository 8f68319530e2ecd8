"""Linear mixed models with nested random intercepts, by REML or ML, from sums alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from transforms.estimation.errors import EstimationError, NotIdentifiedError
from transforms.estimation.linear.least_squares import weight_notes
from transforms.estimation.linear.rank import check_rank
from transforms.estimation.mixed.criterion import Likelihood
from transforms.estimation.mixed.nested import cluster_precisions
from transforms.estimation.mixed.ratios import best_ratios
from transforms.estimation.mixed.satterthwaite import CovarianceUncertainty, covariance_uncertainty
from transforms.estimation.sums.crossproducts import CrossProducts, FloatArray

_OTHER_SUMS = "the sums are not those that the model was fitted to"


@dataclass(frozen=True)
class VarianceEstimate:
    """Variance of the random intercept of one level (or of the residual), in squared response units."""

    group_name: str
    variance: float
    n_groups: int
    is_boundary: bool


@dataclass(frozen=True, eq=False)
class MixedFit:
    """A fitted model y = X beta + sum of random intercepts + residual.

    ``params`` (p) and ``cov_params`` (p, p) are named by ``names``, the intercept first, in units of
    the response per unit of the column. ``theta`` (levels) is each variance over the residual
    variance ``sigma2`` (that of a row of weight 1 where the weights are precisions). ``components`` are the
    levels from innermost to outermost, then the residual. ``n_observations`` is the sum of frequency
    weights, or the rows. ``deviance`` is -2 log likelihood of ``method``, REML as lme4 reports it; with
    precision weights it lacks the sum of the weights' logarithms, a constant that the sums do not hold.
    ``fixed_variance`` is the variance of X beta over the observations. ``notes`` are further lines of the
    summary.
    """

    method: str
    response: str
    names: tuple[str, ...]
    params: FloatArray
    cov_params: FloatArray
    theta: FloatArray
    sigma2: float
    deviance: float
    log_likelihood: float | None
    n_observations: float
    n_rows: int
    components: tuple[VarianceEstimate, ...]
    fixed_variance: float
    uncertainty: CovarianceUncertainty
    notes: Mapping[str, str | int | float]

    @property
    def is_boundary(self) -> bool:
        """Whether a variance is zero, on the boundary of what it can be."""
        return any(component.is_boundary for component in self.components)

    @property
    def std_errors(self) -> FloatArray:
        """Model-based standard errors (p) of ``params``."""
        return np.sqrt(np.diag(self.cov_params))

    @property
    def intraclass_correlations(self) -> dict[str, float]:
        """By level, the correlation of two rows (of weight 1) of one group, given X: the variances of the
        level and of those around it, over the total."""
        variances = [component.variance for component in self.components]
        shared = list(accumulate(reversed(variances[:-1])))[::-1]
        names = [component.group_name for component in self.components[:-1]]
        return {name: part / sum(variances) for name, part in zip(names, shared, strict=True)}

    @property
    def marginal_r2(self) -> float:
        """Share of the variance that the fixed part explains (Nakagawa and Schielzeth 2013)."""
        return self.fixed_variance / (self.fixed_variance + self._random_variance() + self.sigma2)

    @property
    def conditional_r2(self) -> float:
        """Share of the variance that the fixed part and the groups explain (Nakagawa, Johnson and
        Schielzeth 2017)."""
        explained = self.fixed_variance + self._random_variance()
        return explained / (explained + self.sigma2)

    def df_for(self, contrasts: FloatArray) -> FloatArray:
        """Satterthwaite's degrees of freedom (k) of the contrasts (k, p), 0 where one has no variance."""
        return self.uncertainty.df_for(np.asarray(contrasts, dtype=np.float64), self.cov_params)

    def details(self) -> dict[str, str | int | float]:
        """Further lines of a summary, by label."""
        levels = self.components[:-1]
        boundary = [component.group_name for component in levels if component.is_boundary]
        likelihood = self.log_likelihood
        return {
            **{f"Groups of {level.group_name}": level.n_groups for level in levels},
            **{f"Variance of {part.group_name}": part.variance for part in self.components},
            **{f"ICC of {name}": share for name, share in self.intraclass_correlations.items()},
            "Marginal R-squared": self.marginal_r2,
            "Conditional R-squared": self.conditional_r2,
            "Log-Likelihood": "unknown with precision weights" if likelihood is None else likelihood,
            "Variance of zero": ", ".join(boundary) or "none",
            **self.notes,
        }

    def precisions(self, sums: CrossProducts) -> FloatArray:
        """[X y]'V^-1[X y] of each outermost group of ``sums`` about the shifts (groups, q, q), at the fitted
        ratios.

        ``sums`` may have more levels than the fit, such as districts around the schools of the model: rows of
        two clusters must be independent under the model, so that these are its outermost groups or wider.
        Raises EstimationError where ``sums`` are not the fit's.
        """
        given = dict(zip(sums.group_names, sums.n_groups, strict=True))
        ratios = dict(zip(self._levels(), self.theta, strict=True))
        if not (self._has_rows_of(sums) and self._levels().items() <= given.items()):
            raise EstimationError(_OTHER_SUMS)
        return cluster_precisions(sums, np.array([float(ratios.get(name, 0.0)) for name in given]))

    def check_sums(self, sums: CrossProducts) -> None:
        """Raise EstimationError where ``sums`` are of another model or of other rows than the fit."""
        given = tuple(zip(sums.group_names, sums.n_groups, strict=True))
        if not self._has_rows_of(sums) or given != tuple(self._levels().items()):
            raise EstimationError(_OTHER_SUMS)

    def _has_rows_of(self, sums: CrossProducts) -> bool:
        names = (*self.names, self.response)
        return names == (*sums.names[sums.regressors], sums.names[-1]) and self.n_rows == sums.n_rows

    def _levels(self) -> dict[str, int]:
        """Number of groups by level, innermost first."""
        return {component.group_name: component.n_groups for component in self.components[:-1]}

    def _random_variance(self) -> float:
        return sum(component.variance for component in self.components[:-1])


def fit_mixed(sums: CrossProducts, *, is_reml: bool = True) -> MixedFit:
    """Fit nested random intercepts to cross-products.

    The variance ratios theta >= 0 are found from two starts by Newton steps with analytic gradient and
    Hessian; a ratio of 0 is reported as such, on the boundary. Frequency weights count as observations (a
    weight of 2 equals two rows), so where the rows of a student share a weight of 1 (full roster method)
    the student counts once. Precision weights divide the residual variance, as ``weights`` of lme4.

    Raises RankDeficientError with the columns, NotIdentifiedError with the groups that cannot be told from
    others, from rows or from the columns, NotConvergedError where neither start reaches a maximum. Source:
    Bates et al. (2015) for the profiled criterion; Woodbury by level for the sums.
    """
    check_rank(sums)
    _check_levels(sums)
    likelihood = Likelihood.of(sums, is_reml=is_reml)
    return _fit_at(sums, likelihood, best_ratios(sums, likelihood))


def _check_levels(sums: CrossProducts) -> None:
    names, counts = sums.group_names, sums.n_groups
    if counts[0] == sums.n_rows:
        raise NotIdentifiedError(f"each {names[0]} has one row: no residual can be told from it")
    for k in range(len(counts) - 1):
        if counts[k] == counts[k + 1]:
            example = f"{names[k]} {sums.ids[k][0]} alone in {names[k + 1]} {sums.ids[k + 1][0]}"
            raise NotIdentifiedError(
                f"{names[k]} and {names[k + 1]} have the same {counts[k]} groups, such as {example}"
            )


def _fit_at(sums: CrossProducts, likelihood: Likelihood, theta: FloatArray) -> MixedFit:
    at = likelihood.surface(theta)
    params, covariance = sums.unshifted(at.params, at.sigma2 * at.inverse)
    deviance = at.profile().value
    is_known = sums.weight_name is None or sums.weight_kind == "frequency"
    return MixedFit(
        method="REML" if likelihood.is_reml else "ML",
        response=sums.names[-1],
        names=sums.names[sums.regressors],
        params=params,
        cov_params=covariance,
        theta=theta,
        sigma2=at.sigma2,
        deviance=deviance,
        log_likelihood=-deviance / 2.0 if is_known else None,
        n_observations=sums.n_observations,
        n_rows=sums.n_rows,
        components=_components(sums.group_names, sums.n_groups, theta, at.sigma2, sums.n_rows),
        fixed_variance=_fixed_variance(sums, at.params),
        uncertainty=covariance_uncertainty(sums, at),
        notes={**_shared_ids(sums), "Cond. No.": sums.condition_number(), **weight_notes(sums)},
    )


def _shared_ids(sums: CrossProducts) -> dict[str, str | int | float]:
    """How many different ids the groups of a level have, where one id stands in several outer groups: a
    teacher in two schools is two groups, and levels in the wrong order look like this too."""
    found = {name: len(set(ids.tolist())) for name, ids in zip(sums.group_names, sums.ids, strict=True)}
    counts = zip(found.items(), sums.n_groups, strict=True)
    return {f"Different ids of {name}": n for (name, n), groups in counts if n < groups}


def _components(
    names: Sequence[str], counts: Sequence[int], theta: FloatArray, sigma2: float, n_rows: int
) -> tuple[VarianceEstimate, ...]:
    levels = [
        VarianceEstimate(name, float(ratio * sigma2), count, bool(ratio == 0.0))
        for name, count, ratio in zip(names, counts, theta, strict=True)
    ]
    return (*levels, VarianceEstimate("residual", sigma2, n_rows, is_boundary=False))


def _fixed_variance(sums: CrossProducts, params: FloatArray) -> float:
    """Weighted variance of X beta about its mean, ``params`` (p) being about the shifts; the divisor is
    that of a sample variance, so that a frequency weight equals repeated rows."""
    total = sums.products.sum(axis=0) / sums.total_weight
    x, n = sums.regressors, sums.n_observations
    centred = total[x, x] - np.outer(total[0, x], total[0, x])
    return float(params @ centred @ params) * n / (n - 1.0)
