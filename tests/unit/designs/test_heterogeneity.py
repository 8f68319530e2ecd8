"""Subgroups: the difference tested, estimates pooled."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.designs.growth_frames import Plan, exposure, made_up_growth, study
from transforms.designs.heterogeneity import (
    SubgroupEstimate,
    between_variance,
    estimate_of,
    pooled,
    subgroup_conditions,
    subgroup_covariance,
    subgroup_difference,
)
from transforms.designs.heterogeneity_records import Comparison, heterogeneity_records
from transforms.designs.regressions import estimate_regression
from transforms.designs.sample import make_design_rows, read_sample
from transforms.designs.settings import DesignSettings

SETTINGS = DesignSettings()


def independent(values: list[float], errors: list[float], df: float = 30.0) -> list[SubgroupEstimate]:
    """Subgroups of different schools: each has the whole error in one school of its own."""
    return [
        SubgroupEstimate(f"g{i}", value, error, df, np.array([error]), np.array([f"s{i}"], dtype=object))
        for i, (value, error) in enumerate(zip(values, errors, strict=True))
    ]


def test_two_subgroups_of_different_schools_are_compared_by_the_root_of_summed_squares() -> None:
    found = subgroup_difference(independent([0.30, 0.10], [0.03, 0.04]))
    assert found.difference_sd == pytest.approx(0.20)
    assert found.std_error == pytest.approx(0.05)  # (.03^2 + .04^2)^.5
    assert found.test is not None
    assert found.test.statistic == pytest.approx(16.0)  # (.20 / .05)^2
    assert (found.test.df_numerator, found.test.df_denominator) == (1, 30.0)
    assert (found.largest_subgroup, found.smallest_subgroup) == ("g0", "g1")


def test_errors_that_subgroups_share_drop_out_of_the_difference() -> None:
    schools = np.array(["a", "b"], dtype=object)
    one = SubgroupEstimate("g0", 0.3, 0.05, 20.0, np.array([0.03, 0.04]), schools)
    other = SubgroupEstimate("g1", 0.1, 0.05, 20.0, np.array([0.04, 0.03]), schools)
    # covariance .03 x .04 + .04 x .03 = .0024; variance .0025 + .0025 - 2 x .0024 = .0002
    assert subgroup_covariance([one, other])[0, 1] == pytest.approx(0.0024)
    assert subgroup_difference([one, other]).std_error == pytest.approx(0.0002**0.5)


def test_three_subgroups_have_one_test_with_hotellings_degrees_of_freedom() -> None:
    found = subgroup_difference(independent([0.0, 0.1, 0.2], [0.1, 0.1, 0.1], df=10.0))
    assert found.test is not None
    # squares about the mean .02 / .01 = 2; F = 2 (10 - 2 + 1) / (10 x 2)
    assert found.test.statistic == pytest.approx(0.9)
    assert (found.test.df_numerator, found.test.df_denominator) == (2, 9.0)


def test_too_few_degrees_of_freedom_and_single_subgroups_are_refused_by_name() -> None:
    few = subgroup_difference(independent([0.0, 0.1, 0.2], [0.1, 0.1, 0.1], df=0.9))
    assert few.test is None
    assert few.note == "refused: 0.9 degrees of freedom are too few to test 2 differences"
    alone = subgroup_difference(independent([0.1], [0.1]))
    assert alone.note == "refused: 1 subgroup(s) with a number, nothing to compare"
    assert pooled(independent([0.1], [0.1])) == ()


def test_variance_of_true_effects_is_that_of_the_estimates_less_their_error() -> None:
    """Equal errors .1: Paule and Mandel's equation is sum of squares / (tau2 + .01) = k - 1."""
    values = np.array([0.0, 0.3, 0.6])
    # sum of squares .18, over 2 less .01
    assert between_variance(values, 0.01 * np.eye(3)) == pytest.approx(0.08)
    assert between_variance(np.array([0.0, 0.05, 0.1]), 0.01 * np.eye(3)) == 0.0


def test_pooled_estimates_are_shrunk_by_the_ratio_of_variances() -> None:
    found = pooled(independent([0.0, 0.3, 0.6], [0.1, 0.1, 0.1]))
    # weight .08 / .09; 0 is pulled to .3 / 9
    assert [each.weight for each in found] == pytest.approx([8 / 9] * 3)
    assert [each.estimate_sd for each in found] == pytest.approx([0.3 / 9, 0.3, 0.6 - 0.3 / 9])
    # .08 x .01 / .09 + (1/9)^2 x .09 / 3
    assert found[0].std_error == pytest.approx((0.08 * 0.01 / 0.09 + (1 / 9) ** 2 * 0.03) ** 0.5)


