"""What every cluster-robust method needs of a fit: scores and leverages by cluster, from sums.

With the rows whitened by the fit's working model (X~ = V^-1/2 X, e~ = V^-1/2 e), the parts of a cluster
are S_g = X_g'V_g^-1X_g and r_g = X_g'V_g^-1e_g. With M = (sum S_g)^-1 = LL', the leverage of a cluster
has the eigenvalues of L'S_gL, and the residuals that follow from other responses need S_g and r_g alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from transforms.estimation.errors import EstimationError
from transforms.estimation.estimates import Coefficients
from transforms.estimation.linear.solve import inverse_root
from transforms.estimation.linear.within import factor_levels
from transforms.estimation.sums.crossproducts import CrossProducts, FloatArray, IntArray
from transforms.estimation.sums.design import INTERCEPT

# Coefficients of the sums and of the fit differ by rounding, far below this share of a standard error.
_SAME_FIT = 1e-3


class TooFewClustersError(EstimationError):
    """There are too few clusters for the standard error or the test that is asked for."""


class ClusteredFit(Coefficients, Protocol):
    """A linear fit whose working model makes clusters independent: OLS, WLS, within or mixed."""

    def precisions(self, sums: CrossProducts) -> FloatArray:
        """[X y]'V^-1[X y] of each cluster about the shifts (clusters, q, q)."""
        ...


@runtime_checkable
class AbsorbingFit(Protocol):
    """A fit with a factor absorbed: a group of the sums whose levels have no coefficients."""

    @property
    def factor(self) -> str: ...


@dataclass(frozen=True, eq=False)
class ClusterScores:
    """Scores and products by cluster (g), for p coefficients in the order of ``names``.

    ``params`` (p) are in the units of the columns. ``products`` (g, p, p) are S_g about the shifts,
    ``root`` (p, p) is L, ``scores`` (g, p) are L'r_g. ``basis`` (p, p) turns what is in the basis of L to
    the coefficients: their covariance is basis @ meat @ basis', a contrast c is c @ basis.
    """

    cluster_name: str
    names: tuple[str, ...]
    params: FloatArray
    products: FloatArray
    root: FloatArray
    scores: FloatArray
    basis: FloatArray

    def leverages(self) -> FloatArray:
        """L'S_gL of each cluster (g, p, p)."""
        return self.root.T @ self.products @ self.root

    def leverages_along(self, direction: FloatArray) -> FloatArray:
        """L'S_gL a of each cluster (g, p) for one direction a (p)."""
        return self.products @ (self.root @ direction) @ self.root


def cluster_scores(sums: CrossProducts, fit: ClusteredFit) -> ClusterScores:
    """Scores of ``fit`` by the clusters that its ``precisions`` are of.

    Raises TooFewClustersError with fewer than 2 clusters, EstimationError where ``sums`` are not those
    of the fit.
    """
    precisions = fit.precisions(sums)
    if len(precisions) < 2:
        raise TooFewClustersError("cluster-robust standard errors need at least 2 clusters")
    at = _positions(sums, fit)
    products = precisions[:, at[:, None], at[None, :]]
    moments = precisions[:, at, -1]
    root = inverse_root(products.sum(axis=0))
    params = root @ (root.T @ moments.sum(axis=0))
    scores = (moments - products @ params) @ root
    has_intercept = fit.names[0] == INTERCEPT
    undo = sums.undo_shift() if has_intercept else np.eye(len(at))
    moved = undo @ params
    moved[0] += sums.shifts[-1] if has_intercept else 0.0
    if np.any(np.abs(moved - fit.params) > _SAME_FIT * np.sqrt(np.diag(fit.cov_params))):
        raise EstimationError("the sums are not those of the fit: they give other coefficients")
    # A mixed model's clusters are whole groups of the outermost level, whatever level products are kept by.
    name = sums.cluster_name if len(precisions) == len(sums.products) else sums.group_names[-1]
    return ClusterScores(name, fit.names, moved, products, root, scores, undo @ root)


def n_parameters(sums: CrossProducts, fit: ClusteredFit, clusterings: Sequence[IntArray]) -> int:
    """Number of parameters as pyfixest counts them by default (``k_fixef="nonnested"``).

    The coefficients, and of an absorbed factor its levels. A factor whose levels each lie in one cluster
    (of any of ``clusterings``, the clusters of each cell) counts as the intercept alone: 1 if it is
    absorbed, nothing more if its levels are columns of a fit that absorbs another.
    """
    if not isinstance(fit, AbsorbingFit):
        return len(fit.names)
    nested = [name for name in sums.group_names if _is_nested_in_any(sums, name, clusterings)]
    dummies = {f"{factor}[{level}]" for factor in nested for level in factor_levels(sums, factor)[0]}
    n_columns = len(set(fit.names) - dummies)
    return n_columns + (1 if fit.factor in nested else len(factor_levels(sums, fit.factor)[0]))


def crossing_factor(sums: CrossProducts, fit: ClusteredFit) -> str | None:
    """The absorbed factor of ``fit`` where it has a level in more than one cluster of ``sums``."""
    if not isinstance(fit, AbsorbingFit):
        return None
    is_nested = _is_nested(factor_levels(sums, fit.factor)[1], sums.clusters)
    return None if is_nested else fit.factor


def crossing_advice(what: str, sums: CrossProducts, factor: str) -> str:
    """Why ``what`` is not to be had where an absorbed factor crosses the clusters, and what is."""
    return (
        f"{what} by {sums.cluster_name}: levels of the absorbed {factor} lie in several clusters; "
        f'write C({factor}) in the formula in place of "| {factor}", or take correction="CR1S"'
    )


def joint_codes(codes: Sequence[IntArray]) -> IntArray:
    """Position of each entry's combination of codes among all that occur."""
    joint = codes[0]
    for code in codes[1:]:
        joint = np.unique(joint * (code.max() + 1) + code, return_inverse=True)[1].astype(np.int64)
    return joint


def _is_nested_in_any(sums: CrossProducts, name: str, clusterings: Sequence[IntArray]) -> bool:
    levels = factor_levels(sums, name)[1]
    return any(_is_nested(levels, clusters) for clusters in clusterings)


def _is_nested(levels: IntArray, clusters: IntArray) -> bool:
    return bool(joint_codes((levels, clusters)).max() == levels.max())


def _positions(sums: CrossProducts, fit: ClusteredFit) -> IntArray:
    lacking = [name for name in fit.names if name not in sums.names]
    if lacking:
        raise EstimationError(f"the sums lack columns of the fit: {', '.join(lacking)}")
    return np.array([sums.names.index(name) for name in fit.names])
