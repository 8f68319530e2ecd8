"""What cross-products must satisfy whatever the rows were: shapes, counts, groups, sums, squares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from transforms.estimation.errors import CorruptSumsError
from transforms.estimation.sums.design import ALL_ROWS
from transforms.estimation.sums.grouping import id_kind, run_starts

if TYPE_CHECKING:
    from transforms.estimation.sums.crossproducts import CrossProducts, FloatArray

# Sums of the same numbers in another order differ by rounding, some 1e-12 of their size at 10^8 rows.
_AGREEMENT = 1e-9
# Where a column does not vary in a cluster, rounding is measured by its spread in all clusters.
_FLOOR = 1e-6
_BLOCK_NUMBERS = 2**18


def check_sums(sums: CrossProducts) -> None:
    """Raise CorruptSumsError where the sums contradict themselves."""
    _check_shapes(sums)
    _check_counts(sums)
    _check_groups(sums)
    size = _sizes(sums)
    _check_sums(sums, size)
    _check_products(sums, size)


def check_mixture(products: FloatArray, weights: FloatArray, squares: FloatArray) -> None:
    """Raise CorruptSumsError where the weighted squares (clusters) of the columns' mixture by ``weights`` (q)
    are not those that ``products`` (clusters, q, q) give: each product enters, so a wrong one shows."""
    given = np.einsum("j,cjk,k->c", weights, products, weights)
    sizes = np.sqrt(np.maximum(np.diagonal(products, axis1=1, axis2=2), 0.0)) @ np.abs(weights)
    if np.any(np.abs(given - squares) > _AGREEMENT * (sizes**2 + _FLOOR * (sizes**2).sum())):
        raise CorruptSumsError(
            "the products are not those of the columns: a mixture of all has other squares"
        )


def _check_shapes(sums: CrossProducts) -> None:
    cells, clusters, q = len(sums.counts), len(sums.products), len(sums.names)
    if sums.cluster_name not in (*sums.group_names, ALL_ROWS) or len(sums.ids) != len(sums.group_names):
        raise CorruptSumsError("the levels of the groups and their ids are not the same")
    expected = {"counts": (cells,), "shifts": (q,), "sums": (cells, q), "products": (clusters, q, q)}
    for name, shape in expected.items():
        if getattr(sums, name).shape != shape:
            raise CorruptSumsError(f"{name} has the shape {getattr(sums, name).shape}, not {shape}")
    if any(ids.shape != (cells,) for ids in sums.ids) or not cells:
        raise CorruptSumsError(f"not one id per cell and level, for {cells} cells")
    if not all(np.isfinite(array).all() for array in (sums.shifts, sums.sums, sums.products)):
        raise CorruptSumsError("a sum or a shift is not finite")
    if np.any(sums.shifts if not sums.has_intercept else sums.shifts[:1]):
        raise CorruptSumsError("a shift that no intercept takes up is not 0")


def _check_counts(sums: CrossProducts) -> None:
    counted = int(sums.counts.sum())
    if counted != sums.n_rows or np.any(sums.counts < 1):
        raise CorruptSumsError(f"counts by cell give {counted} rows, not {sums.n_rows}")
    weights = sums.sums[:, 0]
    if np.any(weights <= 0.0) or (sums.weight_name is None and np.any(weights != sums.counts)):
        raise CorruptSumsError("the weight of a cell contradicts its number of rows")


def _check_groups(sums: CrossProducts) -> None:
    """Every group stands once, as a run of neighbours."""
    for k, name in enumerate(sums.group_names):
        id_kind(sums.ids[k], name)
        starts = run_starts(sums.codes(name))
        keys = list(zip(*(ids[starts].tolist() for ids in sums.ids[k:]), strict=True))
        if len(set(keys)) != len(keys):
            raise CorruptSumsError(f"a {name} stands twice among the groups")
    n_clusters = int(sums.clusters[-1]) + 1
    if n_clusters != len(sums.products):
        raise CorruptSumsError(
            f"products are of {len(sums.products)} clusters, but cells are of {n_clusters}"
        )


def _sizes(sums: CrossProducts) -> FloatArray:
    """Root of each column's sum of squares by cluster (clusters, q): what rounding is measured by."""
    squares = np.maximum(np.diagonal(sums.products, axis1=1, axis2=2), 0.0)
    return np.sqrt(squares + _FLOOR * squares.sum(axis=0))


def _check_sums(sums: CrossProducts, size: FloatArray) -> None:
    starts = run_starts(sums.clusters)
    by_cluster = np.add.reduceat(sums.sums, starts)
    off = np.abs(by_cluster - sums.products[:, 0]) > _AGREEMENT * size[:, :1] * size
    if off.any():
        cluster, column = np.argwhere(off)[0]
        raise CorruptSumsError(
            f"sums of {sums.names[column]} by cell and by {sums.cluster_name} differ in cluster {cluster}"
        )
    squares = np.add.reduceat(sums.sums**2 / sums.sums[:, :1], starts)
    if np.any(squares > (1.0 + _AGREEMENT) * size**2):
        raise CorruptSumsError("sums by cell are larger than the sums of squares allow")


def _check_products(sums: CrossProducts, size: FloatArray) -> None:
    q = len(sums.names)
    scale = 1.0 / np.where(size > 0.0, size, 1.0)
    for rows in _blocks(len(size), q):
        scaled = sums.products[rows] * scale[rows, :, None] * scale[rows, None, :]
        if np.any(np.abs(scaled - scaled.transpose(0, 2, 1)) > _AGREEMENT):
            raise CorruptSumsError("a matrix of products is not symmetric")
        scaled[:, range(q), range(q)] += _AGREEMENT * q
        try:
            np.linalg.cholesky(scaled)
        except np.linalg.LinAlgError as error:
            raise CorruptSumsError(
                "a matrix of products is not positive: no rows have such products"
            ) from error


def _blocks(n_clusters: int, q: int) -> Iterator[slice]:
    size = max(_BLOCK_NUMBERS // q**2, 1)
    for start in range(0, n_clusters, size):
        yield slice(start, start + size)
