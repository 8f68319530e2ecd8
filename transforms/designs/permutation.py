"""Which teacher gets whose hours: the permutations behind the calibration.

Exposure histories are exchanged between teachers of the same school, so that the pattern by school, the
hours of a teacher over the years and the PD types that go together stay as they are, and who has them is
chance. In a year in which the donor of a teacher is absent, the donor of the donor is asked, and so on until
one is present: the first return of a random permutation to those present, itself a random permutation of
them. Within a school and year all hours are therefore handed out once, each order being as likely as another;
a history stays whole while both are there, and that of a teacher who came or left is put together from
several. A teacher who is alone in a school and year keeps the own hours.

Teachers do not exchange only with those who are there in the same years: what goes with coming and leaving,
such as mentoring in the first year, would then stay where it was in every draw, and all draws would share
its chance error (on a simulated district, .31 to .37 of a standard error over the PD types, against .21
to .26 so; standard errors were the same).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.designs.exposure import Exposure
from transforms.designs.panel import FloatArray, IntArray, TeacherPanel

EXCHANGED = "hours exchanged between teachers of the same school"
OFFERS_EXCHANGED = "offers exchanged within strata of the lottery"


@dataclass(frozen=True, eq=False)
class Exchange:
    """Teachers who exchange histories with those of their group, the school.

    ``row`` (teachers, occasions) is the row of a teacher on an occasion, -1 where absent; an occasion is a
    school year, and of several growth windows in one each by its number of students. ``group`` (teachers)
    is the school.
    """

    row: IntArray
    group: IntArray

    def drawn(self, generator: np.random.Generator) -> IntArray:
        """For each row, the row whose hours it gets: a permutation of the rows."""
        donor = exchanged_within(self.group, generator)
        teacher, occasion = np.nonzero(self.row >= 0)
        given = donor[teacher]
        while (absent := self.row[given, occasion] < 0).any():
            given[absent] = donor[given[absent]]
        rows = np.empty(len(teacher), dtype=np.int64)
        rows[self.row[teacher, occasion]] = self.row[given, occasion]
        return rows


def exchange_of_units(exposure: Exposure, students: FloatArray) -> Exchange:
    """Exchange between the teachers of a school by unit, given the students of each unit."""
    return _exchange(exposure.teacher, exposure.school, exposure.school_year, students)


def exchange_of_rows(panel: TeacherPanel) -> Exchange:
    """Exchange between the teachers of a school by row of a panel."""
    teacher = np.unique(panel.school * (panel.teacher.max() + 1) + panel.teacher, return_inverse=True)[1]
    return _exchange(teacher, panel.school, panel.school_year, panel.weight)


def exchanged_within(stratum: IntArray, generator: np.random.Generator) -> IntArray:
    """For each of n, the position whose value it gets: a random permutation within each stratum (n)."""
    order = np.lexsort((generator.random(len(stratum)), stratum))
    given = np.empty(len(stratum), dtype=np.int64)
    given[np.argsort(stratum, kind="stable")] = order
    return given


def _exchange(teacher: IntArray, school: IntArray, year: IntArray, students: FloatArray) -> Exchange:
    teacher = np.unique(teacher, return_inverse=True)[1]
    rank = _rank_in_year(teacher, year, students)
    occasions, occasion = np.unique(np.column_stack([year, rank]), axis=0, return_inverse=True)
    occasion = occasion.ravel()
    row = np.full((int(teacher.max()) + 1, len(occasions)), -1, dtype=np.int64)
    row[teacher, occasion] = np.arange(len(teacher))
    school_of = np.zeros(len(row), dtype=np.int64)
    school_of[teacher] = school
    return Exchange(row, school_of)


def _rank_in_year(teacher: IntArray, year: IntArray, students: FloatArray) -> IntArray:
    """0 for the row of a teacher and year with the most students, 1 for the next."""
    order = np.lexsort((-students, year, teacher))
    is_first = np.ones(len(order), dtype=bool)
    is_first[1:] = np.diff(teacher[order]).astype(bool) | np.diff(year[order]).astype(bool)
    position = np.arange(len(order))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = position - np.maximum.accumulate(np.where(is_first, position, 0))
    return rank
