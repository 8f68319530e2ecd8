"""Hours of professional development by unit, and who took part in what."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from transforms.designs.panel import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Exposure:
    """Hours of k PD types in u units: a teacher in a school, school year and growth window.

    ``aligned_hours``, ``other_hours``, ``lagged_hours`` (u, k) are those of frames.teacher_year_exposure, 0
    where it has no row. ``teacher`` (u) is the teacher in the school, ``staff`` (u) the person, ``school``
    (u), ``school_year`` (u) the spring year. ``mixture`` (cells, u) has the roster shares of the units that
    taught the students of a cell, rows summing to 1: what a student of several teachers was exposed to is
    their mean.
    """

    types: tuple[str, ...]
    aligned_hours: FloatArray
    other_hours: FloatArray
    lagged_hours: FloatArray
    staff: IntArray
    teacher: IntArray
    school: IntArray
    school_year: IntArray
    mixture: csr_array

    def of_cells(self, values: FloatArray) -> FloatArray:
        """Mean of ``values`` (u, ...) over the teachers of each cell (cells, ...)."""
        return np.asarray(self.mixture @ values)

    @cached_property
    def participated(self) -> BoolArray:
        """Whether a unit has aligned hours of a type (u, k)."""
        return self.aligned_hours > 0.0

    @cached_property
    def sustained(self) -> BoolArray:
        """Whether a unit has aligned hours of a type, and the person had some in an earlier year (u, k)."""
        first = self.first_year
        return self.participated & (self.school_year[:, None] > first[self.staff])

    @cached_property
    def first_year(self) -> IntArray:
        """First school year in which a person has aligned hours of a type (persons, k); 9999 for never."""
        years = np.where(self.participated, self.school_year[:, None], 9999)
        first = np.full((int(self.staff.max()) + 1, len(self.types)), 9999, dtype=np.int64)
        np.minimum.at(first, self.staff, years)
        return first


@dataclass(frozen=True)
class TypeReach:
    """Who took part in one PD type, over the teachers and windows of the sample.

    ``n_varying_schools`` counts schools in which the aligned hours differ between teachers or years,
    ``n_mixed_schools`` those with some who took part and some who did not. ``has_one_dose`` is true
    where all who took part have the same hours, so that a dose cannot be told from taking part.
    ``n_changing_teachers`` counts teachers whose aligned hours differ between units of theirs,
    ``n_switching_teachers`` those who took part in one and not in another.
    """

    pd_type: str
    n_participants: int
    n_participant_schools: int
    is_universal: bool
    is_varying: bool
    n_varying_schools: int
    n_mixed_schools: int
    has_one_dose: bool
    n_changing_teachers: int
    n_switching_teachers: int


def reach_of_types(exposure: Exposure, units: IntArray) -> tuple[TypeReach, ...]:
    """Count who took part in each type, among ``units`` (positions)."""
    return tuple(_reach(exposure, units, at) for at in range(len(exposure.types)))


def _reach(exposure: Exposure, units: IntArray, at: int) -> TypeReach:
    hours, took_part = exposure.aligned_hours[units, at], exposure.participated[units, at]
    school, teacher = exposure.school[units], exposure.teacher[units]
    low, high = _by(school, hours, np.minimum), _by(school, hours, np.maximum)
    own_low, own_high = _by(teacher, hours, np.minimum), _by(teacher, hours, np.maximum)
    return TypeReach(
        exposure.types[at],
        n_participants=len(np.unique(exposure.staff[units][took_part])),
        n_participant_schools=len(np.unique(school[took_part])),
        is_universal=bool(took_part.all()),
        is_varying=bool(hours.min() < hours.max()),
        n_varying_schools=int((low < high).sum()),
        n_mixed_schools=int(((low == 0.0) & (high > 0.0)).sum()),
        has_one_dose=len(np.unique(hours[took_part])) == 1,
        n_changing_teachers=int((own_low < own_high).sum()),
        n_switching_teachers=int(((own_low == 0.0) & (own_high > 0.0)).sum()),
    )


def _by(codes: IntArray, values: FloatArray, extreme: Any) -> NDArray[np.float64]:
    """Smallest or largest value of each code."""
    start = np.inf if extreme is np.minimum else -np.inf
    found = np.full(int(codes.max()) + 1, start)
    extreme.at(found, codes, values)
    return found[np.unique(codes)]
