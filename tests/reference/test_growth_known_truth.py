"""Growth percentiles of simulated students whose true percentile is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2, norm

from tests.unit.growth.cohorts import growth_database, simulated_scores
from transforms.growth.norm import fit_norm
from transforms.growth.splines import knots_of
from transforms.growth.student_percentiles import compute_growth_percentiles

# decile edges that fall between percentiles: 1-10, 11-20 … 91-99
EDGES = np.arange(10.5, 91.0, 10.0)
# a percentile P has P curves below: quantile .105 bounds 10 from 11
SHARES = np.diff([0.0, *(np.arange(0.105, 0.91, 0.1)), 1.0])


@pytest.fixture(scope="module")
def percentiles():
    """5,000 students with one to three priors, each with percentile, norm group and first prior."""
    connection = growth_database(simulated_scores(21, 5000, range(2022, 2026)), 3)
    compute_growth_percentiles(connection, minimum_norm_group=500, baseline_years=(), stored=None)
    return connection.execute(
        "select norm_group, n_priors, sgp, prior_scale_score from estimates.growth_percentile"
        " inner join frames.growth_history using (student_id, school_year, growth_window)"
        " where prior_number = 1"
    ).df()


@pytest.mark.parametrize("n_priors", [1, 2, 3])
def test_percentiles_are_uniform_within_each_norm_group_and_prior_decile(percentiles, n_priors):
    group = percentiles[percentiles.n_priors == n_priors]
    assert group.norm_group.nunique() == 1
    prior_decile = np.searchsorted(
        np.quantile(group.prior_scale_score, np.arange(0.1, 0.91, 0.1)), group.prior_scale_score
    )
    for decile in range(10):
        found = group.sgp[prior_decile == decile]
        counts = np.bincount(np.searchsorted(EDGES, found), minlength=10)
        statistic = (((counts - len(found) * SHARES) ** 2) / (len(found) * SHARES)).sum()
        # fitted curves are closer than chance: the upper tail is the one that speaks against them
        assert chi2.sf(statistic, 9) > 0.001, (n_priors, decile, counts)


def test_percentile_of_a_new_student_is_the_true_one():
    generator = np.random.default_rng(8)

    def cohort(n: int):
        prior = np.round(generator.normal(500, 40, n))
        # spread and bend depend on the prior, as scores near a scale's ends do
        spread = 12 + 0.03 * np.abs(prior - 500)
        mean = 520 + 0.8 * (prior - 500) - 0.001 * (prior - 500) ** 2
        return prior, mean, spread

    prior, mean, spread = cohort(20_000)
    score = mean + spread * generator.normal(size=len(prior))
    fitted = fit_norm(prior[:, np.newaxis], score, np.ones(len(prior)), (knots_of(prior),))
    prior, mean, spread = cohort(5_000)
    score = mean + spread * generator.normal(size=len(prior))
    true = 100 * norm.cdf((score - mean) / spread)
    found = fitted.percentiles(prior[:, np.newaxis], score)
    is_usual = np.abs(prior - 500) < 80
    # 8 coefficients from 20,000 students: an error of some 2 percentiles
    assert np.sqrt(np.mean((found - true)[is_usual] ** 2)) < 2.5
    assert np.abs(np.mean((found - true)[is_usual])) < 0.5
