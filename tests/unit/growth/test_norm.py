"""Norms: fitted curves, their reuse, and standard errors of percentiles."""

from __future__ import annotations

import numpy as np
import pytest

from transforms.growth.norm import fit_norm
from transforms.growth.splines import knots_of


def cohort(seed: int, n: int, n_priors: int):
    generator = np.random.default_rng(seed)
    ability = generator.normal(size=(n, 1))
    scores = np.round(500 + 50 * (ability + 0.5 * generator.normal(size=(n, n_priors + 1))))
    return scores[:, :n_priors], scores[:, n_priors]


def fitted(priors, scores):
    knots = tuple(knots_of(column) for column in priors.T)
    return fit_norm(priors, scores, np.ones(len(scores)), knots)


def test_percentiles_are_uniform_in_the_group_that_set_the_norm():
    priors, scores = cohort(1, 6000, 2)
    found = fitted(priors, scores).percentiles(priors, scores)
    shares = np.bincount(found, minlength=100)[1:] / len(found)
    # 15 coefficients are fitted on 6,000 students; the ends take the half percents below and above
    assert shares[1:98] == pytest.approx(0.01, abs=0.004)
    assert shares[[0, 98]] == pytest.approx(0.015, abs=0.004)


def test_curves_ascend_in_every_row():
    priors, scores = cohort(2, 1500, 1)
    norm = fitted(priors, scores)
    assert (np.diff(norm.curves(np.linspace(330, 670, 60)[:, np.newaxis]), axis=1) >= 0).all()


@pytest.mark.parametrize("n_priors", [1, 2, 4])
def test_standard_error_is_that_of_percentiles_of_scores_drawn_anew(n_priors):
    priors, scores = cohort(3, 4000, n_priors)
    norm = fitted(priors, scores)
    some = slice(0, 60)
    prior_errors, errors = np.full((60, n_priors), 18.0), np.full(60, 22.0)
    found = norm.standard_errors(priors[some], prior_errors, scores[some], errors)
    generator = np.random.default_rng(5)
    ends = priors.min(axis=0), priors.max(axis=0)
    drawn = [
        norm.percentiles(
            np.clip(priors[some] + prior_errors * generator.normal(size=prior_errors.shape), *ends),
            scores[some] + errors * generator.normal(size=60),
        )
        for _ in range(2000)
    ]
    simulated = np.std(drawn, axis=0)
    assert found.mean() == pytest.approx(simulated.mean(), rel=0.02)
    # cubature has the curves' bend to the third degree: single students differ a little more
    assert np.sqrt(np.mean((found / simulated - 1) ** 2)) < 0.06


def test_spline_without_students_goes_on_with_its_left_neighbour():
    generator = np.random.default_rng(6)
    ability = generator.normal(size=3000)
    # a third of the students are at the ceiling of the prior, so that its last knots are equal
    priors = np.minimum(np.round(500 + 40 * ability + 20 * generator.normal(size=3000)), 515.0)
    scores = np.round(500 + 40 * ability + 20 * generator.normal(size=3000))
    knots = knots_of(priors)
    assert knots.inner[3] == 515.0
    norm = fit_norm(priors[:, np.newaxis], scores, np.ones(3000), (knots,))
    assert (norm.coefficients[7] == norm.coefficients[6]).all()
    found = norm.percentiles(priors[:, np.newaxis], scores)
    assert found[priors == 515.0].mean() == pytest.approx(50, abs=1)
