"""Known answers of the standards: published examples, printed tables, closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from transforms.standards.attrition import boundary
from transforms.standards.clustering import clustered_df, clustered_g, clustered_test
from transforms.standards.effect_sizes import GroupSummary, cox_d, hedges_g_of_groups, improvement_index
from transforms.standards.power import clusters_needed, minimum_detectable_effect, multiplier
from transforms.standards.sensitivity import (
    benchmark_bounds,
    e_value,
    omitted_variable,
    partial_r2,
    robustness_value,
)


def test_hedges_g_of_five_six_seven_against_four_five_six() -> None:
    # d = 1, N = 6: omega = 1 - 3 / 15 = .8
    assert hedges_g_of_groups(GroupSummary(6, 1, 3), GroupSummary(5, 1, 3)).g == pytest.approx(0.8)


def test_improvement_index_of_a_quarter() -> None:
    assert improvement_index(0.25) == pytest.approx(9.9, abs=0.05)


def test_clustered_test_of_the_wwc_example() -> None:
    found = clustered_test(0.30, 200, 200, 20, icc=0.20)
    assert found.t_uncorrected == pytest.approx(2.983, abs=5e-4)
    assert found.t == pytest.approx(1.349, abs=5e-4)
    assert found.df == pytest.approx(231.66, abs=5e-3)
    assert found.p_value == pytest.approx(2 * stats.t.sf(1.3486, 231.66), abs=1e-4)


def test_without_clustering_nothing_is_corrected() -> None:
    found = clustered_test(0.30, 200, 200, 20, icc=0.0)
    assert found.t == pytest.approx(found.t_uncorrected)
    assert clustered_df(400, 20, 0.0) == pytest.approx(398)
    assert clustered_g(0.3, 400, 20, icc=0.0) == 0.3


def test_robustness_values_of_darfur() -> None:
    # sensemakr, directly harmed: .09732 (.02326), 783 degrees of freedom
    t = 0.097315819 / 0.023256537
    assert robustness_value(t, 783) == pytest.approx(0.13878, abs=5e-6)
    assert robustness_value(t, 783, alpha=0.05) == pytest.approx(0.07626, abs=1e-5)
    assert partial_r2(t, 783) == pytest.approx(0.02187, abs=1e-5)


def test_darfur_with_an_omitted_variable_as_strong_as_female() -> None:
    found = omitted_variable(0.097315819, 0.023256537, 783, 0.0091643, 0.12464)
    assert found.estimate == pytest.approx(0.075220, abs=5e-6)
    assert found.std_error == pytest.approx(0.021873, abs=5e-6)


@pytest.mark.parametrize(
    ("k", "r2_treatment", "r2_outcome"), [(1, 0.0091643, 0.12464), (3, 0.02749, 0.37405)]
)
def test_bounds_of_darfur_by_multiples_of_female(k: float, r2_treatment: float, r2_outcome: float) -> None:
    # partial R2 of female with treatment and outcome, behind the bounds that sensemakr prints
    found = benchmark_bounds(0.0091643 / (1 + 0.0091643), _solve_outcome(), k)
    assert found[0] == pytest.approx(r2_treatment, abs=5e-5)
    assert found[1] == pytest.approx(r2_outcome, abs=5e-4)


def _solve_outcome() -> float:
    """Partial R2 of female with the outcome that gives the published bound of .12464 at k = 1."""
    low, high = 0.0, 0.5
    for _ in range(80):
        middle = (low + high) / 2
        if benchmark_bounds(0.0091643 / (1 + 0.0091643), middle, 1)[1] < 0.12464:
            low = middle
        else:
            high = middle
    return low


def test_omitted_variable_is_what_leaving_it_out_of_a_regression_does() -> None:
    rng = np.random.default_rng(4)
    z = rng.normal(size=400)
    treatment = 0.4 * z + rng.normal(size=400)
    outcome = 0.3 * treatment + 0.5 * z + rng.normal(size=400)

    def fit(columns):
        x = np.column_stack([np.ones(400), *columns])
        params, *_ = np.linalg.lstsq(x, outcome, rcond=None)
        residual = outcome - x @ params
        df = 400 - x.shape[1]
        errors = np.sqrt(np.diag(np.linalg.inv(x.T @ x)) * (residual @ residual) / df)
        return params, errors, df

    short, short_errors, df = fit([treatment])
    long, long_errors, _ = fit([treatment, z])
    x = np.column_stack([np.ones(400), treatment])
    left = z - x @ np.linalg.lstsq(x, z, rcond=None)[0]
    alone = z - z.mean()
    left_treatment = treatment - treatment.mean()
    r2_treatment = np.corrcoef(alone, left_treatment)[0, 1] ** 2
    residual = outcome - x @ short
    r2_outcome = np.corrcoef(left, residual)[0, 1] ** 2
    found = omitted_variable(short[1], short_errors[1], df, r2_treatment, r2_outcome)
    assert found.estimate == pytest.approx(long[1], rel=1e-9)
    assert found.std_error == pytest.approx(long_errors[1], rel=1e-9)


def test_an_omitted_variable_can_turn_the_sign() -> None:
    # bias = .1 × sqrt(.2 × .2 / .8 × 100) = .2236; .1 - .2236 = -.1236
    assert omitted_variable(0.1, 0.1, 100, 0.2, 0.2).estimate == pytest.approx(-0.1236, abs=5e-5)
    assert omitted_variable(-0.1, 0.1, 100, 0.2, 0.2).estimate == pytest.approx(0.1236, abs=5e-5)


def test_e_value_of_a_risk_ratio() -> None:
    # RR = exp(.91 × .5) = 1.576; E = 1.576 + sqrt(1.576 × .576) = 2.529
    assert e_value(0.5) == pytest.approx(2.529, abs=1e-3)
    assert e_value(-0.5) == e_value(0.5)
    assert e_value(0.1, half_width=0.2) == 1.0


def test_cox_d_is_a_logit_difference_over_1_65() -> None:
    # odds ratio of .5 against .4: ln(1.5) / 1.65 = .24574; omega = 1 - 3 / (4 × 400 - 9) = .99811
    found = cox_d(0.5, 200, 0.4, 200)
    assert found.g == pytest.approx(0.24574 * 0.99811, abs=1e-5)


def test_minimum_detectable_effect_of_the_known_case() -> None:
    assert minimum_detectable_effect(20, 5000, 0.01) == pytest.approx(0.15656, abs=5e-6)
    assert multiplier(1e7) == pytest.approx(2.8016, abs=1e-4)


def test_fewest_clusters_find_the_effect_and_one_fewer_does_not() -> None:
    n = clusters_needed(0.10, 60, 0.15, r2_clusters=0.5)
    assert n is not None
    assert minimum_detectable_effect(n, 60 * n, 0.15, r2_clusters=0.5) <= 0.10
    assert minimum_detectable_effect(n - 1, 60 * (n - 1), 0.15, r2_clusters=0.5) > 0.10
    assert clusters_needed(1e-6, 60, 0.15) is None


@pytest.mark.parametrize(
    ("assumption", "points"),
    [
        ("cautious", {0: 5.7, 10: 6.3, 20: 5.4, 30: 4.1, 40: 2.6, 50: 1.0, 57: 0.0}),
        ("optimistic", {0: 10.0, 10: 10.9, 20: 10.0, 30: 8.2, 40: 6.0, 50: 3.7, 60: 1.4, 65: 0.3}),
    ],
)
def test_attrition_boundary_of_the_wwc_table(assumption, points) -> None:
    found = {percent: round(100 * boundary(percent / 100, assumption), 6) for percent in points}
    assert found == points


def test_attrition_boundary_follows_the_wwc_s_own_model_of_bias() -> None:
    # bias = a_t phi(z_t) / p_t - a_c phi(z_c) / p_c of about .055 SD all along the boundary (a .45 and .39)
    for percent in range(10, 57):
        kept, half = 1 - percent / 100, boundary(percent / 100, "cautious") / 2
        shares = kept - half, kept + half
        mills = [stats.norm.pdf(stats.norm.ppf(share)) / share for share in shares]
        assert 0.45 * mills[0] - 0.39 * mills[1] == pytest.approx(0.055, abs=8e-4)
