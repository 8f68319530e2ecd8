"""Which teacher gets whose hours: the permutations behind the calibration.

Exposure histories are exchanged between teachers of the same school, so that the pattern by school, the
hours of a teacher over the years and the PD types that go together stay as they are, and who has them is
chance. Teachers exchange with those who are present in the same years; where fewer than
``FEWEST_TO_EXCHANGE`` share a pattern of presence, it joins the most alike of the school.

In a year in which the donor of a teacher is absent, the donor of the donor is asked, and so on until one
is present. That is the first return of a random permutation to those present, itself a random permutation
of them: within a school, a group and a year, all hours are handed out once, each order being as likely as
another, and only the histories of teachers who came or left are put together from several. A teacher who
is alone in a group and year keeps the own hours.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from transforms.designs.exposure import Exposure
from transforms.designs.panel import FloatArray, IntArray, TeacherPanel

# Fewer would often get back their own hours.
FEWEST_TO_EXCHANGE = 5
EXCHANGED = "hours exchanged between teachers of the same school"
OFFERS_EXCHANGED = "offers exchanged within strata of the lottery"

Presence = frozenset[int]


@dataclass(frozen=True, eq=False)
class Exchange:
    """Groups of teachers who exchange histories.

    ``row`` (teachers, occasions) is the row of a teacher on an occasion, -1 where absent; an occasion is a
    school year, and of several growth windows in one each by its number of students. ``groups`` are
    positions of teachers who exchange.
    """

    row: IntArray
    groups: tuple[IntArray, ...]

    def drawn(self, generator: np.random.Generator) -> IntArray:
        """For each row, the row whose hours it gets: a permutation of the rows."""
        donor = np.arange(len(self.row))
        for group in self.groups:
            donor[group] = generator.permutation(group)
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
    presence = [frozenset(occasions[present >= 0, 0].tolist()) for present in row]
    groups = [
        group
        for at in np.unique(school_of)
        for group in _alike(np.flatnonzero(school_of == at).tolist(), presence)
    ]
    return Exchange(row, tuple(groups))


def _rank_in_year(teacher: IntArray, year: IntArray, students: FloatArray) -> IntArray:
    """0 for the row of a teacher and year with the most students, 1 for the next."""
    order = np.lexsort((-students, year, teacher))
    is_first = np.ones(len(order), dtype=bool)
    is_first[1:] = np.diff(teacher[order]).astype(bool) | np.diff(year[order]).astype(bool)
    position = np.arange(len(order))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = position - np.maximum.accumulate(np.where(is_first, position, 0))
    return rank


def _alike(teachers: Iterable[int], presence: list[Presence]) -> list[IntArray]:
    """Teachers of one school in groups of at least ``FEWEST_TO_EXCHANGE`` with the most years in common."""
    by_pattern: dict[Presence, list[int]] = {}
    for teacher in teachers:
        by_pattern.setdefault(presence[teacher], []).append(teacher)
    groups = sorted(by_pattern.items(), key=lambda item: (len(item[1]), sorted(item[0])))
    while len(groups) > 1 and len(groups[0][1]) < FEWEST_TO_EXCHANGE:
        years, members = groups.pop(0)
        at = max(range(len(groups)), key=lambda i: _overlap(years, groups[i][0]))
        others, their_members = groups[at]
        groups[at] = (years | others, members + their_members)
        groups.sort(key=lambda item: (len(item[1]), sorted(item[0])))
    return [np.array(members, dtype=np.int64) for _, members in groups]


def _overlap(one: Presence, other: Presence) -> float:
    """Share of the years of either that are years of both."""
    return len(one & other) / len(one | other)
