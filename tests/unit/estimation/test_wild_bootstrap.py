"""Rules of the wild cluster bootstrap: what is drawn, what is refused, what is irrelevant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from tests.reference.dense_mixed import connection_with
from tests.reference.dense_robust import school_years
from tests.unit.estimation.frames import frame
from transforms.estimation.errors import EstimationError
from transforms.estimation.linear.least_squares import fit_least_squares
from transforms.estimation.linear.within import fit_within
from transforms.estimation.robust.one_way import cluster_robust
from transforms.estimation.robust.scores import TooFewClustersError
from transforms.estimation.robust.wild_bootstrap import (
    BootstrapNotAvailableError,
    WildBootstrap,
    wild_cluster_bootstrap,
)
from transforms.estimation.robust.wild_draws import DrawWeights, smallest_p_value
from transforms.estimation.sums.crossproducts import CrossProducts
from transforms.estimation.sums.design import Design
from transforms.estimation.sums.summation import cross_products


def sums_of(seed: int, schools: int, groups: Sequence[str] = ("school",)) -> CrossProducts:
    made = Design.of_columns("y", ["x1", "x2"], groups)
    return cross_products(connection_with(school_years(seed, schools)), "frame", made)


def bootstrap(
    sums: CrossProducts, contrast: str | Sequence[float] = "x1", *, seed: int = 1, **options: Any
) -> WildBootstrap:
    return wild_cluster_bootstrap(sums, fit_least_squares(sums), contrast, seed=seed, **options)


def test_mean_of_three_schools_by_hand() -> None:
    rows = [("a", 1.0), ("a", 3.0), ("b", 4.0), ("b", 6.0), ("c", 10.0), ("c", 12.0)]
    connection = frame("school text, y double", rows)
    sums = cross_products(connection, "frame", Design.of_columns("y", [], ["school"]))
    found = bootstrap(sums, "intercept", level=0.5)
    # mean 6, CR1 variance 7; under a mean of 0 the totals of the schools are 4, 10 and 22, and of the 8 draws
    # of their signs the 2 of equal signs alone are as far out
    assert found.statistic == pytest.approx(6 / 7**0.5, rel=1e-12)
    assert found.p_value == 2 / 8
    # signs (-, +, +): total 28, mean 28/6, residuals of the totals -4 - 28/3, 10 - 28/3, 22 - 28/3,
    # squares 177.78 + .44 + 160.44 = 338.67; CR1 variance 1.5 x 338.67 / 36 = 14.11; t = 4.667 / 3.757
    assert np.sort(found.draws)[-2] == pytest.approx(4.6667 / 3.7565, rel=1e-4)


def test_all_draws_are_taken_where_they_are_no_more_than_asked_for() -> None:
    found = bootstrap(sums_of(2, schools=8), n_draws=256)
    assert (found.n_draws, found.is_enumerated, found.n_clusters) == (256, True, 8)
    drawn = bootstrap(sums_of(2, schools=8), n_draws=255)
    assert (drawn.n_draws, drawn.is_enumerated) == (255, False)


def test_seed_decides_random_draws_and_plays_no_part_in_all() -> None:
    sums = sums_of(3, schools=8)
    first, again, other = (bootstrap(sums, n_draws=199, seed=seed).draws for seed in (5, 5, 6))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    np.testing.assert_array_equal(bootstrap(sums, seed=5).draws, bootstrap(sums, seed=6).draws)


def test_random_draws_count_the_estimate_as_one_of_them() -> None:
    # no draw is as far out: p = 1 / (99 + 1)
    assert bootstrap(sums_of(4, schools=12), n_draws=99, null=-100.0).p_value == 0.01


def test_error_and_statistic_are_those_of_cr1() -> None:
    sums = sums_of(5, schools=7)
    found = bootstrap(sums, null=0.2)
    robust = cluster_robust(sums, fit_least_squares(sums), "CR1")
    assert found.std_error == pytest.approx(robust.std_errors[1], rel=1e-10)
    assert found.statistic == pytest.approx((robust.params[1] - 0.2) / robust.std_errors[1], rel=1e-9)


def test_name_is_the_contrast_of_that_coefficient() -> None:
    sums = sums_of(6, schools=7)
    np.testing.assert_array_equal(bootstrap(sums, "x2").draws, bootstrap(sums, [0.0, 0.0, 1.0]).draws)


@pytest.mark.parametrize("factor", [-1.0, 1e-6, 10.0])
def test_scale_of_the_contrast_is_irrelevant_to_p(factor: float) -> None:
    sums = sums_of(7, schools=7)
    one = bootstrap(sums, [0.0, 1.0, -0.1], null=0.4)
    scaled = bootstrap(sums, [0.0, factor, -0.1 * factor], null=0.4 * factor)
    assert scaled.p_value == one.p_value
    limits = sorted((factor * one.conf_low, factor * one.conf_high))
    assert (scaled.conf_low, scaled.conf_high) == pytest.approx(tuple(limits), rel=1e-7)


def test_null_at_a_limit_is_just_rejected() -> None:
    sums = sums_of(8, schools=10)
    found = bootstrap(sums, n_draws=499)
    step = 1e-6 * found.std_error
    assert bootstrap(sums, n_draws=499, null=found.conf_high + step).p_value <= 0.05
    assert bootstrap(sums, n_draws=499, null=found.conf_high - step).p_value > 0.05


def test_null_at_the_estimate_has_p_1() -> None:
    sums = sums_of(9, schools=7)
    estimate = bootstrap(sums).estimate
    assert bootstrap(sums, null=estimate).p_value == 1.0


@pytest.mark.parametrize(
    ("clusters", "draws", "weights", "smallest"),
    [
        (5, 9999, "rademacher", 1 / 16),  # 2 of 32
        (6, 9999, "rademacher", 1 / 32),
        (20, 999, "rademacher", 1 / 1000),  # the estimate among 999 draws
        (3, 9999, "webb", 1 / 36),  # 6 of 216
    ],
)
def test_smallest_p_value(clusters: int, draws: int, weights: DrawWeights, smallest: float) -> None:
    assert smallest_p_value(clusters, draws, weights) == pytest.approx(smallest, rel=1e-12)


def test_too_few_clusters_for_the_weights_are_refused_with_the_smallest_p_value() -> None:
    sums = sums_of(10, schools=5)
    with pytest.raises(TooFewClustersError, match=r"5 clusters .* below 0.0625.* webb weights reach lower"):
        bootstrap(sums)
    assert bootstrap(sums, weights="webb").n_draws == 6**5


def test_one_cluster_is_refused() -> None:
    with pytest.raises(TooFewClustersError, match="at least 2 clusters"):
        bootstrap(sums_of(11, schools=1))


def test_too_few_draws_are_refused() -> None:
    with pytest.raises(
        TooFewClustersError, match=r"10 draws of rademacher weights give no p-value below 0\.0909"
    ):
        bootstrap(sums_of(12, schools=8), n_draws=10)
    for n_draws in (0, -1):
        with pytest.raises(EstimationError, match=f"at least 1 draw, not {n_draws}"):
            bootstrap(sums_of(12, schools=8), n_draws=n_draws)


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0, -0.95, np.nan])
def test_level_outside_0_and_1_is_refused(level: float) -> None:
    with pytest.raises(EstimationError, match=f"level is above 0 and below 1, not {level:g}"):
        bootstrap(sums_of(16, schools=7), level=level)


def test_weights_that_do_not_exist_are_refused_with_those_that_do() -> None:
    with pytest.raises(EstimationError, match="weights is one of rademacher, webb, not mammen"):
        bootstrap(sums_of(17, schools=7), weights="mammen")


@pytest.mark.parametrize("contrast", [[0.0, 1.0], [0.0, 0.0, 0.0], [0.0, np.nan, 1.0]])
def test_contrast_of_another_length_of_zeros_or_of_nan_is_refused(contrast: list[float]) -> None:
    with pytest.raises(EstimationError, match="3 finite weights that are not all 0"):
        bootstrap(sums_of(13, schools=7), contrast)


def test_contrast_without_residuals_is_refused() -> None:
    # school 7 alone has x = 1, so that its mean, intercept + x, fits exactly
    rows = [(s, float(s == 7), float(s + (s * k) % 3)) for s in range(8) for k in range(3)]
    connection = frame("school integer, x double, y double", rows)
    sums = cross_products(connection, "frame", Design.of_columns("y", ["x"], ["school"]))
    with pytest.raises(EstimationError, match="no residual tells of the contrast"):
        bootstrap(sums, [1.0, 1.0])


def test_unknown_coefficient_is_refused_with_those_there_are() -> None:
    with pytest.raises(EstimationError, match="no coefficient x3; there are intercept, x1, x2"):
        bootstrap(sums_of(14, schools=7), "x3")


def test_factor_that_crosses_clusters_is_refused_with_what_to_do() -> None:
    sums = sums_of(15, 7, ["school_year", "school"])
    with pytest.raises(BootstrapNotAvailableError, match="levels of the absorbed school_year") as caught:
        wild_cluster_bootstrap(sums, fit_within(sums, "school_year"), "x1", seed=1)
    advice = 'write C(school_year) in the formula in place of "| school_year", or take correction="CR1S"'
    assert str(caught.value).endswith(advice)


def test_side_on_which_nothing_is_rejected_has_no_limit() -> None:
    # x differs within the first 2 of 7 schools alone, so signs of the others change nothing: p is 1/2 or 1
    rows = [(f"s{s}", float(x * (s < 2)), float(x + s + (s * x) % 3)) for s in range(7) for x in range(4)]
    connection = frame("school text, x double, y double", rows)
    sums = cross_products(connection, "frame", Design.of_columns("y", ["x"], ["school"]))
    found = wild_cluster_bootstrap(sums, fit_within(sums, "school"), "x", seed=1)
    assert (found.conf_low, found.conf_high) == (-np.inf, np.inf)