def test_equal_correlation_leaves_the_weight_to_the_part_not_shared() -> None:
    """Influences with a common part: V = .01 I + .03 everywhere, so shrinkage is that of .01."""
    schools = np.array([*"abcd"], dtype=object)
    estimates = [
        SubgroupEstimate(f"g{i}", value, 0.2, 30.0, np.append(0.1 * np.eye(3)[i], 0.03**0.5), schools)
        for i, value in enumerate([0.0, 0.3, 0.6])
    ]
    assert [each.weight for each in pooled(estimates)] == pytest.approx([8 / 9] * 3)


def test_no_more_spread_than_error_pools_all_to_the_mean() -> None:
    found = pooled(independent([0.10, 0.12], [0.1, 0.1]))
    assert [each.estimate_sd for each in found] == pytest.approx([0.11, 0.11])
    assert [each.weight for each in found] == pytest.approx([0.0, 0.0])


def test_order_of_subgroups_does_not_matter() -> None:
    estimates = independent([0.1, 0.5, 0.2], [0.1, 0.05, 0.2])
    one, other = subgroup_difference(estimates), subgroup_difference(estimates[::-1])
    assert one.test is not None
    assert other.test is not None
    assert one.test.p_value == pytest.approx(other.test.p_value)


def test_p_values_of_a_family_are_adjusted_over_types_and_dimensions() -> None:
    def at(pd_type: str, dimension: str, contrast: str = "participated") -> Comparison:
        return Comparison("adjusted", pd_type, "mathematics", contrast, dimension)

    apart, near = independent([0.3, 0.0], [0.05, 0.05]), independent([0.1, 0.0], [0.05, 0.05])
    rows = heterogeneity_records(
        {
            at("coaching", "is_swd"): apart,
            at("coaching", "is_novice"): near,
            at("x", "is_swd", "per_10_hours"): near,
        }
    )["estimates.subgroup_difference"]
    # the smaller of two counts twice, the only one of its family once
    assert rows[0]["p_value_bh"] == pytest.approx(2 * rows[0]["p_value"])
    assert rows[2]["p_value_bh"] == rows[2]["p_value"]


def estimates_by_disability(added: float, seed: int, design: str) -> list[SubgroupEstimate]:
    """Students with a disability gain ``added`` per 10 hours more than others."""
    growth = made_up_growth(Plan(schools=20, years=2, effect=0.1, students=16, seed=seed))
    growth["is_swd"] = np.random.default_rng(seed).random(len(growth)) < 0.4
    growth["score_sd"] += added * growth["coaching"] / 10 * growth["is_swd"]
    connection = study(growth, exposure(growth))
    make_design_rows(connection, "mathematics")
    found = []
    for each in subgroup_conditions():
        if each.dimension != "is_swd":
            continue
        sample = read_sample(connection, "mathematics", SETTINGS, each.subgroup, each.condition)
        regression = estimate_regression(sample, design, "per_10_hours", SETTINGS, "b1")
        (effect,) = regression.effects
        estimate = estimate_of(effect, regression.influence["coaching"], sample.school_ids)
        assert estimate is not None
        found.append(estimate)
    return found


@pytest.mark.parametrize("design", ["adjusted", "within_teacher"])
def test_planted_difference_between_students_of_the_same_teachers_is_found(design: str) -> None:
    found = subgroup_difference(estimates_by_disability(0.15, 4, design))
    assert found.test is not None
    assert found.test.p_value < 0.01
    assert found.largest_subgroup == "is_swd=true"
    assert abs(found.difference_sd - 0.15) < 3 * found.std_error


def test_equal_effects_differ_no_more_often_than_by_chance() -> None:
    """10 studies at 5 %: 4 rejections or more have a probability of .001."""
    rejected = 0
    for seed in range(10):
        test = subgroup_difference(estimates_by_disability(0.0, 50 + seed, "adjusted")).test
        rejected += test is not None and test.p_value < 0.05
    assert rejected < 4


def test_refused_effect_is_no_estimate() -> None:
    growth = made_up_growth(Plan(seed=1))
    connection = study(growth, exposure(growth))
    make_design_rows(connection, "mathematics")
    sample = read_sample(connection, "mathematics", SETTINGS)
    (effect,) = estimate_regression(sample, "within_teacher", "participated", SETTINGS, "b1").effects
    assert estimate_of(replace(effect, estimate_sd=None), np.zeros(16), sample.school_ids) is None
