"""Fixed effects of one factor or several: from sums where the levels fit, else by pyfixest from the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import duckdb
import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from transforms.estimation.errors import EstimationError
from transforms.estimation.linear.fixed_effects_rows import RowsCovariance, RowsFit, fit_rows
from transforms.estimation.linear.solve import inverse
from transforms.estimation.linear.within import (
    TooManyLevelsError,
    WithinFit,
    WithinRankError,
    absorbed,
    determined_within,
    factor_levels,
    fit_absorbed,
    level_notes,
    with_levels,
)
from transforms.estimation.sums.crossproducts import CrossProducts, FloatArray, IntArray
from transforms.estimation.sums.design import ALL_ROWS, Design, Terms, WeightKind
from transforms.estimation.sums.summation import cross_products

# A summary shows no more names of dummies that were left out.
_SHOWN = 5


@dataclass(frozen=True, eq=False)
class FixedEffectsModel:
    """A fit with fixed effects, and the sums that its robust errors come from.

    ``sums`` hold the dummies of the factors that were not absorbed, and so do the fit's ``names``, after
    the columns asked for. ``left_out`` names the dummies that those and the absorbed levels determine,
    besides the first of each factor. Where rows were read, ``covariance`` is the cluster-robust one of
    pyfixest, the sums are without dummies, and the fit has no ``precisions``.
    """

    fit: WithinFit | RowsFit
    sums: CrossProducts
    left_out: tuple[str, ...]
    covariance: RowsCovariance | None


@dataclass(frozen=True)
class _Dummies:
    """Sums with the levels of the factors that are not absorbed as columns."""

    sums: CrossProducts
    names: tuple[str, ...]
    left_out: tuple[str, ...]


def fit_fixed_effects(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    terms: Terms,
    *,
    groups: Sequence[str] = (),
    weight: str | None = None,
    weight_kind: WeightKind = "frequency",
    cluster: str | None = None,
    may_read_rows: bool = True,
) -> FixedEffectsModel:
    """Fit ``terms`` with the levels of their ``absorbed`` columns, by raw id, as fixed effects.

    The factor of most levels is absorbed, the others become columns, all from sums by cell; where those
    columns do not fit into memory, pyfixest reads the rows. ``groups`` and ``cluster`` are those of
    ``Design``; without both, all rows are one cluster. ``may_read_rows`` allows for pyfixest, which knows
    CR1S by the clusters alone. With two factors their levels have one parameter less for each part of the
    data that no level connects to the rest; with more, the rank is counted from sums, and from rows the
    parameters are at most too many. A level of one row is kept: it changes no coefficient.

    Raises EstimationError without a factor or a column, TooManyLevelsError, WithinRankError,
    TooFewObservationsError, ExactFitError, and what ``cross_products`` raises.
    """
    if not terms.absorbed or not terms.columns:
        lacking = "columns" if terms.absorbed else "factor to absorb"
        raise EstimationError(f"the model has no {lacking}")
    design = _design(terms, groups, weight, weight_kind, cluster)
    sums = cross_products(connection, relation, design)
    factors = _by_size(sums, terms.absorbed)
    try:
        return _fit_from_sums(sums, factors, f"Within {', '.join(terms.absorbed)}")
    except TooManyLevelsError as error:
        if not may_read_rows:
            raise TooManyLevelsError(f"{error}; with one column of clusters CR1S can be had") from error
    fit, covariance = fit_rows(connection, relation, design, sums, _n_parameters(sums, factors))
    notes = {**fit.notes, **_notes(sums, factors, "pyfixest, rows read")}
    return FixedEffectsModel(replace(fit, notes=notes), sums, (), covariance)


def _design(
    terms: Terms, groups: Sequence[str], weight: str | None, weight_kind: WeightKind, cluster: str | None
) -> Design:
    """The absorbed factors inside, the clusters outside. With an intercept the columns stand about their
    means, which loses fewer digits; it is absorbed with the levels."""
    outer = tuple(groups)
    if cluster is not None and cluster not in outer:
        outer = (*outer, cluster)
    inner = tuple(name for name in terms.absorbed if name not in outer)
    cluster = cluster or (None if outer else ALL_ROWS)
    return Design(replace(terms, has_intercept=True), (*inner, *outer), weight, cluster, weight_kind)


def _by_size(sums: CrossProducts, factors: Sequence[str]) -> tuple[str, ...]:
    """The factor of most levels first, the others in their order."""
    sizes = [len(factor_levels(sums, factor)[0]) for factor in factors]
    largest = factors[int(np.argmax(sizes))]
    return (largest, *(factor for factor in factors if factor != largest))


def _fit_from_sums(sums: CrossProducts, factors: Sequence[str], method: str) -> FixedEffectsModel:
    columns, largest = sums.names[1:-1], factors[0]
    dummies = _with_dummies(sums, largest, factors[1:])
    products = absorbed(dummies.sums, largest).sum(axis=0)
    determined = determined_within(dummies.sums, products, (*dummies.names, *columns))
    explained = {
        column: tuple(name for name in determined[column] if name not in dummies.names)
        for column in columns
        if column in determined
    }
    if explained:
        raise WithinRankError(explained, *factors)
    # With three factors or more the dummies of two can determine each other.
    kept = [name for name in dummies.sums.names[1:-1] if name not in determined]
    wide = dummies.sums.select(kept)
    at = [dummies.sums.names.index(name) for name in wide.names]
    fit = fit_absorbed(wide, largest, products[np.ix_(at, at)])
    left_out = (*dummies.left_out, *determined)
    fit = replace(
        fit,
        method=method,
        r_squared=_r_squared(fit, products[np.ix_(at, at)], len(columns)),
        notes={**fit.notes, **_notes(sums, factors, f"sums, {largest} absorbed"), **_named(left_out)},
    )
    return FixedEffectsModel(fit, wide, left_out, None)


def _r_squared(fit: WithinFit, products: FloatArray, n_columns: int) -> float:
    """Share of the response's squares within all factors that the columns explain."""
    dummies = slice(1 + n_columns, -1)
    by_dummies = products[dummies, -1]
    within = float(products[-1, -1])
    if len(by_dummies):
        within -= float(by_dummies @ inverse(products[dummies, dummies])[0] @ by_dummies)
    return 1.0 - fit.sigma2 * fit.df_resid / within


