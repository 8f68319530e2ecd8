"""Test of several contrasts at once with CR2: Hotelling's T-squared with estimated degrees of freedom.

The F test with clusters - 1 degrees of freedom rejects too often where clusters are few or unlike. The
"approximate Hotelling T-squared" test takes the CR2 covariance of q contrasts for a Wishart matrix whose
degrees of freedom eta have its total variance; Q (eta - q + 1) / (eta q) is then F(q, eta - q + 1) (Tipton
and Pustejovsky 2015; Pustejovsky and Tipton 2018, test "HTZ" of clubSandwich). With one contrast it is the
square of the t test with Satterthwaite's degrees of freedom.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from transforms.estimation.errors import EstimationError
from transforms.estimation.robust.one_way import Leverages, RobustFit
from transforms.estimation.sums.crossproducts import FloatArray


@dataclass(frozen=True)
class JointTest:
    """F statistic with its degrees of freedom and its p-value."""

    statistic: float
    df_numerator: int
    df_denominator: float
    p_value: float


def joint_test(robust: RobustFit, contrasts: FloatArray) -> JointTest | None:
    """Test that all contrasts (q, p) of the coefficients are 0; None where the clusters cannot tell.

    Raises EstimationError where ``robust`` is not CR2.
    """
    if robust.leverages is None:
        raise EstimationError(f"a joint test needs CR2 standard errors, not {robust.correction}")
    values = contrasts @ robust.params
    covariance = contrasts @ robust.cov_params @ contrasts.T
    if np.linalg.matrix_rank(covariance, hermitian=True) < len(contrasts):
        return None
    wald = float(values @ np.linalg.solve(covariance, values))
    return hotelling(wald, len(contrasts), wishart_df(robust.leverages, contrasts))


def hotelling(wald: float, n_contrasts: int, eta: float) -> JointTest | None:
    """F test of a Wald statistic whose covariance has ``eta`` degrees of freedom; None with too few."""
    from scipy.special import fdtrc

    df = eta - n_contrasts + 1.0
    if not df > 0.0:
        return None
    statistic = wald * df / (eta * n_contrasts)
    return JointTest(statistic, n_contrasts, df, float(fdtrc(n_contrasts, df, statistic)))


def wishart_df(leverages: Leverages, contrasts: FloatArray) -> float:
    """Degrees of freedom eta of the CR2 covariance of contrasts (q, p) under the fit's working model.

    With the contrasts turned so that their covariance is I, u_gs the part of cluster g in contrast s and
    P_st their covariance (g, g), the variance of entry (s, t) is the sum of P_ss P_tt + P_st P_ts over all
    pairs of clusters; P_st = diag(d_st) - Q_s Q_t' with the letters of ``Leverages.satterthwaite``. 0 where
    no residual tells of the contrasts.
    """
    along = contrasts @ leverages.basis
    values, vectors = np.linalg.eigh(along @ along.T)
    along = (vectors / np.sqrt(values)).T @ along
    turned = np.einsum("gji,sj->sgi", leverages.vectors, along)
    weighted = leverages.values * leverages.factor * turned
    diagonal = np.einsum("sgi,tgi->stg", weighted, leverages.factor * turned)
    rows = np.einsum("gij,sgj->sgi", leverages.vectors, weighted)
    norms = np.einsum("sgi,tgi->stg", rows, rows)
    grams = np.einsum("sgi,tgj->stij", rows, rows)

    def summed(s: int, t: int, v: int, w: int) -> float:
        """Sum over pairs of clusters of P_st P_vw."""
        flat = (diagonal[s, t] * diagonal[v, w] - diagonal[s, t] * norms[v, w]).sum()
        flat -= (diagonal[v, w] * norms[s, t]).sum()
        return float(flat + (grams[s, v] * grams[t, w]).sum())

    q = len(along)
    total = sum(summed(s, s, t, t) + summed(s, t, t, s) for s, t in product(range(q), repeat=2))
    expected = float(np.mean([(diagonal[s, s] - norms[s, s]).sum() for s in range(q)]))
    return q * (q + 1) * expected**2 / total if total > 0.0 and expected > 0.0 else 0.0
