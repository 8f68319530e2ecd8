"""Trajectories along norms whose curves are known lines."""

from __future__ import annotations

import numpy as np
import pytest

from transforms.growth.norm import Norm, fit_norm
from transforms.growth.splines import knots_of
from transforms.growth.trajectories import (
    NO_TARGET,
    ScoreTarget,
    adequate_percentiles,
    projected_percentiles,
    trajectories,
)

PRIORS = np.linspace(0.0, 1000.0, 400)


@pytest.fixture(scope="module")
def gain_by_percentile() -> Norm:
    """A cohort in which percentile P gains P points, whatever the prior."""
    priors = np.repeat(PRIORS, 100)[:, np.newaxis]
    scores = priors[:, 0] + np.tile(np.arange(100.0), len(PRIORS))
    return fit_norm(priors, scores, np.ones(len(scores)), (knots_of(PRIORS),))


def test_student_who_grows_at_a_percentile_goes_along_its_curve_year_by_year(gain_by_percentile):
    years = list(trajectories(np.array([[300.0]]), [gain_by_percentile] * 3, [NO_TARGET] * 3))
    # percentile 35 gains 35 points a year
    assert np.vstack(years).round(4).tolist() == [[335, 350, 365], [370, 400, 430], [405, 450, 495]]


def test_adequate_percentile_is_the_lowest_that_reaches_the_cut_score(gain_by_percentile):
    targets = [ScoreTarget(0.0, 1000.0, 340.0), ScoreTarget(0.0, 1000.0, 361.0)]
    first, second = trajectories(np.array([[300.0], [100.0]]), [gain_by_percentile] * 2, targets)
    # 40 points in one year; 61 in two: 30 a year is not enough, 31 is; from 100 no percentile reaches
    assert [found.tolist() for found in adequate_percentiles(np.round(first, 3), 340.0)] == [
        [40, 99],
        [True, False],
    ]
    assert [found.tolist() for found in adequate_percentiles(np.round(second, 3), 361.0)] == [
        [31, 99],
        [True, False],
    ]


def test_projected_score_stays_on_the_scale(gain_by_percentile):
    (year,) = trajectories(np.array([[950.0]]), [gain_by_percentile], [ScoreTarget(0.0, 1000.0, None)])
    assert year.round(3).tolist() == [[985.0, 1000.0, 1000.0]]


def test_year_without_a_cut_score_shows_three_percentiles_beside_years_with_one(gain_by_percentile):
    targets = [NO_TARGET, ScoreTarget(0.0, 1000.0, 340.0)]
    first, second = trajectories(np.array([[300.0]]), [gain_by_percentile] * 2, targets)
    assert first.round(3).tolist() == [[335.0, 350.0, 365.0]]
    assert second.shape == (1, len(projected_percentiles(True))) == (1, 99)
