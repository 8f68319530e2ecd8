"""The model of the design ``adjusted``: what it holds, its fit, and what it has to leave out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from transforms.designs.adjusted_sample import ROWS, AdjustedSample
from transforms.estimation.errors import RankDeficientError
from transforms.estimation.linear.rank import check_rank
from transforms.estimation.mixed.fit import MixedFit, fit_mixed
from transforms.estimation.robust.one_way import RobustFit, cluster_robust
from transforms.estimation.sums.crossproducts import CrossProducts
from transforms.estimation.sums.design import Design
from transforms.estimation.sums.summation import cross_products

COVARIATES = ("is_english_learner", "is_swd", "is_economically_disadvantaged", "is_gifted", "is_female")
COLUMN_PREFIX = {"per_10_hours": "hours", "participated": "participated"}


@dataclass(frozen=True)
class AdjustedSettings:
    """What the model holds. Defaults are the design as documented; a study may state a simpler one."""

    prior_degree: int = 3
    covariates: tuple[str, ...] = COVARIATES
    has_context_means: bool = True
    has_school_split: bool = True
    minimum_teachers: int = 10


@dataclass(frozen=True)
class AdjustedModel:
    """One fitted contrast.

    ``left_out`` names redundant controls and school means; ``entangled`` gives, for each type that
    has no coefficient of its own, the columns that it cannot be told apart from.
    """

    fit: MixedFit
    robust: RobustFit
    left_out: tuple[str, ...]
    entangled: dict[str, tuple[str, ...]]


def fit_adjusted(
    connection: duckdb.DuckDBPyConnection,
    sample: AdjustedSample,
    types: Sequence[str],
    contrast: str,
    settings: AdjustedSettings,
) -> AdjustedModel:
    """Sum and fit one contrast with ``types`` jointly. Raises EstimationError where there is no fit."""
    columns = [f"{COLUMN_PREFIX[contrast]}:{pd_type}" for pd_type in types]
    design = Design.of_columns(
        "score_sd", [*sample.controls, *columns], sample.groups, weight="roster_weight"
    )
    sums = cross_products(connection, ROWS, design)
    if settings.has_school_split:
        sums = sums.split_by_cluster(columns)
    sums, left_out, entangled = _full_rank(sums, sample.controls)
    fit = fit_mixed(sums)
    return AdjustedModel(fit, cluster_robust(sums, fit, "CR2"), left_out, entangled)


def _full_rank(
    sums: CrossProducts, controls: Sequence[str]
) -> tuple[CrossProducts, tuple[str, ...], dict[str, tuple[str, ...]]]:
    """Leave redundant columns out: controls and school means are named, and types whose deviations are
    sums of each other are all entangled; those stay in the model but get no number of their own."""
    try:
        check_rank(sums)
    except RankDeficientError as error:
        redundant = error.explained_by
    else:
        return sums, (), {}
    left_out = [name for name in redundant if name in controls]
    left_out += [f"school mean of {_pd_type(name)}" for name in redundant if name.endswith(":between")]
    entangled: dict[str, set[str]] = {}
    for name, others in redundant.items():
        if name in controls or name.endswith(":between"):
            continue
        together = {_pd_type(column) for column in (name, *others) if column not in controls}
        for pd_type in together:
            others_of = (together - {pd_type}) or set(others)
            entangled.setdefault(pd_type, set()).update(others_of)
    kept = [name for name in sums.names[1:-1] if name not in redundant]
    named = {pd_type: tuple(sorted(others)) for pd_type, others in entangled.items()}
    return sums.select(kept), tuple(left_out), named


def _pd_type(column: str) -> str:
    return column.split(":", 1)[1].removesuffix(":within").removesuffix(":between")
