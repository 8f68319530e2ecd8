"""Rows of estimates.effect for the designs that compare teacher-years."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from transforms.designs.effect import Effect, effect_id, estimated, refused
from transforms.designs.panel import DesignEstimate, DesignRefusedError, TeacherPanel
from transforms.designs.sample import DesignSample
from transforms.designs.settings import RELIABLE_DF
from transforms.standards.effect_sizes import hedges_g, improvement_index


def panel_effect(
    sample: DesignSample,
    panel: TeacherPanel,
    at: int,
    design: str,
    contrast: str,
    found: DesignEstimate | DesignRefusedError,
    build_id: str,
) -> Effect:
    """The row of one design, contrast and PD type (position ``at``), with a number or with the refusal."""
    pd_type = panel.types[at]
    row = Effect(
        effect_id(design, pd_type, panel.academic_subject, contrast, panel.subgroup),
        build_id,
        design,
        pd_type,
        panel.academic_subject,
        panel.subgroup,
        contrast,
    )
    if isinstance(found, DesignRefusedError):
        took_part = panel.hours[:, at] > 0.0
        return refused(
            _counted(row, sample, panel, np.ones(len(took_part), dtype=bool), took_part), str(found)
        )
    row = _counted(row, sample, panel, found.used, found.treated)
    row = estimated(row, found.estimate_sd, found.std_error, found.df, sample.norm_sd)
    if row.estimate_sd is None:
        return row
    notes = ["fewer than 4 degrees of freedom: interval unreliable"] if found.df < RELIABLE_DF else []
    g = hedges_g(found.estimate_sd, row.n_students or 0) if contrast != "per_10_hours" else None
    return replace(
        row,
        n_clusters=found.n_clusters,
        hedges_g=g,
        improvement_index=None if g is None else improvement_index(g),
        baseline_g_max=found.baseline_g_max,
        note="; ".join((*notes, *found.notes)),
    )


def _counted(
    row: Effect, sample: DesignSample, panel: TeacherPanel, used: np.ndarray, treated: np.ndarray
) -> Effect:
    took_part = used & treated
    return replace(
        row,
        n_students=sample.n_students_of(used),
        n_staff=len(np.unique(panel.teacher[used])),
        n_schools=len(np.unique(panel.school[used])),
        n_clusters=len(np.unique(panel.school[used])),
        n_participants=len(np.unique(panel.teacher[took_part])),
        n_participant_schools=len(np.unique(panel.school[took_part])),
    )
