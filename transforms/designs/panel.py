"""Teachers by school year: what the designs that compare teachers stand on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


class DesignRefusedError(ValueError):
    """The data cannot bear the design; the message is a clause that says why, without a full stop."""


@dataclass(frozen=True, eq=False)
class TeacherPanel:
    """One row per teacher, school and school year of one academic subject and subgroup of students.

    Shapes: n rows, k PD types. ``teacher``, ``school`` (n) are codes from 0, the places of ``staff_ids``
    and ``school_ids``; a teacher who moves is one teacher in several schools. ``school_year`` (n) is the
    spring year. ``growth_sd`` (n) is the mean score, in standard deviations of students, less what prior,
    covariates, class and school means, grade and year account for; ``weight`` (n) the sum of roster weights
    that it is the mean of, ``n_students`` (n) the students. ``prior_mean_sd`` (n) is the mean prior score
    of the same students. ``hours`` (n, k) are attended aligned hours in the growth window, 0 where the
    teacher took no part. ``years_experience`` (n) is nan where it is not known. ``type_effects`` (k) is
    what taking part in each type goes with, all types and covariates jointly, 0 where it cannot be told;
    empty where it was not estimated.
    """

    academic_subject: str
    subgroup: str
    types: tuple[str, ...]
    staff_ids: NDArray[Any]
    school_ids: NDArray[Any]
    teacher: IntArray
    school: IntArray
    school_year: IntArray
    weight: FloatArray
    n_students: IntArray
    growth_sd: FloatArray
    prior_mean_sd: FloatArray
    hours: FloatArray
    years_experience: FloatArray
    type_effects: FloatArray = field(default_factory=lambda: np.zeros(0))

    def without_others(self, type_position: int) -> TeacherPanel:
        """The panel with growth less what taking part in the other PD types accounts for: who starts one
        type often starts another."""
        if not len(self.type_effects):
            return self
        others = self.type_effects.copy()
        others[type_position] = 0.0
        return replace(self, growth_sd=self.growth_sd - (self.hours > 0.0) @ others)


@dataclass(frozen=True, eq=False)
class DesignEstimate:
    """What a design found for one PD type on a panel of n rows.

    ``estimate_sd`` and ``std_error`` are in standard deviations of student scores, positive where those
    who took part grew more; ``df`` are the degrees of freedom of its t. ``used`` and ``treated`` (n) mark
    the rows that the estimate stands on and those of them that took part. ``influence`` (schools) is the
    part of the error of the estimate that comes from each school: their squares sum, but for small-sample
    corrections, to the squared standard error, and those of two estimates multiplied to their covariance.
    ``baseline_g_max`` is the largest baseline difference in absolute standard deviations, where one is
    computed.
    """

    estimate_sd: float
    std_error: float
    df: float
    n_clusters: int
    used: BoolArray
    treated: BoolArray
    influence: FloatArray
    baseline_g_max: float | None = None
    notes: tuple[str, ...] = ()
