"""Value of information: closed forms against integration, simulation and published special cases."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from transforms.improvement.posterior import Posterior, perfect_information, sample_information

CASES = [
    Posterior(0.0, 1.0, 5.0),
    Posterior(0.5, 1.0, 4.0),
    Posterior(-0.5, 1.0, 30.0),
    Posterior(0.02, 0.015, 39.0),
    Posterior(-120.0, 40.0, 12.0),
    Posterior(3.0, 1.0, 1e6),
]


@pytest.mark.parametrize("benefit", CASES)
def test_perfect_information_is_the_integral_of_what_deciding_now_loses(benefit: Posterior) -> None:
    m, s, df = benefit.estimate_sd, benefit.std_error, benefit.df
    gained, _ = integrate.quad(
        lambda t: (m + s * t) * stats.t.pdf(t, df), -m / s, np.inf, epsabs=1e-12, epsrel=1e-10
    )
    assert perfect_information(benefit) == pytest.approx(gained - max(0.0, m), rel=1e-6, abs=1e-9 * s)


@pytest.mark.parametrize("benefit", CASES[:4])
def test_perfect_information_is_what_a_simulation_finds(benefit: Posterior) -> None:
    rng = np.random.default_rng(20_250)
    drawn = benefit.estimate_sd + benefit.std_error * rng.standard_t(benefit.df, 2_000_000)
    lost = np.maximum(drawn, 0.0) - (drawn if benefit.estimate_sd > 0 else 0.0)
    found = perfect_information(benefit)
    # four standard errors of the simulation
    assert found == pytest.approx(lost.mean(), abs=4 * lost.std() / math.sqrt(len(drawn)))


def test_unit_normal_loss_at_zero_and_one() -> None:
    # Raiffa and Schlaifer's table of the unit normal loss: L(0) = .3989, L(1) = .08332
    assert perfect_information(Posterior(0.0, 1.0, 1e9)) == pytest.approx(0.3989, abs=5e-5)
    assert perfect_information(Posterior(1.0, 1.0, 1e9)) == pytest.approx(0.08332, abs=5e-6)


def test_without_a_mean_there_is_no_value() -> None:
    assert perfect_information(Posterior(0.1, 1.0, 1.0)) is None
    assert sample_information(Posterior(0.1, 1.0, 1.0), 1.0) is None


def test_sample_information_is_what_a_simulation_of_next_year_finds() -> None:
    prior, new_error = Posterior(0.01, 0.02, 1e9), 0.03
    rng = np.random.default_rng(20_250)
    true = rng.normal(prior.estimate_sd, prior.std_error, 2_000_000)
    seen = rng.normal(true, new_error)
    weight = prior.std_error**2 / (prior.std_error**2 + new_error**2)
    updated = prior.estimate_sd + weight * (seen - prior.estimate_sd)
    gained = np.where(updated > 0, true, 0.0) - np.where(prior.estimate_sd > 0, true, 0.0)
    found = sample_information(prior, new_error)
    assert found == pytest.approx(gained.mean(), abs=4 * gained.std() / math.sqrt(len(true)))


@given(
    mean=st.floats(-5, 5),
    error=st.floats(0.01, 5),
    df=st.floats(2, 1e6),
    new=st.floats(0.01, 100),
)
def test_a_sample_is_never_worth_more_than_certainty(
    mean: float, error: float, df: float, new: float
) -> None:
    benefit = Posterior(mean, error, df)
    certain, sample = perfect_information(benefit), sample_information(benefit, new)
    assert certain is not None
    assert sample is not None
    assert 0.0 <= sample <= certain * (1 + 1e-9) + 1e-12


def test_value_falls_with_distance_from_the_edge_and_grows_with_the_error() -> None:
    near, far = (perfect_information(Posterior(mean, 1.0, 20.0)) for mean in (0.5, 1.5))
    wide = perfect_information(Posterior(0.5, 2.0, 20.0))
    assert far < near < wide  # type: ignore[operator]


def test_value_is_the_same_on_both_sides_of_the_edge_and_scales_with_the_unit() -> None:
    one = perfect_information(Posterior(0.7, 1.0, 9.0))
    assert one == pytest.approx(perfect_information(Posterior(-0.7, 1.0, 9.0)))
    assert perfect_information(Posterior(700.0, 1000.0, 9.0)) == pytest.approx(1000 * (one or 0))


def test_the_joint_error_of_two_subjects_is_that_of_correlated_draws() -> None:
    from transforms.improvement.posterior import mean_over_subjects

    rng = np.random.default_rng(20_250)
    errors = np.array([[0.0009, 0.0006], [0.0006, 0.0016]])
    drawn = rng.multivariate_normal([0.1, 0.04], errors, 500_000)
    mean, is_joint = mean_over_subjects(
        [Posterior(0.10, 0.03, 1e9), Posterior(0.04, 0.04, 1e9)], float(np.std(drawn[:, 0] - drawn[:, 1]))
    )
    assert is_joint
    assert mean.std_error == pytest.approx(np.std(drawn.mean(axis=1)), rel=0.005)
