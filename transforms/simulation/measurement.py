"""Tests: their scales, their errors of measurement, their performance levels and a test that is too easy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.simulation.plan import GRADES, SUBJECTS, DistrictPlan
from transforms.simulation.students import StudentBody

LEVELS = ("Below", "Approaching", "Meeting", "Exceeding")
LEVEL_CUTS_SD = (-1.0, 0.0, 1.0)  # above the norm mean, from the second level on
FIRST_PROFICIENT_LEVEL = LEVELS.index("Meeting")
LOWEST_SCORE = 100  # far below what anyone scores
EASY_TEST_GRADE = GRADES[-1]
EASY_TEST_SUBJECT = SUBJECTS.index("ela")
EASY_TEST_HIGHEST_SD = 1.05  # above the norm mean: about 15 % of students get there


@dataclass(frozen=True)
class Scale:
    """A vertical scale: mean and SD of the norm population by grade, year, subject; error of measurement.

    The error's SD, in SD of the norm population, is ``least_error`` for an average student and grows by
    ``error_per_sd`` with the distance of the true score from the mean, up to 3 SD: a test has few items
    for the weakest and the strongest.
    """

    first_grade_mean: float = 490.0
    per_grade: float = 30.0
    per_year: float = 1.5
    second_subject: float = 5.0
    base_sd: float = 38.5
    sd_per_grade: float = 0.5
    least_error: float = 0.26
    error_per_sd: float = 0.05

    def mean(self, grade: np.ndarray | int, year_index: int, subject: int) -> np.ndarray:
        """Norm mean, scale points; parts of a grade are places on the way to it."""
        return np.asarray(
            self.first_grade_mean
            + self.per_grade * (np.asarray(grade) - 3)
            + self.per_year * year_index
            + self.second_subject * subject
        )

    def sd(self, grade: np.ndarray | int) -> np.ndarray:
        """Norm SD, scale points."""
        return np.asarray(self.base_sd + self.sd_per_grade * (np.asarray(grade) - 3))

    def cut_scores(self, grade: np.ndarray | int, year_index: int, subject: int) -> np.ndarray:
        """Lowest scores of the levels above the lowest, shape (..., levels - 1); spring's for all terms."""
        mean, sd = self.mean(grade, year_index, subject), self.sd(grade)
        return np.round(mean[..., None] + sd[..., None] * np.array(LEVEL_CUTS_SD)).astype(np.int64)


STATE_SCALE = Scale()
INTERIM_SCALE = Scale(
    first_grade_mean=198.0,
    per_grade=6.0,
    per_year=0.0,
    second_subject=-1.0,
    base_sd=14.0,
    sd_per_grade=0.4,
    least_error=0.20,
    error_per_sd=0.04,
)


@dataclass(frozen=True)
class Administration:
    """Observed scores of one subject and day; arrays over the student body, score and error in points."""

    scale_score: np.ndarray
    score_sem: np.ndarray
    level: np.ndarray  # position in LEVELS
    is_tested: np.ndarray


def administer(
    rng: np.random.Generator,
    body: StudentBody,
    subject: int,
    year: int,
    scale: Scale,
    *,
    grade_to_come: float = 0.0,
    highest_score: np.ndarray | None = None,
) -> Administration:
    """Test everyone who comes; 4 % do not, more often low performers and English learners.

    ``grade_to_come`` is the share of the grade that is not yet taught; ``highest_score`` is the highest
    that each student's test can give. The error of measurement is that of the score before it is capped.
    """
    true = body.true_score[:, subject]
    error_sd = scale.least_error + scale.error_per_sd * np.minimum(np.abs(true), 3)
    observed = true + error_sd * rng.standard_normal(len(body))
    sd = scale.sd(body.grade)
    score = np.round(scale.mean(body.grade - grade_to_come, year, subject) + sd * observed).astype(np.int64)
    if highest_score is not None:
        score = np.minimum(score, highest_score)
    chance = 0.03 * (1 + 0.8 * (true < -1) + 0.6 * body.is_english_learner)
    cuts = scale.cut_scores(body.grade, year, subject)
    return Administration(
        scale_score=score,
        score_sem=np.round(sd * error_sd, 1),
        level=(score[:, None] >= cuts).sum(axis=1),
        is_tested=rng.random(len(body)) >= chance,
    )


def highest_state_scores(body: StudentBody, subject: int, year: int, plan: DistrictPlan) -> np.ndarray | None:
    """Highest score of each student's state test; None where the test has room for the strongest.

    One test is too easy: that of ``EASY_TEST_GRADE`` in ``EASY_TEST_SUBJECT`` in the last year.
    """
    if subject != EASY_TEST_SUBJECT or year != plan.n_years - 1:
        return None
    no_cap = np.iinfo(np.int64).max
    return np.where(body.grade == EASY_TEST_GRADE, easy_test_highest_score(plan), no_cap)


def easy_test_highest_score(plan: DistrictPlan) -> int:
    """Highest score of the test that is too easy, scale points."""
    mean = STATE_SCALE.mean(EASY_TEST_GRADE, plan.n_years - 1, EASY_TEST_SUBJECT)
    return int(np.round(mean + EASY_TEST_HIGHEST_SD * STATE_SCALE.sd(EASY_TEST_GRADE)))
