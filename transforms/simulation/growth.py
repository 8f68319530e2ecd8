"""The truth about growth, and the test scores that show it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.simulation.careers import Careers
from transforms.simulation.plan import SUBJECTS, GrowthTruth
from transforms.simulation.rosters import RosterWeights
from transforms.simulation.schools import District
from transforms.simulation.students import StudentBody, yearly_gap

SMALLEST_NOISE_VARIANCE = 0.05


@dataclass(frozen=True)
class GrowthStep:
    """True scores after one school year and what made them.

    ``true_score`` has shape (students, subjects), SD. ``noise_sd`` and ``mean_pd_sd`` have one entry per
    subject: the residual SD of growth and the mean contribution of PD that was centred out.
    """

    true_score: np.ndarray
    noise_sd: tuple[float, ...]
    mean_pd_sd: tuple[float, ...]


def grow(
    rng: np.random.Generator,
    body: StudentBody,
    weights: tuple[RosterWeights, ...],
    district: District,
    careers: Careers,
    pd_by_staff: np.ndarray,
    truth: GrowthTruth,
) -> GrowthStep:
    """True scores at the end of the year; students new to the district keep the score they came with.

    z_t = persistence z_(t-1) + gaps + school + teacher + teacher-year + PD - mean PD + noise, all in SD.
    PD is centred because norms are relative to a state whose schools take part as much; the noise
    fills the variance up to ``truth.true_score_variance``, so that scores stay standardised.
    ``pd_by_staff`` has shape (staff, subjects): the PD effect of each teacher's hours in the window.
    """
    n = len(body)
    teacher_year = truth.teacher_year_sd * rng.standard_normal(careers.quality.shape)
    noise = _correlated_noise(rng, n, truth.subject_correlation)
    gap = yearly_gap(body, truth)
    score, noise_sd, mean_pd = body.true_score.copy(), [], []
    for subject in range(len(SUBJECTS)):
        weight = weights[subject]
        pd = weight.mean_by_student(pd_by_staff[:, subject], n)
        expected = (
            truth.persistence * body.true_score[:, subject]
            + gap
            + weight.mean_school_effect(district.school_effect, n)
            + weight.mean_by_student(careers.quality[:, subject] + teacher_year[:, subject], n)
            + pd
            - pd.mean()
        )
        sd = np.sqrt(max(truth.true_score_variance - np.var(expected), SMALLEST_NOISE_VARIANCE))
        score[:, subject] = np.where(
            body.is_new, body.true_score[:, subject], expected + sd * noise[:, subject]
        )
        noise_sd.append(float(sd))
        mean_pd.append(float(pd.mean()))
    return GrowthStep(score, tuple(noise_sd), tuple(mean_pd))


def _correlated_noise(rng: np.random.Generator, n: int, correlation: float) -> np.ndarray:
    shared = np.sqrt(correlation) * rng.standard_normal((n, 1))
    return shared + np.sqrt(1 - correlation) * rng.standard_normal((n, len(SUBJECTS)))


@dataclass(frozen=True)
class Scale:
    """The vertical scale of the state test: mean and SD of the norm population by grade, year, subject."""

    first_grade_mean: float = 490.0
    per_grade: float = 30.0
    per_year: float = 1.5
    second_subject: float = 5.0
    base_sd: float = 38.5
    sd_per_grade: float = 0.5

    def mean(self, grade: np.ndarray | int, year_index: int, subject: int) -> np.ndarray:
        """Norm mean, scale points."""
        return np.asarray(
            self.first_grade_mean
            + self.per_grade * (np.asarray(grade) - 3)
            + self.per_year * year_index
            + self.second_subject * subject
        )

    def sd(self, grade: np.ndarray | int) -> np.ndarray:
        """Norm SD, scale points."""
        return np.asarray(self.base_sd + self.sd_per_grade * (np.asarray(grade) - 3))


@dataclass(frozen=True)
class Administration:
    """Observed scores of one subject and year; arrays over the student body."""

    scale_score: np.ndarray
    score_sem: np.ndarray
    observed_sd: np.ndarray
    is_tested: np.ndarray


def administer(
    rng: np.random.Generator, body: StudentBody, subject: int, year: int, scale: Scale
) -> Administration:
    """Test everyone who comes; 4 % do not, more often low performers and English learners."""
    true = body.true_score[:, subject]
    sem_sd = 0.26 + 0.05 * np.minimum(np.abs(true), 3)
    observed = true + sem_sd * rng.standard_normal(len(body))
    sd = scale.sd(body.grade)
    chance = 0.03 * (1 + 0.8 * (true < -1) + 0.6 * body.is_english_learner)
    return Administration(
        scale_score=np.round(scale.mean(body.grade, year, subject) + sd * observed).astype(np.int64),
        score_sem=np.round(sd * sem_sd, 1),
        observed_sd=observed,
        is_tested=rng.random(len(body)) >= chance,
    )
