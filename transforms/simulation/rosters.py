"""Rosters of one school year: who sits in which class, who teaches it, and with which weight."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.simulation.careers import Careers
from transforms.simulation.plan import GRADES, SUBJECTS, Calendar, day
from transforms.simulation.schools import District, Post
from transforms.simulation.students import StudentBody

MOVES_MID_YEAR = 0.02
CO_TAUGHT = 0.08
CO_TEACHER_SHARE = 0.4
TEACHERS_PER_SECTION = 3


@dataclass(frozen=True)
class Spells:
    """Stretches of students in classes, one entry each; ``student`` is the position in the student body."""

    student: np.ndarray
    class_number: np.ndarray
    begin: np.ndarray
    end: np.ndarray


@dataclass(frozen=True)
class Teaching:
    """Who teaches each section, shape (sections, 3): holder, successor, co-teacher; staff -1 where none.

    ``share`` is the share of instruction; ``is_share_stated`` (sections,) whether the roster states it.
    """

    staff: np.ndarray
    begin: np.ndarray
    end: np.ndarray
    share: np.ndarray
    is_share_stated: np.ndarray


def seat_students(
    rng: np.random.Generator, body: StudentBody, district: District, calendar: Calendar, year: int
) -> Spells:
    """Spread students over the classes of their school and grade; some change school in mid-year."""
    n = len(body)
    grade = body.grade - GRADES[0]
    class_number = _deal(rng, body.school, grade, district)
    begin = np.full(n, calendar.first_day[year])
    end = np.full(n, calendar.last_day[year])
    other = district.schools_of_level(body.school >= district.n_per_level, rng.random(n))
    movers = np.flatnonzero((rng.random(n) < MOVES_MID_YEAR) & (other != body.school))
    n_choices = district.n_classes[other[movers], grade[movers]]
    second = district.first_class[other[movers], grade[movers]] + rng.integers(0, n_choices)
    last_before = day(calendar.school_years[year] - 1, "10-01") + rng.integers(0, 160, len(movers))
    end[movers] = last_before
    return Spells(
        student=np.concatenate([np.arange(n), movers]),
        class_number=np.concatenate([class_number, second]),
        begin=np.concatenate([begin, last_before + 1]),
        end=np.concatenate([end, np.full(len(movers), calendar.last_day[year])]),
    )


def _deal(rng: np.random.Generator, school: np.ndarray, grade: np.ndarray, district: District) -> np.ndarray:
    """Deal shuffled students into the classes of their school and grade like cards."""
    group = school * len(GRADES) + grade
    order = rng.permutation(len(group))
    order = order[np.argsort(group[order], kind="stable")]
    sizes = np.bincount(group, minlength=district.n_classes.size)
    position = np.arange(len(group)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    ordered = group[order]
    dealt = np.empty(len(group), dtype=np.int64)
    dealt[order] = district.first_class.ravel()[ordered] + position % district.n_classes.ravel()[ordered]
    return dealt


def assign_teaching(
    rng: np.random.Generator, district: District, careers: Careers, calendar: Calendar, year: int
) -> Teaching:
    """Holders teach their post's sections, successors from mid-year, some with a co-teacher."""
    post = district.section_post
    n = len(post)
    staff = np.full((n, TEACHERS_PER_SECTION), -1)
    staff[:, 0] = careers.holder[year, post]
    staff[:, 1] = careers.successor[year, post]
    begin = np.full((n, TEACHERS_PER_SECTION), calendar.first_day[year])
    end = np.full((n, TEACHERS_PER_SECTION), calendar.last_day[year])
    has_successor = staff[:, 1] >= 0
    end[has_successor, 0] = calendar.middle_day(year)
    begin[:, 1] = calendar.middle_day(year) + 1
    co_post = _support_post(rng, district)
    is_co_taught = (rng.random(n) < CO_TAUGHT) & ~has_successor & (careers.successor[year, co_post] < 0)
    staff[is_co_taught, 2] = careers.holder[year, co_post[is_co_taught]]
    is_stated = is_co_taught & (rng.random(n) < 0.5)
    share = np.zeros((n, TEACHERS_PER_SECTION))
    co_share = np.where(is_stated, CO_TEACHER_SHARE, np.where(is_co_taught, 0.5, 0.0))
    share[:, 0] = 1 - co_share
    share[:, 1] = has_successor
    share[:, 2] = co_share
    return Teaching(staff, begin, end, share, is_stated)


def _support_post(rng: np.random.Generator, district: District) -> np.ndarray:
    """A support teacher of the section's school for every section."""
    posts = np.flatnonzero(district.post_kind == Post.SUPPORT)
    first = np.searchsorted(district.post_school[posts], np.arange(district.n_schools))
    count = np.bincount(district.post_school[posts], minlength=district.n_schools)[: district.n_schools]
    school = np.repeat(district.class_school, len(SUBJECTS))
    return posts[first[school] + rng.integers(0, count[school])]


@dataclass(frozen=True)
class RosterWeights:
    """Student x teacher weights in one subject, by spell, shape (spells, 3); they sum to 1 per student."""

    student: np.ndarray
    staff: np.ndarray
    school: np.ndarray
    weight: np.ndarray

    def mean_by_student(self, by_staff: np.ndarray, n_students: int) -> np.ndarray:
        """Weighted mean of a value of teachers over each student's teachers."""
        values = (self.weight * np.where(self.staff >= 0, by_staff[self.staff], 0.0)).sum(axis=1)
        return np.bincount(self.student, values, n_students)

    def mean_school_effect(self, by_school: np.ndarray, n_students: int) -> np.ndarray:
        """Weighted mean of a value of schools over each student's sections."""
        return np.bincount(self.student, self.weight.sum(axis=1) * by_school[self.school], n_students)


def roster_weights(
    spells: Spells, teaching: Teaching, district: District, subject: int, n_students: int
) -> RosterWeights:
    """Days in common x share of instruction, summing to 1 per student (Hock and Isenberg, full roster)."""
    section = spells.class_number * len(SUBJECTS) + subject
    begin = np.maximum(spells.begin[:, None], teaching.begin[section])
    end = np.minimum(spells.end[:, None], teaching.end[section])
    days = np.maximum((end - begin).astype(np.int64) + 1, 0)
    weight = days * teaching.share[section] * (teaching.staff[section] >= 0)
    total = np.bincount(spells.student, weight.sum(axis=1), n_students)
    return RosterWeights(
        student=spells.student,
        staff=teaching.staff[section],
        school=district.class_school[spells.class_number],
        weight=weight / total[spells.student, None],
    )
