"""Knots of an assessment's scores, and the B-splines of prior scores that stand on them.

Cubic, with four inner knots, as the SGP package of R sets them (Betebenner 2009; its
``createKnotsBoundaries``): knots and boundaries belong to the assessment and grade, not to a norm group,
so that they are reusable from year to year.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.growth.errors import GrowthError

FloatArray = NDArray[np.float64]

KNOT_QUANTILES = (0.2, 0.4, 0.6, 0.8)
BOUNDARY_STRETCH = 0.1
_DEGREE = 3
# R rounds knots and boundaries so that they can be printed and kept.
_DIGITS = 3
TERMS_OF_A_PRIOR = len(KNOT_QUANTILES) + _DEGREE


@dataclass(frozen=True)
class Knots:
    """Knots of one assessment, subject and grade, in scale points.

    ``inner`` are the 20th, 40th, 60th and 80th percentile of ``n_scores`` scores, ``boundaries`` their range
    stretched by a tenth at either end, ``lowest`` and ``highest`` the range itself.
    """

    inner: tuple[float, float, float, float]
    boundaries: tuple[float, float]
    lowest: float
    highest: float
    n_scores: int


def knots_of(scores: FloatArray) -> Knots:
    """Knots of ``scores`` (n), in their unit. GrowthError where fewer than six differ.

    Quantiles are R's type 7. Neighbouring knots may be equal where many have one score.
    """
    n_distinct = len(np.unique(scores))
    if n_distinct < TERMS_OF_A_PRIOR - 1:
        raise GrowthError(f"{n_distinct} different scores are too few for percentile curves")
    low, high = float(scores.min()), float(scores.max())
    stretch = BOUNDARY_STRETCH * (high - low)
    inner = [round(float(knot), _DIGITS) for knot in np.quantile(scores, KNOT_QUANTILES)]
    return Knots(
        (inner[0], inner[1], inner[2], inner[3]),
        (round(low - stretch, _DIGITS), round(high + stretch, _DIGITS)),
        low,
        high,
        len(scores),
    )


def spline_terms(scores: FloatArray, knots: Knots) -> FloatArray:
    """The seven B-splines of ``scores`` (n) as columns (n, 7); the first of eight left out, as in R's ``bs``.

    A score beyond the boundaries gets the continued polynomial of the outermost piece, as in R.
    """
    from scipy.interpolate import BSpline

    low, high = knots.boundaries
    padded = np.array([low] * (_DEGREE + 1) + list(knots.inner) + [high] * (_DEGREE + 1))
    every = BSpline(padded, np.eye(len(padded) - _DEGREE - 1), _DEGREE, extrapolate=True)
    return np.asarray(every(np.asarray(scores, dtype=np.float64)), dtype=np.float64)[:, 1:]


def design_matrix(priors: FloatArray, knots: Sequence[Knots]) -> FloatArray:
    """Intercept and splines (n, 1 + 7k) of ``priors`` (n, k), one ``Knots`` for each of the k columns."""
    columns = [spline_terms(column, one) for column, one in zip(priors.T, knots, strict=True)]
    return np.hstack([np.ones((len(priors), 1)), *columns])
