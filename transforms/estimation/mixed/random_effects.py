"""Predicted random intercepts of a nested mixed model with their errors, and value-added, from sums.

Best linear unbiased predictors (Henderson 1975). For a group whose rows z marks, with variance
theta sigma2 and sigma2 V that of the rows, the predictor is theta z'V^-1(y - X beta). Given theta and beta
its conditional variance is sigma2 (theta - theta^2 z'V^-1z); the prediction error variance adds that beta
is estimated, theta^2 z'V^-1X cov(beta) X'V^-1z. Neither counts how uncertain theta is. A group's total
effect, its intercept with those of the groups around it, is predicted in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from transforms.estimation.errors import EstimationError
from transforms.estimation.mixed.criterion import Likelihood, Surface
from transforms.estimation.mixed.fit import MixedFit
from transforms.estimation.mixed.nested import Reduction, outer_effects, reduce_levels
from transforms.estimation.sums.crossproducts import CrossProducts, FloatArray, IntArray
from transforms.estimation.sums.grouping import run_starts

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Effects:
    """Predictors of n random effects that have ``variance`` in the model, in units of the response.

    ``conditional_variances`` (n) are given theta and beta (``condVar`` of lme4), ``prediction_errors`` (n)
    the prediction error variances, which count beta's uncertainty, too.
    """

    variance: float
    estimates: FloatArray
    conditional_variances: FloatArray
    prediction_errors: FloatArray

    @property
    def std_errors(self) -> FloatArray:
        """Roots of the prediction error variances (n)."""
        return np.sqrt(self.prediction_errors)

    @property
    def reliability(self) -> FloatArray:
        """1 - prediction error variance / variance (n): the squared correlation of predictor and effect
        under the model; 0 where the variance is zero."""
        if self.variance == 0.0:
            return np.zeros_like(self.estimates)
        return 1.0 - self.prediction_errors / self.variance


@dataclass(frozen=True, eq=False)
class RandomEffects:
    """Predicted effects of the n groups of one level.

    ``ids`` are those of the level and of the levels around it (``group_names``, innermost first; one array
    (n) each), ``counts`` (n) rows and ``weights`` (n) the sums of their weights. ``own`` are the groups' own
    intercepts, ``total`` those with the intercepts of the groups around them.
    """

    group_names: tuple[str, ...]
    ids: tuple[NDArray[Any], ...]
    counts: IntArray
    weights: FloatArray
    own: Effects
    total: Effects

    @property
    def note(self) -> str:
        """What variances of zero mean for the estimates; empty where there are none."""
        name, outer = self.group_names[0], " and ".join(self.group_names[1:])
        if self.total.variance == 0.0:
            return f"variance of {' and '.join(self.group_names)} estimated as zero: all effects are 0"
        if self.own.variance == 0.0:
            return f"variance of {name} estimated as zero: only {outer} tells groups of {name} apart"
        return ""


@dataclass(frozen=True, eq=False)
class ValueAdded:
    """What the groups of a level add to the response beyond what the columns let expect.

    ``estimates``, ``std_errors`` and ``reliability`` (n) are those of the total effects, so that a teacher is
    compared with all teachers; ``effects.own`` compares with the groups of the same outer group alone.
    """

    effects: RandomEffects

    @property
    def estimates(self) -> FloatArray:
        """Value-added (n), in units of the response; 0 is the average group."""
        return self.effects.total.estimates

    @property
    def std_errors(self) -> FloatArray:
        """Roots of the prediction error variances (n)."""
        return self.effects.total.std_errors

    @property
    def reliability(self) -> FloatArray:
        """Share of the true differences' variance that the estimates have (n)."""
        return self.effects.total.reliability

    def to_frame(self) -> pd.DataFrame:
        """One row a group: ids, rows, weight, value-added with standard error and reliability, and the same
        of the own effect beside the outer groups'. ``attrs["note"]`` says which variances are zero."""
        import pandas as pd

        of = self.effects
        columns: dict[str, NDArray[Any]] = dict(zip(of.group_names, of.ids, strict=True))
        columns |= {"n_rows": of.counts, "weight": of.weights}
        for prefix, effects in (("", of.total), ("own_", of.own)):
            columns[f"{prefix}value_added"] = effects.estimates
            columns[f"{prefix}std_error"] = effects.std_errors
            columns[f"{prefix}reliability"] = effects.reliability
        frame = pd.DataFrame(columns)
        frame.attrs["note"] = of.note
        return frame


