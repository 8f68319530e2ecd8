"""Design ``within_teacher``: does a teacher's class grow more in the years with more of a PD type?

Least squares with a fixed effect for each teacher in a school, absorbed exactly from sums, and for each
grade and year: what is lasting about a teacher or a school is held constant, what changes with the hours (a
better year, a new principal) is not. All PD types stand in it jointly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from transforms.designs.adjusted_model import entangled_columns
from transforms.designs.panel import FloatArray
from transforms.designs.sample import DesignSample
from transforms.estimation.linear.within import (
    WithinFit,
    absorbed,
    determined_within,
    fit_absorbed,
)
from transforms.estimation.robust.one_way import RobustFit, cluster_robust
from transforms.estimation.sums.crossproducts import CrossProducts

FACTOR = "teacher"


@dataclass(frozen=True)
class WithinTeacherModel:
    """One fitted contrast; fields as ``adjusted_model.AdjustedModel`` has them."""

    sums: CrossProducts
    fit: WithinFit
    robust: RobustFit
    left_out: tuple[str, ...]
    entangled: dict[str, tuple[str, ...]]


def fit_within_teacher(sample: DesignSample, columns: Mapping[str, FloatArray]) -> WithinTeacherModel:
    """Fit the columns of exposure (units, by name) jointly. Raises EstimationError where there is no fit."""
    sums = sample.with_exposure(columns).grouped_by(("teacher", "school"), "school")
    products = absorbed(sums, FACTOR).sum(axis=0)
    redundant = determined_within(sums, products, sums.names[1:-1])
    entangled = entangled_columns(redundant, sample.controls)
    kept = [name for name in sums.names[1:-1] if name not in redundant]
    at = [sums.position(name) for name in (sums.names[0], *kept, sums.names[-1])]
    left_out = tuple(name for name in redundant if name in sample.controls)
    sums = sums.select(kept)
    fit = fit_absorbed(sums, FACTOR, products[at][:, at])
    return WithinTeacherModel(sums, fit, cluster_robust(sums, fit, "CR2"), left_out, entangled)