def _with_dummies(sums: CrossProducts, largest: str, others: Sequence[str]) -> _Dummies:
    """Add the levels of the ``others``, less one for each connected part."""
    columns, left_out = len(sums.names), []
    for factor in others:
        ids, _ = factor_levels(sums, factor)
        _, first = np.unique(_parts(sums, largest, factor), return_index=True)
        left_out += [f"{factor}[{ids[k]}]" for k in np.sort(first)[1:]]
        sums = with_levels(sums, factor, np.setdiff1d(np.arange(len(ids)), first))
    return _Dummies(sums, sums.names[columns - 1 : -1], tuple(left_out))


def _parts(sums: CrossProducts, first: str, second: str) -> IntArray:
    """The part of the data that each level of ``second`` belongs to, levels being joined by cells."""
    (ids, codes), (other_ids, other_codes) = factor_levels(sums, first), factor_levels(sums, second)
    size = len(ids) + len(other_ids)
    links = csr_array((np.ones(len(codes)), (codes, len(ids) + other_codes)), shape=(size, size))
    labels = connected_components(links, directed=False)[1]
    return np.asarray(labels[len(ids) :], dtype=np.int64)


def _n_parts(sums: CrossProducts, first: str, second: str) -> int:
    return len(np.unique(_parts(sums, first, second)))


def _n_parameters(sums: CrossProducts, factors: Sequence[str]) -> int:
    """Fixed effects that can be told apart: exact for two factors, else at most as many."""
    largest, *others = factors
    sizes = [len(factor_levels(sums, factor)[0]) for factor in factors]
    return sum(sizes) - sum(_n_parts(sums, largest, factor) for factor in others)


def _notes(sums: CrossProducts, factors: Sequence[str], engine: str) -> dict[str, str | int | float]:
    """The lines of a summary on the engine and the factors."""
    notes: dict[str, str | int | float] = {"Engine": engine}
    for factor in factors:
        notes |= level_notes(sums, factor)
    for factor in factors[1:]:
        notes[f"Parts by {factors[0]} and {factor}"] = _n_parts(sums, factors[0], factor)
    return notes


def _named(left_out: Sequence[str]) -> dict[str, str | int | float]:
    more = f" and {len(left_out) - _SHOWN} more" if len(left_out) > _SHOWN else ""
    return {"Left Out": ", ".join(left_out[:_SHOWN]) + more} if left_out else {}
