"""One call from a formula over a table to results: what an evaluator types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast, get_args

import duckdb

from transforms.estimation.errors import EstimationError, check_option
from transforms.estimation.formulas.compiler import compile_formula
from transforms.estimation.linear.fixed_effects import fit_fixed_effects
from transforms.estimation.linear.fixed_effects_rows import RowsFit
from transforms.estimation.linear.least_squares import fit_least_squares
from transforms.estimation.mixed.fit import fit_mixed
from transforms.estimation.robust.multiway import MultiwayCorrection, MultiwayFit, multiway_robust
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

    _check_options(random, clusters, correction, is_reml)
    terms = compile_formula(connection, relation, formula, weight=weight)
    if random:
        groups = _mixed_groups(terms, random, clusters)
        cluster = groups[-1] if clusters else ALL_ROWS
        sums = cross_products(connection, relation, Design(terms, groups, weight, cluster, weight_kind))
        mixed = fit_mixed(_random_levels(sums, tuple(random)), is_reml=is_reml)
        return results(mixed, _robust(sums, mixed, clusters, correction))
    inner = clusters[0] if clusters else None
    if not terms.absorbed:
        design = Design(terms, tuple(clusters), weight, inner, weight_kind)
        sums = cross_products(connection, relation, design)
        fit = fit_least_squares(sums)
        return results(fit, _robust(sums, fit, clusters, correction))
    model = fit_fixed_effects(
        connection,
        relation,
        terms,
        groups=clusters,
        weight=weight,
        weight_kind=weight_kind,
        cluster=inner,
        may_read_rows=not clusters or (len(clusters) == 1 and correction == "CR1S"),
    )
    if isinstance(model.fit, RowsFit):
        return results(model.fit, model.covariance if clusters else None)
    robust = _robust(model.sums, model.fit, clusters, correction)
    return results(model.fit, robust, n_shown=len(terms.columns))


def _check_options(
    random: Sequence[str], clusters: Sequence[str], correction: Correction | None, is_reml: bool
) -> None:
    for what, names in (("random", random), ("clusters", clusters)):
        if isinstance(names, str):
            raise EstimationError(f'{what} are several names: write {what}=["{names}"]')
    if correction is not None:
        check_option("correction", correction, get_args(Correction))
        if not clusters:
            raise EstimationError(f"{correction} needs clusters, and none are given")
    if not is_reml and not random:
        raise EstimationError("is_reml=False is for random intercepts, and none are given")


def _robust(
    sums: CrossProducts, fit: ClusteredFit, clusters: Sequence[str], correction: Correction | None
) -> RobustFit | MultiwayFit | None:
    if not clusters:
        return None
    if len(clusters) == 1:
        return cluster_robust(sums, fit, correction or "CR2")
    # CR2 is refused there
    return multiway_robust(sums, fit, clusters, cast(MultiwayCorrection, correction or "CR1S"))


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


def _random_levels(sums: CrossProducts, random: tuple[str, ...]) -> CrossProducts:
    """The sums by the random levels alone. EstimationError where the clusters do not hold whole groups."""
    if sums.group_names == random:
        return sums
    levels = sums.grouped_by(random, ALL_ROWS)
    if levels.n_groups[-1] != sums.n_groups[len(random) - 1]:
        raise EstimationError(
            f"a {random[-1]} lies in several {sums.group_names[-1]}: clusters of a mixed model hold whole"
            f" {random[-1]} groups, whose rows depend on each other"
        )
    return levels
