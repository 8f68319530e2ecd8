"""Cluster-robust standard errors of any linear fit, from per-cluster sums.

X~_g'(I - H_gg)^-1/2 e~_g of whitened rows is L^-T f(L'S_gL) L'r_g with f(z) = (1 - z)^-1/2 (letters of
``cluster_scores``), so that CR0 to CR2 need no matrix of the size of a cluster.

The working model of CR2 is the fit's own: V = I for OLS, W^-1 for WLS with precision weights (a frequency
weight is that many rows), the fitted covariance for a mixed model. clubSandwich differs in two ways. For a
weighted lm its default is another working model, the identity whatever the weights, which needs X'W^2X of
each cluster; a precision weight says that the variance is 1 / weight, so that is what is assumed
here. And it takes a Cholesky root of V_g where this module takes the root in whitened space; both are
exactly unbiased under the working model, and they are the same where V is diagonal with one variance.

Sources: Bell and McCaffrey (2002); Pustejovsky and Tipton (2018).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from transforms.estimation.errors import EstimationError, check_option
from transforms.estimation.robust.scores import (
    ClusteredFit,
    ClusterScores,
    cluster_scores,
    crossing_advice,
    crossing_factor,
    n_parameters,
)
from transforms.estimation.sums.crossproducts import CrossProducts, FloatArray

Correction = Literal["CR0", "CR1", "CR1S", "CR2"]

# A leverage of 1 within rounding: the cluster alone determines that direction, its residual is 0.
_FULL_LEVERAGE = 1e-8
# Above it, 1 - leverage is more than rounding: between the two, full and nearly full look the same.
_ROUNDED_LEVERAGE = 1e-12
# Share of a contrast's variance that has residuals to be estimated from: below it, rounding is left.
_NO_RESIDUALS = 1e-10


class CR2NotAvailableError(EstimationError):
    """An absorbed factor has levels in several clusters, so that its leverage is not in the sums."""


@dataclass(frozen=True, eq=False)
class Leverages:
    """Leverages of the clusters, from which any contrast's degrees of freedom follow.

    ``values`` (g, p) and ``vectors`` (g, p, p) are those of L'S_gL, ``factor`` (g, p) is f of the values,
    ``basis`` (p, p) that of ``ClusterScores``.
    """

    values: FloatArray
    vectors: FloatArray
    factor: FloatArray
    basis: FloatArray

    @classmethod
    def of(cls, scores: ClusterScores) -> Leverages:
        """Eigenvalues within 0 and 1; f is 0 where the leverage is 1 (the pseudo-inverse)."""
        leverages = scores.leverages()
        values, vectors = np.linalg.eigh((leverages + leverages.transpose(0, 2, 1)) / 2.0)
        one_minus = np.maximum(1.0 - values, _FULL_LEVERAGE)
        factor = np.where(one_minus > _FULL_LEVERAGE, one_minus**-0.5, 0.0)
        return cls(np.clip(values, 0.0, 1.0), vectors, factor, scores.basis)

    def adjusted(self, scores: FloatArray) -> FloatArray:
        """f(L'S_gL) L'r_g of each cluster (g, p)."""
        turned = np.einsum("gji,gj->gi", self.vectors, scores) * self.factor
        return np.einsum("gij,gj->gi", self.vectors, turned)

    def satterthwaite(self, contrast: FloatArray) -> float:
        """Degrees of freedom (tr P)^2 / sum of P_gh^2 of the CR2 variance of one contrast c (p).

        P = diag(d) - QQ' with d_g = a'f(Z)Z f(Z)a, q_g = f(Z_g)Z_g a, Z_g = L'S_gL, a = c @ basis:
        clusters by clusters, but its traces need only Q'Q (p, p). 0 where no residual tells of the contrast,
        or one cluster tells so much more of it than the others that its leverage is 1 but for rounding.
        """
        along = contrast @ self.basis
        turned = np.einsum("gji,j->gi", self.vectors, along)
        is_nearly_full = (self.factor == 0.0) & (1.0 - self.values > _ROUNDED_LEVERAGE)
        if (turned[is_nearly_full] ** 2).sum() > _NO_RESIDUALS * float(along @ along):
            return 0.0
        diagonal = (self.values * self.factor**2 * turned**2).sum(axis=1)
        rows = np.einsum("gij,gj->gi", self.vectors, self.factor * self.values * turned)
        norms = (rows**2).sum(axis=1)
        trace = float((diagonal - norms).sum())
        if trace <= _NO_RESIDUALS * float(along @ along):
            return 0.0
        squares = (diagonal**2).sum() - 2.0 * (diagonal * norms).sum() + ((rows.T @ rows) ** 2).sum()
        return trace**2 / float(squares)


@dataclass(frozen=True, eq=False)
class RobustFit:
    """Standard errors by cluster for the coefficients of a fit.

    ``params``, ``std_errors`` and ``df`` (p) are in the order of ``names``; ``cov_params`` (p, p).
    ``df`` is Satterthwaite's under the fit's working model for CR2, clusters - 1 for the others;
    ``leverages`` are kept for CR2 alone, where a contrast has df of its own. ``influence`` (g, p) is what
    each cluster adds to the error of each coefficient: cov_params is influence'influence.
    """

    correction: Correction
    cluster_name: str
    names: tuple[str, ...]
    params: FloatArray
    cov_params: FloatArray
    df: FloatArray
    n_clusters: int
    leverages: Leverages | None
    influence: FloatArray

    @property
    def name(self) -> str:
        """Correction and clusters, such as "CR2 by school"."""
        return f"{self.correction} by {self.cluster_name}"

    @property
    def std_errors(self) -> FloatArray:
        """Square roots of the diagonal of ``cov_params`` (p)."""
        return np.sqrt(np.diag(self.cov_params))

    def df_for(self, contrasts: FloatArray) -> FloatArray:
        """Degrees of freedom (k) of contrasts of the coefficients (k, p); 0 without residuals to tell."""
        return _degrees(contrasts, self.leverages, self.n_clusters)


def cluster_robust(sums: CrossProducts, fit: ClusteredFit, correction: Correction = "CR2") -> RobustFit:
    """Cluster-robust covariance of the coefficients of ``fit``, by the clusters of ``sums``.

    Those are the groups that products are kept by, and ``sums.grouped_by`` gives others; the clusters of a
    mixed model are its outermost groups.

    G clusters, N observations, K parameters:
    CR0 has no correction. CR1 multiplies by G / (G - 1). CR1S multiplies by G / (G - 1) (N - 1) / (N - K),
    as Stata, statsmodels' cov_type="cluster" and pyfixest by default; levels of an absorbed factor are
    among the K, but a factor nested in the clusters counts as 1 (pyfixest's k_fixef="nonnested").
    CR2 is unbiased where the fit's working model holds. With an absorbed factor nested in the clusters it
    equals that of a fit with a column for each level (Pustejovsky and Tipton 2018, theorem 2).

    Raises TooFewClustersError with fewer than 2 clusters; CR2NotAvailableError for CR2 where an absorbed
    factor has a level in several clusters; EstimationError where ``sums`` are not those of the fit or there
    is no such correction.
    """
    check_option("correction", correction, get_args(Correction))
    crossing = crossing_factor(sums, fit) if correction == "CR2" else None
    if crossing is not None:
        raise CR2NotAvailableError(crossing_advice("CR2", sums, crossing))
    scores = cluster_scores(sums, fit)
    n_clusters = len(scores.scores)
    leverages = Leverages.of(scores) if correction == "CR2" else None
    adjusted = leverages.adjusted(scores.scores) if leverages else scores.scores
    factor = 1.0
    if correction in ("CR1", "CR1S"):
        factor *= n_clusters / (n_clusters - 1.0)
    if correction == "CR1S":
        factor *= (fit.n_observations - 1.0) / (
            fit.n_observations - n_parameters(sums, fit, (sums.clusters,))
        )
    influence = np.sqrt(factor) * adjusted @ scores.basis.T
    return RobustFit(
        correction=correction,
        cluster_name=scores.cluster_name,
        names=scores.names,
        params=scores.params,
        cov_params=influence.T @ influence,
        df=_degrees(np.eye(len(scores.params)), leverages, n_clusters),
        n_clusters=n_clusters,
        leverages=leverages,
        influence=influence,
    )


def _degrees(contrasts: FloatArray, leverages: Leverages | None, n_clusters: int) -> FloatArray:
    if leverages is None:
        return np.full(len(contrasts), n_clusters - 1.0)
    return np.array([leverages.satterthwaite(contrast) for contrast in contrasts])
