"""One call from a formula over a table to results: what an evaluator types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import duckdb

from transforms.estimation.errors import EstimationError
from transforms.estimation.formulas.compiler import compile_formula
from transforms.estimation.linear.fixed_effects import fit_fixed_effects
from transforms.estimation.linear.fixed_effects_rows import RowsCovariance, RowsFit
from transforms.estimation.linear.least_squares import fit_least_squares
from transforms.estimation.mixed.fit import fit_mixed
from transforms.estimation.robust.multiway import MultiwayFit, multiway_robust
from transforms.estimation.robust.one_way import Correction, RobustFit, cluster_robust
from transforms.estimation.sums.design import ALL_ROWS, Design, Terms, WeightKind
from transforms.estimation.sums.summation import cross_products

if TYPE_CHECKING:
    from transforms.estimation.results import SumsResultsWrapper
    from transforms.estimation.robust.scores import ClusteredFit
    from transforms.estimation.sums.crossproducts import CrossProducts


def estimate(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    formula: str,
    *,
    random: Sequence[str] = (),
    clusters: Sequence[str] = (),
    correction: Correction | None = None,
    weight: str | None = None,
    weight_kind: WeightKind = "frequency",
    is_reml: bool = True,
) -> SumsResultsWrapper:
    """Fit ``formula`` over a table, a view or a parenthesised query, without reading rows out of it.

    ``random`` are columns with a random intercept each, nested, innermost first: a mixed model, by REML or
    ML, whose clusters are the outermost level or one column of wider groups. A formula with a bar
    (``y ~ x | teacher``) has fixed effects. Else it is OLS or WLS. ``clusters`` make the standard errors
    robust: one column by ``correction`` (CR2 where it is None), several by inclusion and exclusion (CR1S
    where it is None). Units are those of the columns.

    Raises EstimationError, by the name of its subclass, wherever there is no honest number.
    """
    from transforms.estimation.results import results

    terms = compile_formula(connection, relation, formula, weight=weight)
    if random:
        groups = _mixed_groups(terms, random, clusters)
        cluster = groups[-1] if clusters else ALL_ROWS
        sums = cross_products(connection, relation, Design(terms, groups, weight, cluster, weight_kind))
        levels = sums if groups == tuple(random) else sums.grouped_by(random, ALL_ROWS)
        mixed = fit_mixed(levels, is_reml=is_reml)
        return results(mixed, _robust(sums, mixed, clusters, correction))
    inner = clusters[0] if clusters else None
    if not terms.absorbed:
        design = Design(terms, tuple(clusters), weight, inner, weight_kind)
        sums = cross_products(connection, relation, design)
        fit = fit_least_squares(sums)
        return results(fit, _robust(sums, fit, clusters, correction))
    model = fit_fixed_effects(
        connection, relation, terms, groups=clusters, weight=weight, weight_kind=weight_kind, cluster=inner
    )
    if isinstance(model.fit, RowsFit):
        return results(model.fit, _from_rows(model.covariance, clusters, correction))
    return results(model.fit, _robust(model.sums, model.fit, clusters, correction))


def _robust(
    sums: CrossProducts, fit: ClusteredFit, clusters: Sequence[str], correction: Correction | None
) -> RobustFit | MultiwayFit | None:
    if not clusters:
        return None
    if len(clusters) == 1:
        return cluster_robust(sums, fit, correction or "CR2")
    if correction == "CR2":
        raise EstimationError("CR2 is for clusters of one column: for several take CR0, CR1 or CR1S")
    return multiway_robust(sums, fit, clusters, correction or "CR1S")


def _from_rows(
    covariance: RowsCovariance | None, clusters: Sequence[str], correction: Correction | None
) -> RowsCovariance | None:
    """Where the levels do not fit into memory there is CR1S by one column and nothing else."""
    if not clusters:
        return None
    if len(clusters) > 1 or correction != "CR1S":
        raise EstimationError(
            "the fixed effects have too many levels for sums: standard errors are CR1S by one column then,"
            f" not {correction or 'CR2'} by {' and '.join(clusters)}"
        )
    return covariance


def _mixed_groups(terms: Terms, random: Sequence[str], clusters: Sequence[str]) -> tuple[str, ...]:
    """The random levels, and around them the clusters where those are wider."""
    if terms.absorbed:
        raise EstimationError("fixed effects after the bar and random intercepts are two models: choose one")
    wider = tuple(name for name in clusters if name != random[-1])
    if len(clusters) > 1 or set(wider) & set(random):
        raise EstimationError(
            f"rows of two clusters of a mixed model are independent: its outermost groups, {random[-1]},"
            f" or one column of wider ones, not {', '.join(clusters)}"
        )
    return (*random, *wider)
