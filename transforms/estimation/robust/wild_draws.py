"""Draws of the wild cluster bootstrap as functions of the hypothesis: five numbers a draw, from sums."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from transforms.estimation.errors import EstimationError
from transforms.estimation.robust.scores import ClusterScores
from transforms.estimation.sums.crossproducts import FloatArray

DrawWeights = Literal["rademacher", "webb"]

_POINTS = {
    "rademacher": np.array([-1.0, 1.0]),
    "webb": np.array([-(1.5**0.5), -1.0, -(0.5**0.5), 0.5**0.5, 1.0, 1.5**0.5]),
}
# Of one array of clusters x draws: such blocks stay in the cache.
_BLOCK_NUMBERS = 2**17
# Square of a standard error over its largest possible value: below it, the residuals are rounding.
_NO_RESIDUALS = 1e-20
# Equal t statistics differ by rounding: the draw that leaves all signs as they are is one of them. What
# rounding makes of it grows with the square of the columns' condition number, to some 1e-7 at 1e4.
_TIE = 1e-6


@dataclass(frozen=True, eq=False)
class Draws:
    """t statistics of the draws as functions of the hypothesis, ``distance`` below the estimate.

    The bootstrap estimate's distance from the hypothesis is shift + distance slope, its CR1 variance
    (constant, linear, square) in the distance; each (draws).
    """

    shift: FloatArray
    slope: FloatArray
    constant: FloatArray
    linear: FloatArray
    square: FloatArray
    variance: float
    is_enumerated: bool

    def squares(self, distance: float) -> tuple[FloatArray, FloatArray]:
        """Numerator and variance of the squared t statistics (draws)."""
        variance = self.constant + distance * (self.linear + distance * self.square)
        return (self.shift + distance * self.slope) ** 2, np.maximum(variance, 0.0)

    def statistics(self, distance: float) -> FloatArray:
        """t statistics (draws); not finite where a draw has no variance."""
        numerator = self.shift + distance * self.slope
        with np.errstate(divide="ignore", invalid="ignore"):
            return numerator / np.sqrt(self.squares(distance)[1])

    def p_value(self, distance: float) -> float:
        """Share of the draws that are as far out as the estimate, itself counted among random draws."""
        numerator, variance = self.squares(distance)
        as_far = numerator * self.variance >= (1.0 - _TIE) * distance**2 * variance
        if self.is_enumerated:
            return float(as_far.mean())
        return (1.0 + float(as_far.sum())) / (1.0 + len(as_far))


def smallest_p_value(n_clusters: int, n_draws: int, weights: DrawWeights) -> float:
    """The smallest p-value that the draws can give.

    t is the same whatever all weights are multiplied by, so that of the points^clusters draws at least those
    with the same weight for every cluster are as far out as the estimate.
    """
    points = len(_POINTS[weights])
    attainable = float(points) ** (1 - n_clusters)
    return attainable if points**n_clusters <= n_draws else max(attainable, 1.0 / (n_draws + 1.0))


def drawn(scores: ClusterScores, along: FloatArray, weights: DrawWeights, n_draws: int, seed: int) -> Draws:
    """All draws, for the contrast whose direction in the basis of L is ``along`` (p).

    With the hypothesis d below the estimate, the restricted scores are r_g + d k_g, k_g = Z_g a / a'a
    (Z_g = L'S_gL, a the direction), and a draw's score along a is v_g a'r_g - a'Z_g sum of v_h r_h.
    """
    reach = scores.leverages_along(along)
    parts = scores.scores, reach / (along @ along)
    inflation = len(reach) / (len(reach) - 1.0)
    points = _POINTS[weights]
    is_enumerated = len(points) ** len(reach) <= n_draws
    blocks = []
    for draw in _weight_blocks(points, len(reach), n_draws, is_enumerated, seed):
        totals = [part.T @ draw for part in parts]
        base, step = (
            (part @ along)[:, None] * draw - reach @ total for part, total in zip(parts, totals, strict=True)
        )
        terms = (base * base, 2.0 * base * step, step * step)
        variances = [inflation * term.sum(axis=0) for term in terms]
        blocks.append([*(along @ total for total in totals), *variances])
    shift, slope, constant, linear, square = np.hstack(blocks)
    squares = float(((scores.scores @ along) ** 2).sum())
    if squares <= _NO_RESIDUALS * float(along @ along) * float((scores.scores**2).sum()):
        raise EstimationError("no residual tells of the contrast: its standard error is 0")
    return Draws(shift, slope, constant, linear, square, inflation * squares, is_enumerated)


def _weight_blocks(
    points: FloatArray, n_clusters: int, n_draws: int, is_enumerated: bool, seed: int
) -> Iterator[FloatArray]:
    """Weights (clusters, draws), a block of draws at a time."""
    generator = np.random.default_rng(seed)
    total = len(points) ** n_clusters if is_enumerated else n_draws
    size = max(_BLOCK_NUMBERS // n_clusters, 16)
    for start in range(0, total, size):
        stop = min(start + size, total)
        if is_enumerated:
            digits = np.arange(start, stop) // len(points) ** np.arange(n_clusters)[:, None]
            yield points[digits % len(points)]
        else:
            yield points[generator.integers(len(points), size=(n_clusters, stop - start))]
