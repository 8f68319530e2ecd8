"""Schools, their classes, and the posts in them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import pyarrow as pa

from transforms.simulation.exports import ExportFolder, pick, yes_no
from transforms.simulation.plan import GRADES, LAST_ELEMENTARY_GRADE, SUBJECTS, DistrictPlan

STUDENTS_PER_CLASS = 25
SECTIONS_PER_MIDDLE_TEACHER = 4
LEA_ID = "RB"
N_CLIMATE_CONSTRUCTS = 4  # trust, leadership, capacity_building, collaboration
_FIRST = (
    "Maple",
    "Cedar",
    "Willow",
    "Juniper",
    "Aspen",
    "Hawthorn",
    "Linden",
    "Sycamore",
    "Alder",
    "Magnolia",
)
_SECOND = ("Grove", "Ridge", "Hollow", "Bend", "Creek", "Meadow", "Point", "Crossing", "Heights", "Landing")


class Post(IntEnum):
    """Kinds of posts; the first four teach."""

    ELEMENTARY = 0
    MATHEMATICS = 1
    ELA = 2
    SUPPORT = 3
    COACH = 4
    PRINCIPAL = 5
    ASSISTANT_PRINCIPAL = 6
    CENTRAL_OFFICE = 7


@dataclass(frozen=True)
class District:
    """What stays the same over the years.

    Schools are numbered elementary first, then middle, then the district office; school e feeds
    school e + ``n_per_level``. A class is a group of students that is taught one section per subject;
    section number = class x subjects + subject. Arrays named ``class_*``, ``post_*`` and ``section_*``
    have one entry per class, post and section.
    """

    n_per_level: int
    school_share: np.ndarray  # (schools per level,) of the students of a grade
    disadvantage: np.ndarray  # (schools,) share of economically disadvantaged students
    school_effect: np.ndarray  # (schools,) SD of student growth
    climate: np.ndarray  # (schools and the district office, climate constructs) lasting, SD of people
    first_class: np.ndarray  # (schools, grades) number of the first class
    n_classes: np.ndarray  # (schools, grades)
    class_school: np.ndarray
    class_grade: np.ndarray
    class_index: np.ndarray
    post_school: np.ndarray
    post_kind: np.ndarray
    section_post: np.ndarray
    planted_school: int  # many hours, little fit

    @property
    def n_schools(self) -> int:
        """Schools without the district office."""
        return 2 * self.n_per_level

    @property
    def school_ids(self) -> pa.Array:
        """Ids by school number; the district office is the last."""
        return pa.array([str(1001 + i) for i in range(self.n_schools)] + ["1000"])

    @property
    def post_is_teaching(self) -> np.ndarray:
        """Whether a post teaches sections."""
        return self.post_kind <= Post.SUPPORT

    def schools_of_level(self, is_middle: np.ndarray, draws: np.ndarray) -> np.ndarray:
        """Schools for uniform draws: by share within the level."""
        position = np.searchsorted(np.cumsum(self.school_share), draws * (1 - 1e-12))
        return np.minimum(position, self.n_per_level - 1) + is_middle * self.n_per_level


def make_district(rng: np.random.Generator, plan: DistrictPlan, school_sd: float) -> District:
    """Draw schools and lay out classes, posts and who teaches which section."""
    n_level = plan.n_schools_per_level
    share = np.exp(0.2 * rng.standard_normal(n_level))
    share /= share.sum()
    n_classes = _classes_by_grade(plan, share)
    classes = [
        (school, grade, index)
        for school in range(2 * n_level)
        for position, grade in enumerate(GRADES)
        for index in range(n_classes[school, position])
    ]
    class_school, class_grade, class_index = np.array(classes).T
    first_class = np.concatenate([[0], np.cumsum(n_classes.ravel())[:-1]]).reshape(n_classes.shape)
    post_school, post_kind, section_post = _posts(class_school, class_grade, n_level)
    return District(
        n_per_level=n_level,
        school_share=share,
        disadvantage=np.tile(np.clip(rng.beta(3, 3, n_level), 0.05, 0.95), 2),
        school_effect=school_sd * rng.standard_normal(2 * n_level),
        climate=0.4 * rng.standard_normal((2 * n_level + 1, N_CLIMATE_CONSTRUCTS)),
        first_class=first_class,
        n_classes=n_classes,
        class_school=class_school,
        class_grade=class_grade,
        class_index=class_index,
        post_school=post_school,
        post_kind=post_kind,
        section_post=section_post,
        planted_school=int(rng.integers(2 * n_level)),
    )


def _classes_by_grade(plan: DistrictPlan, share: np.ndarray) -> np.ndarray:
    per_grade = plan.n_students / len(GRADES)
    classes = np.maximum(1, np.round(per_grade * share / STUDENTS_PER_CLASS)).astype(int)
    is_elementary = np.array(GRADES) <= LAST_ELEMENTARY_GRADE
    return np.vstack([classes[:, None] * is_elementary, classes[:, None] * ~is_elementary])


def _posts(
    class_school: np.ndarray, class_grade: np.ndarray, n_level: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Posts by school: one per elementary class, one per four middle sections, support and leaders."""
    section_post = np.full(len(class_school) * len(SUBJECTS), -1)
    schools: list[int] = []
    kinds: list[Post] = []
    for school in range(2 * n_level):
        classes = np.flatnonzero(class_school == school)
        first = len(schools)
        if school < n_level:
            kinds += [Post.ELEMENTARY] * len(classes)
            for subject in range(len(SUBJECTS)):
                section_post[classes * len(SUBJECTS) + subject] = first + np.arange(len(classes))
        else:
            per_subject = -(-len(classes) // SECTIONS_PER_MIDDLE_TEACHER)
            kinds += [Post.MATHEMATICS] * per_subject + [Post.ELA] * per_subject
            for subject in range(len(SUBJECTS)):
                post = first + subject * per_subject + np.arange(len(classes)) // SECTIONS_PER_MIDDLE_TEACHER
                section_post[classes * len(SUBJECTS) + subject] = post
        kinds += [Post.SUPPORT] * max(1, round(len(classes) / 10))
        kinds += [Post.COACH, Post.PRINCIPAL, Post.ASSISTANT_PRINCIPAL]
        schools += [school] * (len(kinds) - first)
    n_central = 2 + n_level // 5
    return (
        np.array(schools + [2 * n_level] * n_central),
        np.array(kinds + [Post.CENTRAL_OFFICE] * n_central),
        section_post,
    )


def school_names(district: District) -> list[str]:
    """Names by school number, the district office last; unique."""
    levels = ("Elementary", "Middle")
    names = []
    for school in range(district.n_schools):
        level, number = divmod(school, district.n_per_level)
        lap, place = divmod(number, len(_FIRST) * len(_SECOND))
        word = f"{_FIRST[place % len(_FIRST)]} {_SECOND[(place // len(_FIRST) + place) % len(_SECOND)]}"
        names.append(f"{word} {levels[level]}" + (f" {lap + 1}" if lap else ""))
    return [*names, "Riverbend District Office"]


def write_schools(rng: np.random.Generator, district: District, exports: ExportFolder) -> None:
    """Write the school file, with the student information system's own headers."""
    n = district.n_schools
    level = np.array([0] * district.n_per_level + [1] * district.n_per_level + [2])
    locale = pick(("City", "Suburb", "Town", "Rural"), np.append(rng.integers(0, 4, n), 0))
    exports.write_csv(
        "school",
        "exports/sis/schools.csv",
        {
            "School Number": district.school_ids,
            "School Name": pa.array(school_names(district)),
            "Level": pick(("ES", "MS", "DO"), level),
            "Charter": yes_no(np.append(rng.random(n) < 0.05, False)),
            "Locale": locale,
        },
    )
