"""Standard errors clustered in several ways at once, from sums by the clusters' intersections.

Source: Cameron, Gelbach and Miller (2011): the variance is the sum over every set of the cluster columns
of the one-way variance by that set's intersections, added for odd sets and taken off for even ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, get_args

import numpy as np

from transforms.estimation.errors import EstimationError, check_option
from transforms.estimation.robust.scores import (
    ClusteredFit,
    TooFewClustersError,
    cluster_scores,
    joint_codes,
    n_parameters,
)
from transforms.estimation.sums.crossproducts import CrossProducts, FloatArray, IntArray
from transforms.estimation.sums.grouping import run_starts, summed_by_group

MultiwayCorrection = Literal["CR0", "CR1", "CR1S"]
ClusterCount = Literal["min", "conventional"]

# Of an eigenvalue over the trace of what was added up: nearer to 0 it is rounding.
_NEGATIVE = 1e-12


@dataclass(frozen=True, eq=False)
class MultiwayFit:
    """Standard errors by several cluster columns for the coefficients of a fit.

    ``params``, ``std_errors`` and ``df`` (p) are in the order of ``names``; ``cov_params`` (p, p).
    ``n_clusters`` (ways) counts the clusters of each of ``cluster_names``; ``df`` is the smallest of them
    less 1. ``is_repaired`` says that the sum was not positive semi-definite and that its negative
    eigenvalues were set to 0.
    """

    correction: MultiwayCorrection
    cluster_names: tuple[str, ...]
    names: tuple[str, ...]
    params: FloatArray
    cov_params: FloatArray
    n_clusters: tuple[int, ...]
    is_repaired: bool

    @property
    def name(self) -> str:
        """Correction and clusters, such as "CR1S by school and school_year"; a repair is said there."""
        repair = ", negative eigenvalues set to 0" if self.is_repaired else ""
        return f"{self.correction} by {' and '.join(self.cluster_names)}{repair}"

    @property
    def std_errors(self) -> FloatArray:
        """Square roots of the diagonal of ``cov_params`` (p)."""
        return np.sqrt(np.diag(self.cov_params))

    @property
    def df(self) -> FloatArray:
        """Degrees of freedom (p) of the coefficients."""
        return self.df_for(np.eye(len(self.params)))

    def df_for(self, contrasts: FloatArray) -> FloatArray:
        """Degrees of freedom (k) of contrasts of the coefficients (k, p)."""
        return np.full(len(contrasts), min(self.n_clusters) - 1.0)


def multiway_robust(
    sums: CrossProducts,
    fit: ClusteredFit,
    clusters: Sequence[str],
    correction: MultiwayCorrection = "CR1S",
    *,
    g_df: ClusterCount = "min",
) -> MultiwayFit:
    """Covariance of the coefficients of ``fit`` (OLS, WLS or within), clustered by each of ``clusters``.

    ``sums`` keep products by the clusters' intersections or finer: with groups (..., "school_year",
    "school") and cluster="school_year" the blocks are years of schools. A cluster is known by its own id,
    whatever the groups around it. CR0, CR1 and CR1S are those of ``one_way.cluster_robust``; G is the
    smallest number of clusters (``g_df`` "min", pyfixest's default) or that of each term of the sum
    ("conventional", as in the paper). An absorbed factor nested in any of the clusters counts as 1
    parameter, as in pyfixest. Where the sum is not positive semi-definite, which is common with few clusters
    and many columns, its negative eigenvalues are set to 0 as in the paper (pyfixest leaves them), which can
    only raise standard errors, and the result says so. The eigenvalues are relative to (X'V^-1X)^-1; the
    paper's are in the units of the coefficients, where centring one column would move the others' errors.

    Raises EstimationError where products are not kept finely enough or an option does not exist (CR2 does
    not: it rests on clusters that are independent), TooFewClustersError.
    """
    _check_options(correction, g_df)
    scores = cluster_scores(sums, fit)
    if len(scores.scores) != len(sums.products):
        raise EstimationError(
            "clusters of a mixed model are whole outermost groups: it has no multiway errors"
        )
    codes = [_cluster_codes(sums, name) for name in clusters]
    n_clusters = tuple(int(code.max()) + 1 for code in codes)
    if min(n_clusters) < 2:
        few = clusters[int(np.argmin(n_clusters))]
        raise TooFewClustersError(f"cluster-robust standard errors need at least 2 clusters of {few}")
    added, taken = _meats(scores.scores, _by_block(sums, codes), correction, g_df)
    if correction == "CR1S":
        n = fit.n_observations
        factor = (n - 1.0) / (n - n_parameters(sums, fit, codes))
        added, taken = factor * added, factor * taken
    meat, is_repaired = _semi_definite(added, taken)
    return MultiwayFit(
        correction=correction,
        cluster_names=tuple(clusters),
        names=scores.names,
        params=scores.params,
        cov_params=scores.basis @ meat @ scores.basis.T,
        n_clusters=n_clusters,
        is_repaired=is_repaired,
    )


def _check_options(correction: MultiwayCorrection, g_df: ClusterCount) -> None:
    allowed = get_args(MultiwayCorrection)
    if correction == "CR2":
        raise EstimationError(
            "CR2 rests on clusters that are independent of each other, which those of several columns are"
            f" not: take one of {', '.join(allowed)}"
        )
    check_option("correction by several columns", correction, allowed)
    check_option("g_df", g_df, get_args(ClusterCount))


def _cluster_codes(sums: CrossProducts, name: str) -> IntArray:
    """Cluster of each cell, by its own id."""
    kept = sums.group_names[sums.level(sums.cluster_name) :]
    if name not in kept:
        raise EstimationError(f"products were kept by {' and '.join(kept)}, so not by {name}")
    ids = sums.ids[sums.group_names.index(name)]
    return np.unique(ids, return_inverse=True)[1].astype(np.int64)


def _by_block(sums: CrossProducts, codes: Sequence[IntArray]) -> list[IntArray]:
    """Cluster of each block that products are kept by, from those of its cells."""
    first_cells = run_starts(sums.clusters)
    return [code[first_cells] for code in codes]


def _meats(
    scores: FloatArray, codes: Sequence[IntArray], correction: MultiwayCorrection, g_df: ClusterCount
) -> tuple[FloatArray, FloatArray]:
    """Sums of the outer products of scores by every odd set of cluster columns, and by every even one."""
    smallest = min(int(code.max()) + 1 for code in codes)
    meats = np.zeros((2, scores.shape[1], scores.shape[1]))
    for size in range(1, len(codes) + 1):
        for subset in combinations(codes, size):
            totals = summed_by_group([scores], [joint_codes(subset)])
            n_groups = smallest if g_df == "min" else len(totals)
            inflation = 1.0 if correction == "CR0" else n_groups / (n_groups - 1.0)
            meats[(size + 1) % 2] += inflation * totals.T @ totals
    return meats[0], meats[1]


def _semi_definite(added: FloatArray, taken: FloatArray) -> tuple[FloatArray, bool]:
    """added - taken with negative eigenvalues set to 0, and whether there were any beyond rounding."""
    values, vectors = np.linalg.eigh(added - taken)
    if values[0] >= -_NEGATIVE * np.trace(added):
        return added - taken, False
    return (vectors * np.maximum(values, 0.0)) @ vectors.T, True
