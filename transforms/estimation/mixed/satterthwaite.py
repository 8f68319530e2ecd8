"""Degrees of freedom for the fixed part of a mixed model, from how sure its variances are.

Satterthwaite's approximation for contrasts of a mixed model (Fai and Cornelius 1996), as in lmerTest
(Kuznetsova, Brockhoff and Christensen 2017). Kenward and Roger's method is not offered: it also inflates
the covariance itself for few groups, so that the errors would no longer be those of the fit; for few
clusters there are CR2 errors, which hold where the model's covariance does not, too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.estimation.mixed.criterion import Surface
from transforms.estimation.sums.crossproducts import CrossProducts, FloatArray


@dataclass(frozen=True, eq=False)
class CovarianceUncertainty:
    """How the covariance of the coefficients moves with the m variances that are not on the boundary.

    ``derivatives`` (m, p, p) of the covariance of the coefficients (of the columns as they were) by each
    variance, the residual's last; ``covariance`` (m, m) of the estimated variances, twice the inverse of the
    deviance's Hessian.
    """

    derivatives: FloatArray
    covariance: FloatArray

    def df_for(self, contrasts: FloatArray, cov_params: FloatArray) -> FloatArray:
        """2 (c'Cc)^2 / var(c'Cc) of each contrast c (k, p), C being ``cov_params``: (k).

        0 where the contrast has no variance.
        """
        variance = np.einsum("ki,ij,kj->k", contrasts, cov_params, contrasts)
        slopes = np.einsum("ki,mij,kj->km", contrasts, self.derivatives, contrasts)
        spread = np.einsum("km,mn,kn->k", slopes, self.covariance, slopes)
        return np.divide(2.0 * variance**2, spread, out=np.zeros(len(variance)), where=spread > 0.0)


def covariance_uncertainty(sums: CrossProducts, at: Surface) -> CovarianceUncertainty:
    """That of the fit at the maximum ``at``; variances of 0 are held there.

    The covariance C = sigma2 M, M = (X'V^-1X)^-1, has dC / d variance_k = M X'V^-1ZZ'V^-1X M, and
    dC / d sigma2 = M less the ratios times those.
    """
    slopes = at.inverse @ at.grams @ at.inverse
    by_sigma2 = at.inverse - np.einsum("k,kij->ij", at.theta, slopes)
    free = np.append(at.theta > 0.0, True)
    undo = sums.undo_shift()
    derivatives = undo @ np.concatenate([slopes, by_sigma2[None]])[free] @ undo.T
    # the variances may be of very different sizes
    scale = np.append(at.theta, 1.0)[free] * at.sigma2
    hessian = at.by_variances(at.sigma2).hessian[np.ix_(free, free)] * np.outer(scale, scale)
    return CovarianceUncertainty(derivatives, 2.0 * np.linalg.inv(hessian) * np.outer(scale, scale))
