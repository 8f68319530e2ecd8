"""Students: who they are, how they move through grades and schools."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from transforms.simulation.exports import ExportFolder, ids, pick
from transforms.simulation.plan import GRADES, LAST_ELEMENTARY_GRADE, DistrictPlan, GrowthTruth, day
from transforms.simulation.schools import District

LEAVES_DISTRICT = 0.03
CHANGES_SCHOOL = 0.05
STAYS_IN_FEEDER = 0.85
LEAVES_EL = 0.12
SMALLEST_VARIANCE = 0.1
_RACES = (
    "Hispanic or Latino", "White", "Black or African American", "Asian", "Two or more races",
    "American Indian or Alaska Native", "Native Hawaiian or Other Pacific Islander",
)  # fmt: skip
_RACE_SHARES = (0.28, 0.36, 0.20, 0.07, 0.06, 0.02, 0.01)


@dataclass(frozen=True)
class StudentBody:
    """The students of one school year, one entry each; ``true_score`` is (students, subjects) in SD.

    ``number`` makes the student id. ``is_new``: not in the district the year before, so without a prior.
    """

    number: np.ndarray
    grade: np.ndarray
    school: np.ndarray
    sex: np.ndarray  # 0 female, 1 male, 2 not stated
    is_english_learner: np.ndarray
    is_swd: np.ndarray
    is_economically_disadvantaged: np.ndarray
    is_gifted: np.ndarray
    is_new: np.ndarray
    true_score: np.ndarray

    def __len__(self) -> int:
        return len(self.number)


def yearly_gap(body: StudentBody, truth: GrowthTruth) -> np.ndarray:
    """What a student's attributes add to growth each year, SD, centred on the body's mean."""
    gap = sum(value * getattr(body, name) for name, value in truth.yearly_gaps.items())
    return np.asarray(gap - np.mean(gap))


def enter(
    rng: np.random.Generator,
    numbers: np.ndarray,
    grade: np.ndarray,
    school: np.ndarray,
    district: District,
    truth: GrowthTruth,
) -> StudentBody:
    """New students with attributes and a true score from the settled distribution."""
    n = len(numbers)
    is_disadvantaged = rng.random(n) < district.disadvantage[school]
    body = StudentBody(
        number=numbers,
        grade=grade,
        school=school,
        sex=rng.choice(3, n, p=(0.487, 0.51, 0.003)),
        is_english_learner=rng.random(n) < np.where(is_disadvantaged, 0.18, 0.05),
        is_swd=rng.random(n) < 0.13,
        is_economically_disadvantaged=is_disadvantaged,
        is_gifted=rng.random(n) < 0.08,
        is_new=np.ones(n, dtype=bool),
        true_score=np.zeros((n, 2)),
    )
    settled_gap = yearly_gap(body, truth) / (1 - truth.persistence)
    own_sd = np.sqrt(max(truth.true_score_variance - float(np.var(settled_gap)), SMALLEST_VARIANCE))
    shared = np.sqrt(truth.subject_correlation) * rng.standard_normal((n, 1))
    own = np.sqrt(1 - truth.subject_correlation) * rng.standard_normal((n, 2))
    return replace(body, true_score=settled_gap[:, None] + own_sd * (shared + own))


def first_body(
    rng: np.random.Generator, plan: DistrictPlan, district: District, truth: GrowthTruth
) -> StudentBody:
    """The students of the first school year."""
    grade = np.arange(plan.n_students) % len(GRADES) + GRADES[0]
    school = district.schools_of_level(grade > LAST_ELEMENTARY_GRADE, rng.random(plan.n_students))
    return enter(rng, np.arange(plan.n_students), grade, school, district, truth)


def next_body(
    rng: np.random.Generator, body: StudentBody, next_number: int, district: District, truth: GrowthTruth
) -> StudentBody:
    """The next school year: one grade up, some elsewhere, leavers replaced by newcomers."""
    n = len(body)
    grade = body.grade + 1
    graduates = grade > GRADES[-1]
    grade = np.where(graduates, GRADES[0], grade)
    leaves = graduates | (rng.random(n) < LEAVES_DISTRICT)
    is_middle = grade > LAST_ELEMENTARY_GRADE
    elsewhere = district.schools_of_level(is_middle, rng.random(n))
    promoted = is_middle & (body.school < district.n_per_level)
    school = np.where(promoted, body.school + district.n_per_level, body.school)
    moves = rng.random(n) < np.where(promoted, 1 - STAYS_IN_FEEDER, CHANGES_SCHOOL)
    school = np.where(moves | leaves, elsewhere, school)
    stays = replace(
        body,
        grade=grade,
        school=school,
        is_english_learner=body.is_english_learner & (rng.random(n) >= LEAVES_EL),
        is_new=np.zeros(n, dtype=bool),
    )
    numbers = next_number + np.arange(int(leaves.sum()))
    return _replaced(stays, leaves, enter(rng, numbers, grade[leaves], school[leaves], district, truth))


def _replaced(body: StudentBody, places: np.ndarray, newcomers: StudentBody) -> StudentBody:
    merged = {}
    for field in fields(body):
        values = getattr(body, field.name).copy()
        values[places] = getattr(newcomers, field.name)
        merged[field.name] = values
    return StudentBody(**merged)


def write_students(
    rng: np.random.Generator, body: StudentBody, school_year: int, exports: ExportFolder
) -> None:
    """Write the students who are new in a school year: a gzipped file each year."""
    new = np.flatnonzero(body.is_new)
    age_days = (body.grade[new] + 5) * 365.25 + rng.integers(0, 366, len(new))
    exports.write_csv(
        "student",
        f"exports/sis/students_new_{school_year}.csv.gz",
        {
            "Student Number": student_ids(body.number[new]),
            "DOB": day(school_year - 1, "09-01") - age_days.astype("timedelta64[D]"),
            "Gender": pick(("F", "M", "X"), body.sex[new]),
            "Ethnicity": pick(_RACES, rng.choice(len(_RACES), len(new), p=_RACE_SHARES)),
        },
    )


def student_ids(numbers: np.ndarray):
    """Student ids."""
    return ids("S", numbers, 8)
