"""Every design in every subgroup of students, teachers and schools, and what is to be compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import duckdb
import numpy as np
from numpy.typing import NDArray

from transforms.designs.effect import Effect
from transforms.designs.heterogeneity import (
    ALL_SUBJECTS,
    SUBJECT_DIMENSION,
    SubgroupEstimate,
    estimate_of,
    of_subject,
    subgroup_conditions,
)
from transforms.designs.heterogeneity_records import Comparison
from transforms.designs.panel import FloatArray
from transforms.designs.panel_designs import estimate_panel_designs
from transforms.designs.regressions import CONTRASTS, REGRESSIONS, estimate_regression
from transforms.designs.sample import DesignSample, read_sample
from transforms.designs.settings import DesignSettings
from transforms.designs.teacher_panel import teacher_panel
from transforms.estimation.errors import EstimationError

Comparisons = dict[Comparison, list[SubgroupEstimate]]


def estimate_subgroups(
    connection: duckdb.DuckDBPyConnection, whole: DesignSample, settings: DesignSettings, build_id: str
) -> tuple[list[Effect], Comparisons]:
    """Rows of estimates.effect by subgroup, and the estimates of each dimension that are to be compared.

    The design rows of the subject of ``whole`` must be there. A subgroup without rows has no rows here.
    """
    effects: list[Effect] = []
    comparisons: Comparisons = defaultdict(list)
    for part in subgroup_conditions():
        try:
            sample = read_sample(
                connection, whole.academic_subject, settings, subgroup=part.subgroup, condition=part.condition
            )
            found, influence = _estimate_subgroup(connection, sample, settings, build_id)
        except EstimationError:
            continue
        effects += found
        _collect(comparisons, found, influence, sample.school_ids, part.dimension)
    return effects, comparisons


def _estimate_subgroup(
    connection: duckdb.DuckDBPyConnection, sample: DesignSample, settings: DesignSettings, build_id: str
) -> tuple[list[Effect], dict[str, FloatArray]]:
    effects: list[Effect] = []
    influence: dict[str, FloatArray] = {}
    for design in REGRESSIONS:
        for contrast in CONTRASTS:
            found = estimate_regression(sample, design, contrast, settings, build_id)
            effects += found.effects
            influence |= {
                effect.effect_id: found.influence[effect.pd_type]
                for effect in found.effects
                if effect.pd_type in found.influence
            }
    findings = estimate_panel_designs(
        connection, sample, teacher_panel(sample), settings, build_id, is_full=False
    )
    return effects + findings.effects, influence | findings.influence


def subject_comparisons(
    effects: Iterable[Effect], influence: Mapping[str, FloatArray], school_ids: NDArray[np.object_]
) -> Comparisons:
    """One subject's estimates, to be compared with those of other subjects."""
    comparisons: Comparisons = defaultdict(list)
    for effect in effects:
        estimate = _estimate(effect, influence, school_ids)
        if estimate is not None:
            key = Comparison(effect.design, effect.pd_type, ALL_SUBJECTS, effect.contrast, SUBJECT_DIMENSION)
            comparisons[key].append(of_subject(estimate, effect.academic_subject))
    return comparisons


def _collect(
    comparisons: Comparisons,
    effects: Iterable[Effect],
    influence: Mapping[str, FloatArray],
    school_ids: NDArray[np.object_],
    dimension: str,
) -> None:
    for effect in effects:
        key = Comparison(effect.design, effect.pd_type, effect.academic_subject, effect.contrast, dimension)
        estimate = _estimate(effect, influence, school_ids)
        if estimate is not None:
            comparisons[key].append(estimate)


def _estimate(
    effect: Effect, influence: Mapping[str, FloatArray], school_ids: NDArray[np.object_]
) -> SubgroupEstimate | None:
    """None where the effect has no number."""
    if effect.effect_id not in influence:
        return None
    return estimate_of(effect, influence[effect.effect_id], school_ids)
