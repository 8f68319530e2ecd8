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

    ``true_score`` has shape (students, subjects), ``teacher_year`` (staff, subjects): what is of this
    year only in a teacher's effect; both SD. ``noise_sd`` and ``mean_pd_sd`` have one entry per
    subject: the residual SD of growth and the mean contribution of PD that was centred out.
    """

    true_score: np.ndarray
    teacher_year: np.ndarray
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
    return GrowthStep(score, teacher_year, tuple(noise_sd), tuple(mean_pd))


def _correlated_noise(rng: np.random.Generator, n: int, correlation: float) -> np.ndarray:
    shared = np.sqrt(correlation) * rng.standard_normal((n, 1))
    return shared + np.sqrt(1 - correlation) * rng.standard_normal((n, len(SUBJECTS)))
