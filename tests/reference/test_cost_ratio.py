"""The simulated ratio of cost and growth against closed forms, Fieller's set, and repeated samples."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from transforms.improvement.cost_simulation import simulate_cost_ratio

SEED = 20_250
# 10,000 stratified draws of one variable give quantiles to a few ten-thousandths; of two, to about 1 %.
ONE, TWO = 2e-3, 1.5e-2


def fieller_growth_per_cost(
    effect: float, std_error: float, cost: float, cost_error: float, level: float
) -> tuple[float, float]:
    """Fieller's (1954) set of effect / cost for independent normal estimates, cost clearly above 0.

    Roots of (cost² - z² cost_error²) r² - 2 effect cost r + (effect² - z² std_error²) = 0.
    """
    z2 = stats.norm.ppf((1 + level) / 2) ** 2
    a = cost**2 - z2 * cost_error**2
    b = -2 * effect * cost
    c = effect**2 - z2 * std_error**2
    root = math.sqrt(b * b - 4 * a * c)
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def test_ratio_by_hand() -> None:
    found = simulate_cost_ratio(30.0, 0.2, 0.06, 0.01, 40.0, seed=SEED)
    # 30 for 6 hundredths: 5 each; 1,000 / 30 × .06 = 2
    assert found.cost_per_001_sd == pytest.approx(5)
    assert found.sd_per_1000 == pytest.approx(2)


def test_with_a_known_cost_the_interval_is_that_of_t() -> None:
    found = simulate_cost_ratio(30.0, 0.0, 0.06, 0.01, 12.0, seed=SEED)
    reach = stats.t.ppf(0.95, 12) * 0.01
    assert found.ci_low == pytest.approx(0.3 / (0.06 + reach), rel=ONE)
    assert found.ci_high == pytest.approx(0.3 / (0.06 - reach), rel=ONE)
    assert (found.cost_low, found.cost_high) == (30, 30)


def test_with_a_known_effect_the_interval_is_that_of_the_triangle() -> None:
    found = simulate_cost_ratio(30.0, 0.2, 0.06, 0.0, None, seed=SEED)
    triangle = stats.triang(0.5, loc=0.8, scale=0.4)
    low, high = triangle.ppf(0.05), triangle.ppf(0.95)
    assert (found.cost_low, found.cost_high) == pytest.approx((30 * low, 30 * high), rel=ONE)
    assert (found.ci_low, found.ci_high) == pytest.approx((5 * low, 5 * high), rel=ONE)


@pytest.mark.parametrize("effect", [0.06, 0.02, 0.0, -0.01])
def test_probability_that_growth_is_above_zero_is_that_of_t(effect: float) -> None:
    found = simulate_cost_ratio(30.0, 0.2, effect, 0.02, 15.0, seed=SEED)
    assert found.probability_positive == pytest.approx(stats.t.cdf(effect / 0.02, 15), abs=2e-4)


@pytest.mark.parametrize(("effect", "std_error"), [(0.06, 0.01), (0.06, 0.02), (0.05, 0.03), (0.01, 0.02)])
def test_interval_agrees_with_fiellers_set(effect: float, std_error: float) -> None:
    found = simulate_cost_ratio(30.0, 0.2, effect, std_error, None, seed=SEED)
    cost_error = 30 * 0.2 / math.sqrt(6)  # standard deviation of the triangle
    low, high = fieller_growth_per_cost(effect, std_error, 30.0, cost_error, 0.90)
    # a triangle is no normal distribution: within 5 % of the width
    width = high - low
    assert found.sd_low / 1000 == pytest.approx(low, abs=0.05 * width)
    assert found.sd_high / 1000 == pytest.approx(high, abs=0.05 * width)
    assert found.is_bounded == (low > 0)
    assert found.ci_low == pytest.approx(0.01 / high, rel=0.05)


def test_the_set_has_no_upper_end_exactly_where_the_interval_of_growth_holds_zero() -> None:
    edge = stats.t.ppf(0.95, 20) * 0.01
    for effect, is_bounded in ((edge * 1.01, True), (edge * 0.99, False)):
        found = simulate_cost_ratio(30.0, 0.3, effect, 0.01, 20.0, seed=SEED)
        assert (found.ci_high is not None) == is_bounded
        assert found.ci_low is not None


def test_growth_below_zero_has_no_cost_and_a_finite_inverse() -> None:
    found = simulate_cost_ratio(30.0, 0.2, -0.06, 0.01, 20.0, seed=SEED)
    assert (found.cost_per_001_sd, found.ci_low, found.ci_high) == (None, None, None)
    assert found.sd_low < found.sd_per_1000 < found.sd_high < 0


def test_scale_of_money_changes_nothing_but_the_unit() -> None:
    cents = simulate_cost_ratio(3000.0, 0.2, 0.06, 0.01, 20.0, seed=SEED)
    units = simulate_cost_ratio(30.0, 0.2, 0.06, 0.01, 20.0, seed=SEED)
    assert cents.ci_low == pytest.approx(100 * units.ci_low)
    assert cents.sd_low == pytest.approx(units.sd_low / 100)


def test_the_seed_moves_ends_by_little() -> None:
    ends = [simulate_cost_ratio(30.0, 0.2, 0.06, 0.02, 20.0, seed=seed).ci_high for seed in range(8)]
    assert np.ptp(ends) / np.mean(ends) < 0.03


def test_a_cost_of_nothing_is_refused() -> None:
    for cost in (0.0, -1.0, float("nan")):
        with pytest.raises(ValueError, match="cannot be compared"):
            simulate_cost_ratio(cost, 0.2, 0.06, 0.01, 20.0, seed=SEED)


def test_intervals_of_repeated_samples_cover_the_true_ratio_as_often_as_they_say() -> None:
    rng = np.random.default_rng(7)
    true_effect, std_error, true_cost, df, n = 0.03, 0.015, 20.0, 25, 400
    truth = 1000 * true_effect / true_cost
    effects = true_effect + std_error * rng.standard_normal(n)
    errors = std_error * np.sqrt(rng.chisquare(df, n) / df)
    costs = true_cost * rng.triangular(0.8, 1.0, 1.2, n)
    covered = 0
    for effect, error, cost in zip(effects, errors, costs, strict=True):
        found = simulate_cost_ratio(cost, 0.2, effect, error, df, seed=SEED, n_draws=1_000)
        covered += found.sd_low <= truth <= found.sd_high
    # 90 % of 400, three standard errors of 1.5 points
    assert covered / n == pytest.approx(0.90, abs=0.045)
