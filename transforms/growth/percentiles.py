"""Student growth percentiles from percentile curves: where a score stands among those with the same past.

As the SGP package of R computes them (Betebenner 2009): one hundred quantile regressions, crossing repaired
by sorting a student's predicted scores, and as the percentile the number of predictions below the score.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

N_CURVES = 100
# .005, .015, … .995
QUANTILES = (np.arange(N_CURVES) + 0.5) / N_CURVES
LOWEST, HIGHEST = 1, 99
# R rounds predictions, so that a score on the curve is not above it by an error of the last digit.
_DIGITS = 5
# A percentile as a step of the number of curves below: 0 counts as 1 and 100 as 99.
_PERCENTILE = np.clip(np.arange(N_CURVES + 1), LOWEST, HIGHEST).astype(np.float64)


def predicted_scores(design: FloatArray, coefficients: FloatArray) -> FloatArray:
    """Scores (n, 100) that the quantile regressions .005 to .995 predict; they may cross.

    ``design`` (n, p) are spline terms of the priors, ``coefficients`` (p, 100).
    """
    return np.round(design @ coefficients, _DIGITS)


def percentile_curves(design: FloatArray, coefficients: FloatArray) -> FloatArray:
    """``predicted_scores`` with crossing repaired: ascending in each row."""
    curves = predicted_scores(design, coefficients)
    curves.sort(axis=1)
    return curves


def growth_percentiles(predicted: FloatArray, scores: FloatArray) -> IntArray:
    """Percentiles 1 to 99 (n) of ``scores`` (n): how many of ``predicted`` (n, 100) are lower."""
    return np.clip((predicted < scores[:, np.newaxis]).sum(axis=1), LOWEST, HIGHEST)


def score_at(curves: FloatArray, percentile: int) -> FloatArray:
    """The highest score (n) that still stands at ``percentile``, 1 to 99.

    It is the curve of quantile (percentile + .5) / 100: a score above it stands at the next percentile.
    """
    return curves[:, percentile]


def percentile_moments(
    curves: FloatArray, scores: FloatArray, errors: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Mean and mean square (n each) of the percentile when the score has a normal error.

    ``errors`` (n) are its standard errors of measurement, in scale points; exact given ``curves`` (n, 100).
    """
    from scipy.special import ndtr

    is_above = ndtr((scores[:, np.newaxis] - curves) / errors[:, np.newaxis])
    first = is_above @ np.diff(_PERCENTILE) + _PERCENTILE[0]
    second = is_above @ np.diff(_PERCENTILE**2) + _PERCENTILE[0] ** 2
    return first, second
