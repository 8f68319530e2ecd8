"""The wild cluster bootstrap of a t test, from per-cluster sums: for clusters too few for a t distribution.

A draw turns the restricted residuals of whole clusters, y*_g = X_g b~ + v_g e~_g, so that X_g'y*_g, the
refitted coefficients and their CR1 variance need X_g'X_g and X_g'e~_g alone. The restricted residuals are
linear in the hypothesis, so five numbers a draw give its t statistic under any hypothesis: the
confidence interval costs no further draws.

Sources: Cameron, Gelbach and Miller (2008) for the restricted wild cluster bootstrap; Roodman, MacKinnon,
Nielsen and Webb (2019) and MacKinnon (2023) for its fast form; Webb (2023) for the six-point weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np

from transforms.estimation.errors import EstimationError, check_option
from transforms.estimation.robust.scores import (
    ClusteredFit,
    TooFewClustersError,
    cluster_scores,
    crossing_advice,
    crossing_factor,
)
from transforms.estimation.robust.wild_draws import Draws, DrawWeights, drawn, smallest_p_value
from transforms.estimation.sums.crossproducts import CrossProducts, FloatArray

# Doublings of the reach around the estimate: past 2^50 standard errors nothing is rejected any more.
_DOUBLINGS = 50
_HALVINGS = 60


class BootstrapNotAvailableError(EstimationError):
    """An absorbed factor has levels in several clusters, so that draws do not act on clusters alone."""


@dataclass(frozen=True, eq=False)
class WildBootstrap:
    """A two-sided test of contrast = ``null`` and the confidence interval of hypotheses not rejected.

    ``estimate`` and ``std_error`` (CR1) are of the contrast, ``statistic`` is (estimate - null) /
    std_error. ``conf_low`` and ``conf_high`` are the limits at ``level``, infinite where no hypothesis is
    rejected on that side. ``draws`` (n_draws) are the t statistics under the hypothesis; ``is_enumerated``
    says that they are all that there are, so that ``seed`` plays no part.
    """

    estimate: float
    std_error: float
    null: float
    statistic: float
    p_value: float
    conf_low: float
    conf_high: float
    level: float
    weights: DrawWeights
    n_clusters: int
    n_draws: int
    is_enumerated: bool
    seed: int
    draws: FloatArray


def wild_cluster_bootstrap(
    sums: CrossProducts,
    fit: ClusteredFit,
    contrast: str | Sequence[float] | FloatArray,
    *,
    seed: int,
    null: float = 0.0,
    n_draws: int = 9999,
    weights: DrawWeights = "rademacher",
    level: float = 0.95,
) -> WildBootstrap:
    """Test that a contrast of the coefficients of ``fit`` (a name, or p weights) is ``null``.

    Residuals are those of the fit with the hypothesis imposed. Statistic and draws are studentised by CR1,
    G / (G - 1) clusters and no N - K, with Rademacher weights (-1, 1) or Webb's six points, which he advises
    under 12 clusters. Where there are no more than ``n_draws`` different draws, all are taken. The p-value
    is the share of draws whose absolute t is at least that of the estimate. The estimate's own is among all
    draws when they are enumerated, and is added to random ones, so that p is never 0; boottest leaves such
    ties out, and its p is smaller by their share. A mixed model is bootstrapped at its fitted variance
    ratios. With few treated clusters the test rejects too rarely (MacKinnon and Webb 2017). The limits are
    where p crosses 1 - ``level`` (one of the crossings, should there be several), found by bisection on the
    null with the same draws.

    Raises TooFewClustersError with fewer than 2 clusters, or where no draws of these weights could give p
    below 1 - ``level``; BootstrapNotAvailableError where an absorbed factor has a level in several clusters;
    EstimationError for a contrast that cannot be, or that has no residuals, and for an option that cannot be.
    """
    _check_options(weights, n_draws, level)
    factor = crossing_factor(sums, fit)
    if factor is not None:
        raise BootstrapNotAvailableError(crossing_advice("wild bootstrap", sums, factor))
    scores = cluster_scores(sums, fit)
    n_clusters = len(scores.scores)
    # 1 - .9 is below .1 by a rounding, which would leave a p of .1 inside.
    alpha = round(1.0 - level, 12)
    _check_attainable(n_clusters, n_draws, weights, alpha)
    direction = _weights_of(contrast, scores.names)
    draws = drawn(scores, direction @ scores.basis, weights, n_draws, seed)
    estimate, std_error = float(direction @ scores.params), draws.variance**0.5
    distance = estimate - null
    return WildBootstrap(
        estimate=estimate,
        std_error=std_error,
        null=null,
        statistic=distance / std_error,
        p_value=draws.p_value(distance),
        conf_low=estimate - _reach(draws, std_error, alpha),
        conf_high=estimate - _reach(draws, -std_error, alpha),
        level=level,
        weights=weights,
        n_clusters=n_clusters,
        n_draws=len(draws.shift),
        is_enumerated=draws.is_enumerated,
        seed=seed,
        draws=draws.statistics(distance),
    )


def _check_options(weights: DrawWeights, n_draws: int, level: float) -> None:
    check_option("weights", weights, get_args(DrawWeights))
    if n_draws < 1:
        raise EstimationError(f"the wild bootstrap needs at least 1 draw, not {n_draws}")
    if not 0.0 < level < 1.0:
        raise EstimationError(f"level is above 0 and below 1, not {level:g}")


def _check_attainable(n_clusters: int, n_draws: int, weights: DrawWeights, alpha: float) -> None:
    smallest = smallest_p_value(n_clusters, n_draws, weights)
    if smallest >= alpha:
        advice = "; webb weights reach lower" if weights == "rademacher" and n_clusters > 2 else ""
        raise TooFewClustersError(
            f"{n_clusters} clusters and {n_draws} draws of {weights} weights give no p-value below "
            f"{smallest:.3g}, which is not below {alpha:.3g}{advice}"
        )


def _weights_of(contrast: str | Sequence[float] | FloatArray, names: tuple[str, ...]) -> FloatArray:
    if isinstance(contrast, str):
        if contrast not in names:
            raise EstimationError(f"no coefficient {contrast}; there are {', '.join(names)}")
        return np.array([float(name == contrast) for name in names])
    direction = np.asarray(contrast, dtype=np.float64)
    if direction.shape != (len(names),) or not np.isfinite(direction).all() or not direction.any():
        raise EstimationError(f"a contrast is {len(names)} finite weights that are not all 0")
    return direction


def _reach(draws: Draws, step: float, alpha: float) -> float:
    """How far below the estimate (above, for a negative ``step``) the hypothesis is where p crosses alpha."""
    inside, outside = 0.0, step
    for _ in range(_DOUBLINGS):
        if draws.p_value(outside) <= alpha:
            break
        inside, outside = outside, 2.0 * outside
    else:
        return float(np.copysign(np.inf, step))
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2.0
        if draws.p_value(middle) <= alpha:
            outside = middle
        else:
            inside = middle
    return inside
