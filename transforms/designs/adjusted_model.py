"""The model of the design ``adjusted``: what it holds, its fit, and what it has to leave out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from transforms.designs.panel import FloatArray
from transforms.designs.sample import DesignSample, levels_to_tell_apart
from transforms.estimation.errors import NotIdentifiedError, RankDeficientError
from transforms.estimation.linear.rank import check_rank
from transforms.estimation.mixed.fit import MixedFit, fit_mixed
from transforms.estimation.robust.one_way import RobustFit, cluster_robust
from transforms.estimation.sums.crossproducts import CrossProducts


@dataclass(frozen=True)
class AdjustedModel:
    """One fitted contrast.

    ``left_out`` names redundant controls and school means; ``entangled`` gives, for each column of exposure
    that has no coefficient of its own, the columns that it cannot be told apart from.
    """

    sums: CrossProducts
    fit: MixedFit
    robust: RobustFit
    left_out: tuple[str, ...]
    entangled: dict[str, tuple[str, ...]]


def fit_adjusted(
    sample: DesignSample, columns: Mapping[str, FloatArray], *, has_school_split: bool
) -> AdjustedModel:
    """Fit the columns of exposure (units, by name) jointly. Raises EstimationError where there is no fit."""
    sums = sample.with_exposure(columns)
    sums = sums.grouped_by(levels_to_tell_apart(sample.sums), "school")
    if has_school_split:
        sums = sums.split_by_cluster(list(columns))
    sums, left_out, entangled = full_rank(sums, sample.controls)
    try:
        fit = fit_mixed(sums)
    except NotIdentifiedError:
        # Few schools: their means of all types tell them apart. Deviations from a school's mean are
        # orthogonal to what is constant in the school, so that their estimates lose nothing.
        between = [name for name in sums.names[1:-1] if name.endswith(":between")]
        if not between:
            raise
        sums = sums.select([name for name in sums.names[1:-1] if name not in between])
        fit = fit_mixed(sums)
    return AdjustedModel(sums, fit, cluster_robust(sums, fit, "CR2"), left_out, entangled)


def full_rank(
    sums: CrossProducts, controls: Sequence[str]
) -> tuple[CrossProducts, tuple[str, ...], dict[str, tuple[str, ...]]]:
    """Leave redundant columns out: controls and school means are named, and columns whose deviations are
    sums of each other are all entangled; those stay in the model but get no number of their own."""
    try:
        check_rank(sums)
    except RankDeficientError as error:
        redundant = error.explained_by
    else:
        return sums, (), {}
    left_out = [name for name in redundant if name in controls]
    left_out += [
        f"school mean of {name.removesuffix(':between')}" for name in redundant if name.endswith(":between")
    ]
    kept = [name for name in sums.names[1:-1] if name not in redundant]
    return sums.select(kept), tuple(left_out), entangled_columns(redundant, controls)


def entangled_columns(
    redundant: Mapping[str, Sequence[str]], controls: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """For each column of exposure in a redundancy, all the others in it."""
    entangled: dict[str, set[str]] = {}
    for name, others in redundant.items():
        if name in controls or name.endswith(":between"):
            continue
        together = {_column(column) for column in (name, *others) if column not in controls}
        for column in together:
            others_of = (together - {column}) or set(others)
            entangled.setdefault(column, set()).update(others_of)
    return {name: tuple(sorted(others)) for name, others in entangled.items()}


def _column(name: str) -> str:
    return name.removesuffix(":within").removesuffix(":between")
