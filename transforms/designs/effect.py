"""Rows of estimates.effect and estimates.variance_component, and what every design does with them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from transforms.designs.number import number
from transforms.standards.multiplicity import adjusted_p_values


@dataclass(frozen=True)
class Effect:
    """One row of estimates.effect. ``estimate_sd`` is None where ``note`` says why there is no number."""

    effect_id: str
    build_id: str
    design: str
    pd_type: str
    academic_subject: str
    subgroup: str
    contrast: str
    estimate_sd: float | None = None
    std_error: float | None = None
    df: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    p_value: float | None = None
    p_value_bh: float | None = None
    hedges_g: float | None = None
    improvement_index: float | None = None
    n_students: int | None = None
    n_staff: int | None = None
    n_schools: int | None = None
    n_clusters: int | None = None
    n_participants: int | None = None
    n_participant_schools: int | None = None
    baseline_g_max: float | None = None
    attrition_overall: float | None = None
    attrition_differential: float | None = None
    essa_tier: int | None = None
    wwc_rating: str | None = None
    robustness_value: float | None = None
    is_primary: bool = False
    estimate_scale_points: float | None = None
    std_error_scale_points: float | None = None
    std_error_model: float | None = None
    placebo_sd: float | None = None
    placebo_std_error: float | None = None
    placebo_p_value: float | None = None
    effective_sample_size: float | None = None
    wwc_reasons: str | None = None
    essa_reasons: str | None = None
    size_benchmark: str | None = None
    is_struck_out: bool = False
    note: str | None = None


@dataclass(frozen=True)
class VarianceComponent:
    """One row of estimates.variance_component, in squared standard deviations of student scores."""

    build_id: str
    design: str
    academic_subject: str
    contrast: str
    group_name: str
    variance_sd2: float
    icc: float
    n_groups: int
    is_boundary: bool


def estimated(row: Effect, estimate_sd: float, std_error: float, df: float, norm_sd: float | None) -> Effect:
    """The row with its number, interval and p-value (t with ``df``), in scale points on a single scale.

    Refused where the standard error is 0 or there are no degrees of freedom.
    """
    found = number(estimate_sd, std_error, df)
    if found is None:
        return refused(row, "the schools leave no variation for a standard error")
    return replace(
        row,
        **asdict(found),
        estimate_scale_points=None if norm_sd is None else estimate_sd * norm_sd,
        std_error_scale_points=None if norm_sd is None else std_error * norm_sd,
    )


def refused(row: Effect, reason: str) -> Effect:
    """The row without a number, and why."""
    return replace(row, note=f"refused: {reason}")


def effect_id(design: str, pd_type: str, academic_subject: str, contrast: str, subgroup: str) -> str:
    """Ten hexadecimal digits that name the row, the same in every build."""
    key = "|".join((design, pd_type, academic_subject, contrast, subgroup))
    return hashlib.sha256(key.encode()).hexdigest()[:10]


def with_multiplicity(effects: Iterable[Effect]) -> tuple[Effect, ...]:
    """Fill ``p_value_bh`` over the given rows (Benjamini and Hochberg 1995); rows without a p-value
    are not counted. The caller passes the rows of one domain, design and contrast."""
    rows = tuple(effects)
    adjusted = adjusted_p_values([row.p_value for row in rows])
    return tuple(replace(row, p_value_bh=value) for row, value in zip(rows, adjusted, strict=True))
