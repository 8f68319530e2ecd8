"""The variance ratios of a nested mixed model: maximum of the likelihood from two starts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from transforms.estimation.errors import NotConvergedError, NotIdentifiedError
from transforms.estimation.mixed.criterion import Likelihood, Surface
from transforms.estimation.mixed.newton import FlatError, Point, minimum
from transforms.estimation.sums.crossproducts import CrossProducts, FloatArray

# Share of a level's differences that the columns leave over: below it, rounding decides.
_EXPLAINED = 1e-8


def best_ratios(sums: CrossProducts, likelihood: Likelihood) -> FloatArray:
    """The ratios (levels) of the highest of the maxima that the starts lead to (mostly one).

    The first start is where moments put the ratios (Rao's minimum norm quadratic unbiased estimates), the
    second is 1 for each ratio. A path that comes into the quadratic basin of a maximum that is known ends
    there. Very unequal weights can make a mode of its own at ratios of 0, so that these are a third start
    where the likelihood is higher there. Raises NotIdentifiedError with the level whose groups the columns
    tell apart, NotConvergedError where no path ends.
    """
    unit = _even_ratios(sums)
    at_unit = likelihood.surface(unit)
    _check_left_over(sums, at_unit)
    best: Point | None = None
    reasons: list[NotConvergedError] = []
    zero = np.zeros_like(unit)
    for start in (_moment_ratios(at_unit, unit, likelihood.freedom), np.ones_like(unit), zero):
        try:
            first = likelihood.profile(start)
            if best is None:
                best = minimum(likelihood.profile, first)
            elif start is not zero or first.value < best.value:
                found = minimum(likelihood.profile, first, best)
                best = min(best, found, key=lambda point: point.value)
        except NotConvergedError as error:
            reasons.append(error)
    if best is None:
        raise _explained(reasons[0], sums.group_names)
    return best.at


def _even_ratios(sums: CrossProducts) -> FloatArray:
    """One over the mean weight of a group (levels): there a group varies as much as its mean's residual."""
    return np.array(sums.n_groups) / sums.total_weight


def _moment_ratios(at: Surface, theta: FloatArray, freedom: float) -> FloatArray:
    """The ratios whose expected quadratic forms, weighted as at ``theta``, are the observed ones.

    E r'G_k r = sum_l tr(PV_kPV_l) variance_l + tr(PV_kP) sigma2, and so for the residual; each trace
    follows from the derivatives of the penalty by PVP = P (Rao 1971; the first step of Fisher scoring).
    Ratios below a small part of ``theta`` are set to that; where sigma2 is not positive, ``theta`` it is.
    """
    k = len(theta)
    expected = np.empty((k + 1, k + 1))
    expected[:k, :k] = -at.penalty_hessian
    expected[:k, k] = expected[k, :k] = at.penalty_gradient + at.penalty_hessian @ theta
    expected[k, k] = freedom - theta @ at.penalty_gradient - theta @ expected[:k, k]
    observed = np.append(-at.rss_gradient, at.rss + theta @ at.rss_gradient)
    scale = np.append(theta, 1.0)
    variances = scale * np.linalg.lstsq(expected * np.outer(scale, scale), observed * scale)[0]
    if variances[k] <= 0.0:
        return theta
    return np.maximum(variances[:k] / variances[k], 0.01 * theta)


def _check_left_over(sums: CrossProducts, at: Surface) -> None:
    for k, name in enumerate(sums.group_names):
        if at.free_trace[k] <= _EXPLAINED * at.trace[k]:
            ids = np.unique(sums.ids[k].astype(str))
            shown = ", ".join(ids[:3]) + (", ..." if len(ids) > 3 else "")
            raise NotIdentifiedError(
                f"the columns tell all {sums.n_groups[k]} groups of {name} apart ({shown}):"
                f" no variance of {name} is left to be told"
            )


def _explained(error: NotConvergedError, names: Sequence[str]) -> NotConvergedError:
    """Which variances the likelihood is flat in."""
    if not isinstance(error, FlatError):
        return error
    size = np.abs(error.direction)
    flat = [name for name, part in zip(names, size, strict=True) if part > 0.1 * size.max()]
    return NotConvergedError(f"the likelihood is flat: no maximum by the variance of {' and '.join(flat)}")
