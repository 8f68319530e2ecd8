"""How much a single instrument moves the treatment, and what that leaves of an interval."""

from __future__ import annotations

import numpy as np

from transforms.designs.settings import ALPHA
from transforms.designs.teacher_regression import FirstCoefficient

# Below it the t of two-stage least squares is not reliable (Staiger and Stock 1997).
_WEAK_F = 10.0
# A first stage with a smaller share of its error than this is exact: everybody did as drawn.
ROUNDING = 1e-12


def first_stage_f(found: FirstCoefficient, of: int) -> float:
    """Squared t of the instrument in the first stage of response ``of``; infinite where it has no error."""
    change = float(found.estimates[of])
    variance = float((found.influence[:, of] ** 2).sum())
    if variance <= ROUNDING * change**2:
        return float("inf") if change else 0.0
    return change**2 / variance


def anderson_rubin(found: FirstCoefficient, outcome: int, treatment: int) -> tuple[float, float]:
    """Ratios r that the instrument's coefficient on outcome - r x treatment does not contradict at 95 %.

    (g - r p)^2 <= t^2 (Vgg - 2 r Vgp + r^2 Vpp) is a quadratic in r; infinite where the first stage itself is
    not significant, since then some ratios of any size fit.
    """
    from scipy.special import stdtrit

    pair = found.influence[:, [outcome, treatment]]
    covariance = pair.T @ pair
    t2 = float(stdtrit(found.df, 1.0 - ALPHA / 2.0)) ** 2
    g, p = float(found.estimates[outcome]), float(found.estimates[treatment])
    a = p * p - t2 * covariance[1, 1]
    half_b = g * p - t2 * covariance[0, 1]
    if a <= 0.0:
        return float("-inf"), float("inf")
    root = float(np.sqrt(max(0.0, half_b**2 - a * (g * g - t2 * covariance[0, 0]))))
    return float((half_b - root) / a), float((half_b + root) / a)


def weak_notes(strength: float, interval: tuple[float, float] | None) -> tuple[str, ...]:
    """What a reader must know of an estimate whose first-stage F is ``strength``; nothing above 10."""
    if strength >= _WEAK_F:
        return ()
    note = f"weak instrument: first-stage F {strength:.1f} is below 10, interval unreliable"
    if interval is None:
        return (note,)
    if not np.isfinite(interval[0]):
        return (note, "Anderson-Rubin 95 % interval has no bounds")
    return (note, f"Anderson-Rubin 95 % interval {interval[0]:.3f} to {interval[1]:.3f}")