def random_effects(sums: CrossProducts, fit: MixedFit, group_name: str) -> RandomEffects:
    """Predict the intercepts of the level ``group_name``, as ``ranef`` of lme4; groups as in ``sums``.

    A level whose variance is zero has own effects, variances and reliability of 0, and ``note`` says so.
    Raises EstimationError where the fit has no such level or ``sums`` are not the fit's.
    """
    fit.check_sums(sums)
    if group_name not in sums.group_names:
        raise EstimationError(f"{group_name} is not a level of the model: {', '.join(sums.group_names)}")
    k = sums.group_names.index(group_name)
    likelihood = Likelihood.of(sums, is_reml=fit.method == "REML")
    at = likelihood.surface(fit.theta)
    own, total = _predictors(reduce_levels(likelihood.nested, fit.theta), k)
    first = run_starts(sums.codes(group_name))
    return RandomEffects(
        group_names=sums.group_names[k:],
        ids=tuple(ids[first] for ids in sums.ids[k:]),
        counts=np.add.reduceat(sums.counts, first),
        weights=np.add.reduceat(sums.sums[:, 0], first),
        own=_effects(own, at, sums.regressors, float(fit.theta[k])),
        total=_effects(total, at, sums.regressors, float(fit.theta[k:].sum())),
    )


def value_added(sums: CrossProducts, fit: MixedFit, group_name: str) -> ValueAdded:
    """Value-added of teachers, schools or another level of ``fit``, shrunk by empirical Bayes.

    With the response a score and the columns what students bring along, a group's effect is what its
    students gain beyond expectation (McCaffrey et al. 2004; the shrinkage as in Chetty, Friedman and
    Rockoff 2014, without drift over years). Errors as in ``random_effects``.
    """
    return ValueAdded(random_effects(sums, fit, group_name))


@dataclass(frozen=True, eq=False)
class _Predictor:
    """``weights`` (n, q) turn the columns' weights into the predictor, ``spread`` (n) is the conditional
    variance over sigma2."""

    weights: FloatArray
    spread: FloatArray


def _predictors(reduction: Reduction, k: int) -> tuple[_Predictor, _Predictor]:
    """Of the own intercepts and of the total effects of level ``k``."""
    outer, levels = outer_effects(reduction), reduction.levels
    around = np.zeros_like(reduction.mean)
    for j in range(len(levels) - 1, k - 1, -1):
        level, parent = levels[j], levels[j].parent
        left = level.deviations + outer[j].offset[parent]
        share = level.theta * level.information
        own = left * share[:, None]
        total = own + around[parent]
        outside, around = outer[j].spread[parent], total
    inner = _Predictor(own, level.posterior + share**2 * outside)
    return inner, _Predictor(total, level.posterior + outside / level.inflation**2)


def _effects(predictor: _Predictor, at: Surface, x: slice, ratio: float) -> Effects:
    """The predictors at the fitted beta and sigma2, with their errors."""
    columns = predictor.weights[:, x]
    conditional = at.sigma2 * predictor.spread
    unknown = np.einsum("ni,ij,nj->n", columns, at.sigma2 * at.inverse, columns)
    estimates = predictor.weights[:, -1] - columns @ at.params
    return Effects(ratio * at.sigma2, estimates, conditional, conditional + unknown)
