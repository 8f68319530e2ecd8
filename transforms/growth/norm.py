"""A norm: the percentile curves of one norm group, fitted once and applicable to other years."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.growth.percentiles import (
    QUANTILES,
    growth_percentiles,
    percentile_curves,
    percentile_moments,
    predicted_scores,
)
from transforms.growth.quantile_process import quantile_process
from transforms.growth.splines import TERMS_OF_A_PRIOR, Knots, design_matrix

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Norm:
    """Knots of each of the k priors, the most recent first, and coefficients (1 + 7k, 100)."""

    knots: tuple[Knots, ...]
    coefficients: FloatArray

    def curves(self, priors: FloatArray) -> FloatArray:
        """Scores (n, 100) at the quantiles, given ``priors`` (n, k)."""
        return percentile_curves(design_matrix(priors, self.knots), self.coefficients)

    def percentiles(self, priors: FloatArray, scores: FloatArray) -> IntArray:
        """Growth percentiles (n) of ``scores`` (n) given ``priors`` (n, k)."""
        return growth_percentiles(
            predicted_scores(design_matrix(priors, self.knots), self.coefficients), scores
        )

    def standard_errors(
        self, priors: FloatArray, prior_errors: FloatArray, scores: FloatArray, errors: FloatArray
    ) -> FloatArray:
        """Standard errors (n) of the percentiles when priors and scores are measured with normal errors.

        The standard deviation of the percentile over new draws of the errors around the observed scores, as
        the SGP package simulates it, with the priors' errors too; by cubature instead of draws, and so the
        same in each run. No prior goes beyond the lowest and highest score, where no curve is known. All in
        scale points; NaN where an error is.
        """
        first, second = np.zeros(len(scores)), np.zeros(len(scores))
        for weight, shifts in _cubature(priors.shape[1]):
            moved = np.clip(priors + shifts * prior_errors, *self._ends())
            mean, square = percentile_moments(self.curves(moved), scores, errors)
            first += weight * mean
            second += weight * square
        return np.sqrt(np.maximum(second - first**2, 0.0))

    def _ends(self) -> tuple[list[float], list[float]]:
        return [knots.lowest for knots in self.knots], [knots.highest for knots in self.knots]


def fit_norm(priors: FloatArray, scores: FloatArray, weights: FloatArray, knots: tuple[Knots, ...]) -> Norm:
    """Fit the curves of ``scores`` (n) given ``priors`` (n, k), ``weights`` (n) students with each pattern.

    A spline where no student is, as above a ceiling, goes on with the coefficient of its left neighbour.
    Raises GrowthError where the priors do not determine the curves.
    """
    design = design_matrix(priors, knots)
    is_used = (design != 0.0).any(axis=0)
    coefficients = np.zeros((design.shape[1], len(QUANTILES)))
    coefficients[is_used] = quantile_process(design[:, is_used], scores, weights, QUANTILES)
    for term in np.flatnonzero(~is_used):
        # the first spline of a prior has no left neighbour: R leaves that one out, as if it were zero
        if (term - 1) % TERMS_OF_A_PRIOR:
            coefficients[term] = coefficients[term - 1]
    return Norm(knots, coefficients)


def _cubature(n_priors: int) -> Iterator[tuple[float, FloatArray]]:
    """Weights and shifts (in standard errors) with the moments of independent normal errors to degree 3.

    The 2k + 1 points of Julier and Uhlmann (1997), with the normal's fourth moment up to three priors.
    """
    spread = float(max(3, n_priors))
    if n_priors < spread:
        yield 1.0 - n_priors / spread, np.zeros(n_priors)
    for position in range(n_priors):
        for side in (1.0, -1.0):
            shifts = np.zeros(n_priors)
            shifts[position] = side * np.sqrt(spread)
            yield 0.5 / spread, shifts
