"""Reliability of scales against published numbers, R, statsmodels and simulations with a known truth."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import f as f_distribution
from statsmodels.multivariate.factor import Factor

from transforms.surveys.one_factor import NoFactorError, fit_one_factor
from transforms.surveys.reliability import alpha_interval, alpha_of, covariance, cronbach_alpha

# R's attitude (Chatterjee and Price 1977): rating complaints privileges learning raises critical advance
ATTITUDE = np.array(
    [
        [43, 51, 30, 39, 61, 92, 45], [63, 64, 51, 54, 63, 73, 47], [71, 70, 68, 69, 76, 86, 48],
        [61, 63, 45, 47, 54, 84, 35], [81, 78, 56, 66, 71, 83, 47], [43, 55, 49, 44, 54, 49, 34],
        [58, 67, 42, 56, 66, 68, 35], [71, 75, 50, 55, 70, 66, 41], [72, 82, 72, 67, 71, 83, 31],
        [67, 61, 45, 47, 62, 80, 41], [64, 53, 53, 58, 58, 67, 34], [67, 60, 47, 39, 59, 74, 41],
        [69, 62, 57, 42, 55, 63, 25], [68, 83, 83, 45, 59, 77, 35], [77, 77, 54, 72, 79, 77, 46],
        [81, 90, 50, 72, 60, 54, 36], [74, 85, 64, 69, 79, 79, 63], [65, 60, 65, 75, 55, 80, 60],
        [65, 70, 46, 57, 75, 85, 46], [50, 58, 68, 54, 64, 78, 52], [50, 40, 33, 34, 43, 64, 33],
        [64, 61, 52, 62, 66, 80, 41], [53, 66, 52, 50, 63, 80, 37], [40, 37, 42, 58, 50, 57, 49],
        [63, 54, 42, 48, 66, 75, 33], [66, 77, 66, 63, 88, 76, 72], [78, 75, 58, 74, 80, 78, 49],
        [48, 57, 44, 45, 51, 83, 38], [85, 85, 71, 71, 77, 74, 55], [82, 82, 39, 59, 64, 78, 39],
    ],
    dtype=np.float64,
)  # fmt: skip

# R 4: factanal(attitude, 1), loadings and uniquenesses as it prints them
FACTANAL_LOADINGS = [0.8524782, 0.9022414, 0.5927052, 0.7306959, 0.7649939, 0.2460928, 0.3778441]
FACTANAL_UNIQUENESSES = [0.2732794, 0.1859606, 0.6486995, 0.4660851, 0.4147832, 0.9394268, 0.8572385]
FACTANAL_CRITERION = 0.9811244


def test_alpha_of_attitude_is_the_published_one() -> None:
    assert cronbach_alpha(ATTITUDE, 10).value == pytest.approx(0.8431, abs=5e-5)  # psych::alpha: 0.84


def test_one_factor_of_attitude_is_that_of_factanal() -> None:
    sd = ATTITUDE.std(axis=0, ddof=1)
    fit = fit_one_factor(covariance(ATTITUDE))
    # factanal stops when its criterion moves by less than 2e-9 of its size: five digits of a loading
    assert fit.loadings / sd == pytest.approx(FACTANAL_LOADINGS, abs=5e-6)
    assert fit.uniquenesses / sd**2 == pytest.approx(FACTANAL_UNIQUENESSES, abs=2e-5)
    assert fit.discrepancy == pytest.approx(FACTANAL_CRITERION, abs=5e-8)


def test_omega_of_attitude_follows_from_the_loadings_of_factanal() -> None:
    sd = ATTITUDE.std(axis=0, ddof=1)
    common = (np.array(FACTANAL_LOADINGS) * sd).sum() ** 2
    omega = common / (common + (np.array(FACTANAL_UNIQUENESSES) * sd**2).sum())
    assert omega == pytest.approx(0.85633, abs=1e-5)
    assert fit_one_factor(covariance(ATTITUDE)).omega == pytest.approx(omega, abs=1e-6)


def test_the_often_quoted_omega_of_attitude_is_of_least_squares_on_correlations() -> None:
    # 0.8507 is psych's default (minimum residuals, standardised items). Ours is by maximum likelihood and of
    # the mean of the items as they are: 0.8563; of standardised items maximum likelihood gives 0.8405.
    correlations = np.corrcoef(ATTITUDE, rowvar=False)
    off = ~np.eye(7, dtype=bool)
    loadings = minimize(
        lambda a: float(((correlations - np.outer(a, a))[off] ** 2).sum()), np.full(7, 0.7), method="BFGS"
    ).x
    common = loadings.sum() ** 2
    assert common / (common + (1 - loadings**2).sum()) == pytest.approx(0.8507, abs=5e-5)
    assert fit_one_factor(correlations).omega == pytest.approx(0.8405, abs=5e-5)


def test_interval_of_alpha_is_that_of_its_f_formula() -> None:
    # Feldt (1965): (1 - α)/(1 - a) is F with n-1 = 29 and (n-1)(k-1) = 174 degrees of freedom
    a = alpha_of(covariance(ATTITUDE)) or 0.0
    low, high = alpha_interval(a, 30, 7)
    assert f_distribution.cdf((1 - low) / (1 - a), 29, 174) == pytest.approx(0.975, abs=1e-10)
    assert f_distribution.cdf((1 - high) / (1 - a), 29, 174) == pytest.approx(0.025, abs=1e-10)
    assert (low, high) == pytest.approx((0.7394, 0.9158), abs=5e-5)


def test_interval_of_alpha_holds_the_truth_in_95_of_100_samples() -> None:
    # 4 items with equal covariances 0.5 and variances 1: alpha = 4/3 · (1 - 4/10) = 0.8
    draw = np.random.default_rng(11)
    root = np.linalg.cholesky(0.5 + 0.5 * np.eye(4))
    held = 0
    for _ in range(800):
        alpha = alpha_of(covariance(draw.standard_normal((25, 4)) @ root.T))
        assert alpha is not None
        low, high = alpha_interval(alpha, 25, 4)
        held += low <= 0.8 <= high
    # 4 standard errors of a share of 0.95 in 800 draws: 0.031
    assert held / 800 == pytest.approx(0.95, abs=0.031)


@pytest.mark.parametrize("k", [3, 4, 6])
def test_one_factor_agrees_with_statsmodels(k: int) -> None:
    draw = np.random.default_rng(k)
    loadings = np.linspace(0.5, 0.9, k)
    own = draw.standard_normal((300, k)) * np.sqrt(1 - loadings**2)
    scores = draw.standard_normal((300, 1)) * loadings + own
    scores *= np.linspace(1, 3, k)
    ours = fit_one_factor(covariance(scores))
    theirs = Factor(scores, 1, method="ml").fit()
    sd = scores.std(axis=0, ddof=1)
    # statsmodels stops at a gradient of 1e-5
    assert ours.loadings / sd == pytest.approx(np.abs(theirs.loadings.ravel()), abs=2e-4)
    assert ours.uniquenesses / sd**2 == pytest.approx(theirs.uniqueness, abs=4e-4)


@pytest.mark.parametrize("k", [3, 5])
def test_exact_covariances_of_a_factor_give_back_loadings_and_omega(k: int) -> None:
    loadings, own = np.linspace(0.4, 1.2, k), np.linspace(0.9, 0.3, k)
    fit = fit_one_factor(np.outer(loadings, loadings) + np.diag(own))
    omega = loadings.sum() ** 2 / (loadings.sum() ** 2 + own.sum())
    assert fit.loadings == pytest.approx(loadings, abs=1e-5)
    assert fit.omega == pytest.approx(omega, abs=1e-6)


def test_omega_of_a_simulated_factor_is_recovered_and_alpha_lies_below_it() -> None:
    # unequal loadings: alpha underestimates the reliability, omega does not
    draw = np.random.default_rng(5)
    loadings, own_sd = np.array([0.3, 0.6, 1.0, 1.4]), np.full(4, 0.8)
    scores = draw.standard_normal((20_000, 1)) * loadings + draw.standard_normal((20_000, 4)) * own_sd
    truth = loadings.sum() ** 2 / (loadings.sum() ** 2 + (own_sd**2).sum())
    fit = fit_one_factor(covariance(scores))
    alpha = alpha_of(covariance(scores)) or 1.0
    # standard error of omega with 20,000 answers: about 0.002
    assert fit.omega == pytest.approx(truth, abs=0.008)
    assert alpha < fit.omega - 0.02


def test_equal_loadings_make_alpha_and_omega_the_same() -> None:
    covariances = 0.5 + 0.5 * np.eye(4)
    assert fit_one_factor(covariances).omega == pytest.approx(alpha_of(covariances), abs=1e-7)


@pytest.mark.parametrize(
    ("covariances", "reason"),
    [
        # r₁₂r₁₃/r₂₃ = 0.9 · 0.9 / 0.7 = 1.16: more than all of item 1 would be common
        ([[1, 0.9, 0.9], [0.9, 1, 0.7], [0.9, 0.7, 1]], "Heywood"),
        ([[1, 0.5, 0.5], [0.5, 1, -0.2], [0.5, -0.2, 1]], "no single factor"),
        ([[1, 0.5, 0.5], [0.5, 0, 0.0], [0.5, 0.0, 1]], "the same"),
        ([[1, 1, 0.5], [1, 1, 0.5], [0.5, 0.5, 1]], "follows from the others"),
        ([[1, 0.5], [0.5, 1]], "three or more"),
    ],
)
def test_no_omega_where_one_factor_cannot_be(covariances: list[list[float]], reason: str) -> None:
    with pytest.raises(NoFactorError, match=reason):
        fit_one_factor(np.array(covariances, dtype=np.float64))


def test_heywood_case_of_four_items_is_refused() -> None:
    # item 1 correlates 0.75 with the others, which correlate 0.5: 0.75²/0.5 = 1.125 > 1
    covariances = 0.5 + 0.5 * np.eye(4)
    covariances[0, 1:] = covariances[1:, 0] = 0.75
    with pytest.raises(NoFactorError, match="Heywood"):
        fit_one_factor(covariances)
