"""Statistics of balance against statsmodels, scipy and simulations with a known truth."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.formula.api import ols

from transforms.improvement.hours_and_need import RankCorrelation, pooled, rank_correlation
from transforms.improvement.rating_sources import Rating, source_difference


def drawn_ratings(rng: np.random.Generator, n_schools: int, difference: float = 0.0) -> list[Rating]:
    """Each school rates three priorities; schools and priorities differ, sources by ``difference``."""
    schools = rng.standard_normal(n_schools)
    return [
        Rating(
            f"s{school}",
            f"p{priority}",
            source := str(rng.choice(["visit", "plan", "survey"])),
            priority + schools[school] + rng.standard_normal() + difference * (source == "visit"),
        )
        for school in range(n_schools)
        for priority in range(3)
    ]


def test_difference_of_sources_is_that_of_statsmodels_with_fixed_effects_and_errors_by_school():
    import pandas as pd

    ratings = drawn_ratings(np.random.default_rng(1), 40, 0.7)
    found = source_difference(ratings, "visit", "plan")
    frame = pd.DataFrame([vars(rating) for rating in ratings if rating.source != "survey"])
    frame["is_visit"] = (frame.source == "visit").astype(float)
    fit = ols("gap ~ is_visit + C(priority_id)", frame).fit(
        cov_type="cluster", cov_kwds={"groups": frame.school_id.astype("category").cat.codes}, use_t=True
    )
    low, high = fit.conf_int().loc["is_visit"]
    assert (found.n_ratings, found.n_schools) == (len(frame), frame.school_id.nunique())
    assert found.difference == pytest.approx(fit.params["is_visit"], rel=1e-10)
    assert (found.ci_low, found.ci_high) == (pytest.approx(low, rel=1e-8), pytest.approx(high, rel=1e-8))


def test_intervals_of_the_difference_of_sources_cover_the_truth():
    rng = np.random.default_rng(2)
    found = [source_difference(drawn_ratings(rng, 40, 0.5), "visit", "plan") for _ in range(400)]
    covered = np.mean([one.ci_low <= 0.5 <= one.ci_high for one in found])
    # 400 draws: three standard errors of 95 % are 3.3 points; CR1 with 40 schools may be a little short
    assert 0.91 <= covered <= 0.985
    assert np.mean([one.difference for one in found]) == pytest.approx(0.5, abs=0.06)


def test_order_of_ratings_is_irrelevant_and_swapping_sources_changes_the_sign():
    ratings = drawn_ratings(np.random.default_rng(3), 20)
    there = source_difference(ratings, "visit", "plan")
    back = source_difference(ratings[::-1], "plan", "visit")
    assert back.difference == pytest.approx(-there.difference, rel=1e-12)
    assert (back.ci_low, back.ci_high) == (pytest.approx(-there.ci_high), pytest.approx(-there.ci_low))


def test_sources_that_rate_different_priorities_cannot_be_compared():
    ratings = [Rating(f"s{i}", "p0" if i % 2 else "p1", "visit" if i % 2 else "plan", i) for i in range(10)]
    assert source_difference(ratings, "visit", "plan").note == "no priority is rated by both sources"


def test_few_schools_give_no_difference():
    ratings = [Rating(f"s{i}", "p0", "visit" if i % 2 else "plan", i) for i in range(4)]
    found = source_difference(ratings, "visit", "plan")
    assert (found.difference, found.note) == (None, "fewer than 5 schools rated by either source")


def test_rank_correlation_is_spearmans_with_ties():
    rng = np.random.default_rng(4)
    need = rng.integers(1, 6, 40).astype(float)
    hours = np.round(need + 2 * rng.standard_normal(40), 0)
    found = rank_correlation(list(need), list(hours))
    assert found.rho == pytest.approx(stats.spearmanr(need, hours).statistic, rel=1e-12)


def test_interval_of_the_rank_correlation_by_hand():
    # ranks 1..8 against 2 1 4 3 6 5 8 7: 1 - 6 x 8 / (8 x 63) = .904762
    found = rank_correlation([1, 2, 3, 4, 5, 6, 7, 8], [2, 1, 4, 3, 6, 5, 8, 7])
    assert found.rho == pytest.approx(1 - 6 * 8 / (8 * 63))
    # z = atanh(.904762) = 1.49787; SE √((1 + .904762² / 2) / 5) = .53090; z ± 1.95996 SE = .45733, 2.53842
    assert (found.ci_low, found.ci_high) == (
        pytest.approx(np.tanh(0.45733), abs=1e-4),
        pytest.approx(np.tanh(2.53842), abs=1e-4),
    )


@pytest.mark.parametrize("rho", [0.0, 0.5])
def test_intervals_of_the_rank_correlation_cover_the_truth(rho):
    rng = np.random.default_rng(5)
    # Spearman's rho of a bivariate normal with correlation r is 6 / π asin(r / 2)
    truth = 6 / np.pi * np.arcsin(rho / 2)
    covered = 0
    for _ in range(500):
        x = rng.standard_normal(40)
        y = rho * x + np.sqrt(1 - rho**2) * rng.standard_normal(40)
        found = rank_correlation(list(x), list(y))
        covered += found.ci_low <= truth <= found.ci_high
    assert 0.92 <= covered / 500 <= 0.98  # three standard errors of 95 % in 500 draws


def test_equal_correlations_pool_to_themselves_with_the_same_interval():
    one = rank_correlation(list(range(10)), [0, 2, 1, 3, 5, 4, 6, 8, 7, 9])
    both = pooled([one, one])
    assert both.rho == pytest.approx(one.rho)
    assert (both.ci_low, both.ci_high) == (pytest.approx(one.ci_low), pytest.approx(one.ci_high))


def test_pooling_leaves_out_what_could_not_be_computed():
    one = rank_correlation(list(range(10)), [0, 2, 1, 3, 5, 4, 6, 8, 7, 9])
    assert pooled([one, RankCorrelation(None, None, None, 3, "few")]).rho == pytest.approx(one.rho)
    assert pooled([]).note == "no priority has a rank correlation"


def test_intervals_of_pooled_correlations_are_not_too_narrow_when_priorities_move_together():
    rng = np.random.default_rng(6)
    covered = 0
    for _ in range(400):
        need, hours = rng.standard_normal(40), rng.standard_normal(40)
        found = pooled(
            [
                rank_correlation(
                    list(need + 0.3 * rng.standard_normal(40)), list(hours + 0.3 * rng.standard_normal(40))
                )
                for _ in range(3)
            ]
        )
        covered += found.ci_low <= 0 <= found.ci_high
    assert covered / 400 >= 0.92


@pytest.mark.parametrize(
    ("need", "hours", "same"), [([3] * 8, range(8), "need"), (range(8), [2] * 8, "hours")]
)
def test_no_rank_correlation_where_all_are_equal(need, hours, same):
    assert rank_correlation(list(need), list(hours)).note == f"all schools have the same {same}"
