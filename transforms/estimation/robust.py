"""Cluster-robust standard errors for the fixed part of a mixed model, from per-cluster sums.

With the rows whitened by the fitted covariance (X~ = V^-1/2 X, e~ = V^-1/2 e, working model
identity), every p-vector that CR0, CR1 and CR2 need follows from S_g = X_g'V_g^-1X_g and
r_g = X_g'V_g^-1e_g. With M = (sum S_g)^-1 = LL', the leverage of a cluster has the eigenvalues of
L'S_gL and X~_g'(I - H_gg)^-1/2 e~_g = L^-T f(L'S_gL) L'r_g, f(z) = (1 - z)^-1/2, so that no
matrix of the size of a cluster is built.

Sources: Bell and McCaffrey (2002); Pustejovsky and Tipton (2018). clubSandwich takes a Cholesky
root of V_g where this module takes the root in whitened space; both are exactly unbiased under the
working model, and they are the same where V is diagonal with one variance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from transforms.estimation.crossproducts import CrossProducts, FloatArray
from transforms.estimation.errors import EstimationError
from transforms.estimation.mixed import MixedFit
from transforms.estimation.nested import cluster_precisions

Correction = Literal["CR0", "CR1", "CR2"]

# A leverage of 1 within rounding: the cluster alone determines that direction, its residual is 0.
_FULL_LEVERAGE = 1e-8


@dataclass(frozen=True)
class RobustFit:
    """Standard errors by cluster for the coefficients of a fit.

    ``params``, ``std_errors`` and ``df`` (p) are in the order of ``names``; ``cov_params`` (p, p).
    ``df`` is Satterthwaite's for CR2 under the fitted working model, clusters - 1 for CR0 and CR1.
    """

    correction: Correction
    names: tuple[str, ...]
    params: FloatArray
    cov_params: FloatArray
    df: FloatArray
    n_clusters: int

    @property
    def std_errors(self) -> FloatArray:
        """Square roots of the diagonal of ``cov_params`` (p)."""
        return np.sqrt(np.diag(self.cov_params))


def cluster_robust(sums: CrossProducts, fit: MixedFit, correction: Correction = "CR2") -> RobustFit:
    """Cluster-robust covariance of the coefficients of ``fit``, clusters being the outermost groups.

    CR0 has no correction, CR1 multiplies by clusters / (clusters - 1), CR2 is unbiased where the
    fitted model holds. Raises EstimationError with fewer than 2 clusters.
    """
    n_clusters = len(sums.products)
    if n_clusters < 2:
        raise EstimationError("cluster-robust standard errors need at least 2 clusters")
    precisions = cluster_precisions(sums, fit.theta)
    x = sums.regressors
    root, bread = _root(precisions[:, x, x].sum(axis=0))
    params = bread @ precisions[:, x, -1].sum(axis=0)
    scores = precisions[:, x, -1] - precisions[:, x, x] @ params
    # In the basis of L: leverage (g, p, p) and scores (g, p).
    leverage = root.T @ precisions[:, x, x] @ root
    adjusted = scores @ root
    basis = sums.undo_shift() @ root
    df = np.full(len(params), n_clusters - 1.0)
    if correction == "CR2":
        values, vectors = np.linalg.eigh((leverage + leverage.transpose(0, 2, 1)) / 2.0)
        factor = _inverse_root(1.0 - values)
        adjusted = _apply(vectors, factor, adjusted)
        df = np.array([_satterthwaite(values, vectors, factor, contrast) for contrast in basis])
    meat = adjusted.T @ adjusted
    if correction == "CR1":
        meat *= n_clusters / (n_clusters - 1.0)
    shifted, covariance = sums.unshifted(params, root @ meat @ root.T)
    return RobustFit(correction, sums.names[x], shifted, covariance, df, n_clusters)


def _root(precision: FloatArray) -> tuple[FloatArray, FloatArray]:
    """L and M with M = LL' the inverse of a positive definite matrix (p, p)."""
    scale = 1.0 / np.sqrt(np.diag(precision))
    try:
        lower = np.linalg.cholesky(precision * np.outer(scale, scale))
    except np.linalg.LinAlgError as error:
        raise EstimationError("the columns cannot be told apart given the fitted covariance") from error
    root = scale[:, None] * np.linalg.inv(lower).T
    return root, root @ root.T


def _inverse_root(one_minus: FloatArray) -> FloatArray:
    """f = (1 - leverage)^-1/2, 0 where the leverage is 1 (the pseudo-inverse)."""
    return np.where(one_minus > _FULL_LEVERAGE, np.maximum(one_minus, _FULL_LEVERAGE) ** -0.5, 0.0)


def _apply(vectors: FloatArray, factor: FloatArray, scores: FloatArray) -> FloatArray:
    """Q_g diag(f_g) Q_g' s_g for each cluster g."""
    turned = np.einsum("gji,gj->gi", vectors, scores) * factor
    return np.einsum("gij,gj->gi", vectors, turned)


def _satterthwaite(
    values: FloatArray, vectors: FloatArray, factor: FloatArray, contrast: FloatArray
) -> float:
    """Degrees of freedom (tr P)^2 / sum of P_gh^2 of the CR2 variance of one contrast.

    P = diag(d) - QQ' with d_g = a'f(Z)Z f(Z)a, q_g = f(Z_g)Z_g a, a = L'c: clusters by clusters, but
    its traces need only Q'Q (p, p).
    """
    turned = np.einsum("gji,j->gi", vectors, contrast)
    values = np.clip(values, 0.0, 1.0)
    diagonal = (values * factor**2 * turned**2).sum(axis=1)
    rows = np.einsum("gij,gj->gi", vectors, factor * values * turned)
    norms = (rows**2).sum(axis=1)
    trace = float((diagonal - norms).sum())
    squares = float((diagonal**2).sum() - 2.0 * (diagonal * norms).sum() + ((rows.T @ rows) ** 2).sum())
    return trace**2 / squares if squares > 0.0 else 0.0
