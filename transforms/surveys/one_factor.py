"""McDonald's omega: one factor fitted to the covariances of items by maximum likelihood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float64]

# Least share of an item's variance that is its own, as in R's factanal; a fit that ends there is improper.
LEAST_UNIQUENESS = 0.005


class NoFactorError(ValueError):
    """One factor could not be fitted; the message says why, for readers."""


@dataclass(frozen=True)
class OneFactor:
    """Loadings and error variances (k,) in units of the items, largest sum of loadings positive.

    ``discrepancy`` is the minimum of log|Σ| + tr(SΣ⁻¹) - log|S| - k.
    """

    loadings: Vector
    uniquenesses: Vector
    discrepancy: float

    @property
    def omega(self) -> float:
        """(Σλ)² / ((Σλ)² + Σψ): share of the variance of the sum that the factor makes.

        McDonald (1999), Test Theory, chapter 6. Equal to reliability where one factor holds.
        """
        common = float(self.loadings.sum()) ** 2
        return common / (common + float(self.uniquenesses.sum()))


def fit_one_factor(covariances: Matrix) -> OneFactor:
    """Maximum likelihood fit of one factor to covariances (k, k), k >= 3.

    Three items are fitted exactly: λ₁² = r₁₂r₁₃/r₂₃. With more the likelihood is maximised over uniquenesses
    alone, loadings being known given them (Jöreskog 1967; Lawley and Maxwell 1971), from two starts.
    NoFactorError where an item does not vary, items are linearly dependent, no factor has such correlations,
    the optimiser does not converge, or an item is left without error (Heywood case).
    """
    k = len(covariances)
    if k < 3:
        raise NoFactorError("omega needs three or more items")
    variances = np.diag(covariances)
    if not np.all(variances > 0):
        raise NoFactorError("omega not computed: all answers to an item are the same")
    sd = np.sqrt(variances)
    correlations = covariances / np.outer(sd, sd)
    if float(np.linalg.eigvalsh(correlations)[0]) < 1e-9:
        raise NoFactorError("omega not computed: an item follows from the others")
    own, discrepancy = _exact(correlations) if k == 3 else _best_uniquenesses(correlations)
    if float(own.min()) <= LEAST_UNIQUENESS * (1 + 1e-6):
        raise NoFactorError("omega not computed: an item would be measured without error (Heywood case)")
    loadings = _loadings(correlations, own) * sd
    if loadings.sum() < 0:
        loadings = -loadings
    return OneFactor(loadings, own * variances, discrepancy)


def _exact(correlations: Matrix) -> tuple[Vector, float]:
    """Uniquenesses of three items: as many correlations as loadings."""
    a, b, c = correlations[0, 1], correlations[0, 2], correlations[1, 2]
    if a * b * c <= 0:
        raise NoFactorError("omega not computed: no single factor has such correlations")
    own = 1 - np.array([a * b / c, a * c / b, b * c / a])
    return np.maximum(own, LEAST_UNIQUENESS), 0.0


def _best_uniquenesses(correlations: Matrix) -> tuple[Vector, float]:
    """Uniquenesses at the lowest discrepancy from two starts; NoFactorError where neither converges."""
    from scipy.optimize import minimize

    k = len(correlations)
    smc = 1 / np.diag(np.linalg.inv(correlations))
    fits = [
        minimize(
            _discrepancy,
            np.clip(start, 2 * LEAST_UNIQUENESS, 1),
            args=(correlations,),
            jac=True,
            method="L-BFGS-B",
            bounds=[(LEAST_UNIQUENESS, 1.0)] * k,
            options={"maxiter": 1000, "ftol": 1e-14, "gtol": 1e-8},
        )
        for start in ((1 - 0.5 / k) * smc, np.full(k, 0.5))
    ]
    # at the limit of rounding the line search may give up although the slope is nil
    converged = [fit for fit in fits if fit.success or _slope(fit.x, fit.jac) < 1e-5]
    if not converged:
        raise NoFactorError("omega not computed: the fit did not converge")
    best = min(converged, key=lambda fit: float(fit.fun))
    return np.asarray(best.x), float(best.fun)


def _slope(own: Vector, gradient: Vector) -> float:
    """Largest slope that a step within the bounds could follow."""
    inside = np.clip(own - gradient, LEAST_UNIQUENESS, 1.0) - own
    return float(np.max(np.abs(inside)))


def _discrepancy(own: Vector, correlations: Matrix) -> tuple[float, Vector]:
    """Discrepancy at uniquenesses ``own`` with the best loadings, and its gradient."""
    scale = 1 / np.sqrt(own)
    rest = np.linalg.eigvalsh(correlations * np.outer(scale, scale))[:-1]
    loadings = _loadings(correlations, own)
    misfit = np.diag(np.outer(loadings, loadings) + np.diag(own) - correlations)
    return float(np.sum(rest - np.log(rest) - 1)), misfit / own**2


def _loadings(correlations: Matrix, own: Vector) -> Vector:
    """Loadings (k,) that maximise the likelihood given uniquenesses."""
    scale = 1 / np.sqrt(own)
    roots, axes = np.linalg.eigh(correlations * np.outer(scale, scale))
    return np.asarray(np.sqrt(own) * axes[:, -1] * np.sqrt(max(float(roots[-1]) - 1, 0.0)))
