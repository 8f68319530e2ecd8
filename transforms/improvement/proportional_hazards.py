"""Cox's proportional hazards model: hazard ratios, and whether they are the same at all times.

The fit is statsmodels'. The check is the score test of a term times the rank of the event time (Grambsch and
Therneau 1994; Therneau and Grambsch 2000, section 6.2), as ``cox.zph(transform = "rank")`` of R's survival.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

MINIMUM_EVENTS_PER_TERM = 10
# A coefficient that runs off: nobody of one group had the event, or everybody.
LARGEST_COEFFICIENT = 10.0


class ModelRefusedError(ValueError):
    """The data cannot bear the model; the message is a clause that says why, without a full stop."""


@dataclass(frozen=True, eq=False)
class HazardModel:
    """Logarithms of hazard ratios (k), their standard errors by person, and tests of proportionality.

    ``proportional_p`` (k) is of each term, ``global_p`` of all jointly; from the model's own variances.
    """

    coefficient: FloatArray
    std_error: FloatArray
    proportional_p: FloatArray
    global_p: float
    n: int
    n_events: int


def fit_hazards(
    time: FloatArray, event: BoolArray, terms: FloatArray, person: NDArray[np.int64]
) -> HazardModel:
    """Fit with Efron's ties; ``terms`` (n, k), ``person`` (n) the cluster of the errors (Lin and Wei 1989).

    Raises ModelRefusedError: fewer than 10 events a term (Peduzzi et al. 1995), terms that say the same, no
    finite maximum.
    """
    n_events, k = int(event.sum()), terms.shape[1]
    if n_events < MINIMUM_EVENTS_PER_TERM * k:
        raise ModelRefusedError(
            f"{n_events} events for {k} {'term' if k == 1 else 'terms'}, fewer than"
            f" {MINIMUM_EVENTS_PER_TERM} a term"
        )
    centred = terms - terms.mean(axis=0)
    if np.linalg.matrix_rank(centred) < k:
        raise ModelRefusedError("terms that cannot be told apart")
    from statsmodels.duration.hazard_regression import PHReg

    # Who is cut off before the first event adds nothing; statsmodels gives these people no residual.
    used = time >= time[event].min()
    with np.errstate(all="ignore"):
        fit = PHReg(time[used], centred[used], status=event[used].astype(int), ties="efron").fit(
            groups=person[used]
        )
    coefficient, error = np.asarray(fit.params), np.asarray(fit.bse)
    scale = np.maximum(centred.std(axis=0), 1e-12)
    if not np.isfinite(error).all() or (np.abs(coefficient) * scale > LARGEST_COEFFICIENT).any():
        raise ModelRefusedError("no finite hazard ratio: a term tells all events from all others")
    each, joint = proportionality(time, event, centred, coefficient)
    return HazardModel(coefficient, error, each, joint, len(time), n_events)


def proportionality(
    time: FloatArray, event: BoolArray, terms: FloatArray, coefficient: FloatArray
) -> tuple[FloatArray, float]:
    """p-values that each term's hazard ratio, and all jointly, do not change with the rank of time among all."""
    from scipy.special import chdtrc
    from scipy.stats import rankdata

    k = len(coefficient)
    residual, variance, rank = _schoenfeld(rankdata(time), event, terms, coefficient)
    g = rank - rank.mean()
    score = g @ residual
    plain = variance.sum(axis=0)
    crossed = np.einsum("e,eij->ij", g, variance)
    squared = np.einsum("e,eij->ij", g**2, variance)
    each = np.empty(k)
    for j in range(k):
        own = squared[j, j] - crossed[j] @ np.linalg.solve(plain, crossed[j])
        each[j] = float(chdtrc(1, score[j] ** 2 / own)) if own > 1e-12 else np.nan
    information = squared - crossed @ np.linalg.solve(plain, crossed)
    joint = float(chdtrc(k, score @ np.linalg.pinv(information) @ score))
    return each, joint


def _schoenfeld(
    time: FloatArray, event: BoolArray, terms: FloatArray, coefficient: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Of each event its residual (e, k), the variance of the terms at risk (e, k, k) and its time (e).

    Of events on the same day each gets the mean residual and variance of Efron's steps.
    """
    risk = np.exp(terms @ coefficient)
    residuals, variances, times = [], [], []
    for t in np.unique(time[event]):
        at_risk, dies = time >= t, (time == t) & event
        d = int(dies.sum())
        means, spreads = [], []
        for step in range(d):
            weight = risk * at_risk - risk * dies * step / d
            weight = weight / weight.sum()
            mean = weight @ terms
            means.append(mean)
            spreads.append((terms.T * weight) @ terms - np.outer(mean, mean))
        for row in terms[dies]:
            residuals.append(row - np.mean(means, axis=0))
            variances.append(np.mean(spreads, axis=0))
            times.append(t)
    return np.array(residuals), np.array(variances), np.array(times)
