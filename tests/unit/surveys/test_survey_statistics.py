"""Statistics of surveys by hand."""

from __future__ import annotations

import numpy as np
import pytest

from transforms.surveys import rules
from transforms.surveys.agreement import Intraclass, intraclass, school_verdict, within_group_agreement
from transforms.surveys.change import matched_change, unmatched_change
from transforms.surveys.item_direction import item_places
from transforms.surveys.means import mean_of
from transforms.surveys.reliability import (
    alpha_of,
    alpha_without,
    cronbach_alpha,
    item_rest_correlations,
    spearman_brown,
)
from transforms.surveys.response import weight_cells


def correlated(*rows: list[float]) -> np.ndarray:
    return np.array(rows, dtype=np.float64)


def array(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


# reliability


def test_alpha_of_two_items() -> None:
    # k/(k-1) · (1 - trace/sum) = 2 · (1 - 2/3)
    assert alpha_of(correlated([1, 0.5], [0.5, 1])) == pytest.approx(2 / 3)


def test_alpha_without_an_item_is_that_of_the_others() -> None:
    items = correlated([1, 0.5, 0], [0.5, 1, 0], [0, 0, 1])
    assert alpha_without(items, 2) == pytest.approx(2 / 3)
    assert alpha_without(correlated([1, 0.5], [0.5, 1]), 0) is None


def test_correlation_of_an_item_with_the_rest() -> None:
    # all correlations 0.5: cov(item, rest) = 1, var(rest) = 2 + 2 · 0.5 = 3 → 1/√3
    items = 0.5 + 0.5 * np.eye(3)
    assert item_rest_correlations(items) == pytest.approx([3**-0.5] * 3)


def test_alpha_and_spearman_brown_agree_for_items_of_equal_variance() -> None:
    # r = 0.5 by construction: 2 · 0.5 / 1.5
    scores = np.array([[1, 0], [-1, 0], [0.5, 3**0.5 / 2], [-0.5, -(3**0.5) / 2]])
    scores = np.column_stack([scores[:, 0], 0.5 * scores[:, 0] + scores[:, 1] * (0.75**0.5)])
    r = np.corrcoef(scores, rowvar=False)[0, 1]
    assert spearman_brown(scores) == pytest.approx(2 * r / (1 + r))


@pytest.mark.parametrize(
    ("scores", "reason"),
    [
        (np.arange(20.0).reshape(20, 1), "one item"),
        (np.arange(18.0).reshape(9, 2), "fewer than 10"),
        (np.ones((12, 3)), "do not differ"),
    ],
)
def test_no_alpha_without_two_items_enough_answers_and_differences(scores: np.ndarray, reason: str) -> None:
    alpha = cronbach_alpha(scores, rules.MINIMUM_FOR_ALPHA)
    assert alpha.value is None
    assert reason in alpha.note


@pytest.mark.parametrize(
    ("alpha", "word", "is_reported"),
    [
        (0.4999, "not_reported", False), (0.5, "low", True), (0.6999, "low", True), (0.7, "adequate", True),
        (0.8, "good", True), (0.9, "excellent", True), (-0.9, "not_reported", False), (None, "unknown", True),
    ],
)  # fmt: skip
def test_rating_of_a_scale(alpha: float | None, word: str, is_reported: bool) -> None:
    assert (rules.rating(alpha), rules.is_reported(alpha)) == (word, is_reported)


# items against their scale


def test_the_one_item_against_its_scale_is_flagged_and_no_other() -> None:
    # items 1 and 2 correlate 0.5; item 3 correlates -0.5 with both, and drags the others to
    # cov(1, rest) = 0.5 - 0.5 = 0
    items = correlated([1, 0.5, -0.5], [0.5, 1, -0.5], [-0.5, -0.5, 1])
    places = item_places(items, 100)
    assert [place.flag for place in places] == ["", "", "against_scale"]
    assert places[0].item_rest_r == pytest.approx(0)
    # cov(3, rest) = -1, var(rest) = 3
    assert places[2].item_rest_r == pytest.approx(-(3**-0.5))
    # turned round all covariances are 0.5: 3/2 · (1 - 3/6)
    assert places[2].alpha_turned == pytest.approx(0.75)
    assert places[2].alpha_without == pytest.approx(2 / 3)
    assert places[0].alpha_turned is None


def test_two_items_against_three_are_both_found() -> None:
    signs = np.array([1, 1, 1, -1, -1])
    items = (0.5 + 0.5 * np.eye(5)) * np.outer(signs, signs)
    places = item_places(items, 100)
    assert [place.flag for place in places] == ["", "", "", "against_scale", "against_scale"]
    # 5/4 · (1 - 5/15)
    assert places[4].alpha_turned == pytest.approx(5 / 6)


@pytest.mark.parametrize("k", [2, 4])
def test_where_half_of_the_items_go_against_the_others_nobody_can_tell_which(k: int) -> None:
    signs = np.array([1] * (k // 2) + [-1] * (k // 2))
    items = (0.5 + 0.5 * np.eye(k)) * np.outer(signs, signs)
    assert {place.flag for place in item_places(items, 100)} == {"cannot_tell_which"}


def test_an_item_that_hangs_together_with_nothing_is_weak_not_against() -> None:
    items = correlated([1, 0.6, -0.1], [0.6, 1, -0.1], [-0.1, -0.1, 1])
    # cov(3, rest) = -0.2, var(rest) = 3.2: r = -0.11, not as low as -0.20
    places = item_places(items, 100)
    assert [place.flag for place in places] == ["", "", "weak"]
    assert places[2].alpha_turned is None


def test_nothing_is_flagged_with_fewer_than_30_complete_answers() -> None:
    items = correlated([1, 0.5, -0.5], [0.5, 1, -0.5], [-0.5, -0.5, 1])
    assert {place.flag for place in item_places(items, 29)} == {""}


# agreement and aggregation


def test_intraclass_correlations_of_equal_groups() -> None:
    found = intraclass(array(1, 3, 5, 7), np.array([0, 0, 1, 1]))
    assert isinstance(found, Intraclass)
    # means 2 and 6 about 4: MSB = 2·(4 + 4)/1 = 16; MSW = 4/2 = 2; ICC(1) = 14/(16 + 2); ICC(2) = 14/16
    assert (found.icc1, found.icc2, found.f_statistic) == pytest.approx((14 / 18, 14 / 16, 8))
    assert found.mean_size == pytest.approx(2)


def test_intraclass_correlations_of_unequal_groups() -> None:
    found = intraclass(array(1, 3, 5, 6, 7), np.array([9, 9, 4, 4, 4]))
    assert isinstance(found, Intraclass)
    # means 2, 6 about 4.4: MSB = 2·2.4² + 3·1.6² = 19.2; MSW = (2 + 2)/3 = 4/3; n₀ = (5 - 13/5)/1 = 2.4
    assert found.mean_size == pytest.approx(2.4)
    assert found.icc1 == pytest.approx((19.2 - 4 / 3) / (19.2 + 1.4 * 4 / 3))
    assert found.icc2 == pytest.approx((19.2 - 4 / 3) / 19.2)


def test_a_school_of_one_answer_does_not_count() -> None:
    found = intraclass(array(1, 3, 5, 7, 100), np.array([0, 0, 1, 1, 2]))
    assert isinstance(found, Intraclass)
    assert (found.n_groups, found.n, found.icc1) == (2, 4, pytest.approx(14 / 18))


def test_schools_that_differ_less_than_chance_have_no_reliable_means() -> None:
    found = intraclass(array(1, 5, 2, 4), np.array([0, 0, 1, 1]))
    assert isinstance(found, Intraclass)
    # MSB = 0, MSW = (8 + 2)/2 = 5: ICC(1) = -5/5
    assert (found.icc1, found.icc2) == (pytest.approx(-1), 0)


def test_no_intraclass_correlation_of_one_school_or_of_equal_answers() -> None:
    assert intraclass(array(1, 2), np.array([0, 0])) == "fewer than two schools with two answers"
    assert intraclass(array(), np.array([], dtype=np.int64)) == "fewer than two schools with two answers"
    assert intraclass(array(1, 1, 2, 2), np.array([0, 0, 1, 1])) == "all answers within a school are the same"


def test_agreement_of_two_items_on_five_steps() -> None:
    # variances 1 and 0: s² = 0.5; σ² = (25 - 1)/12 = 2; ratio 0.25 → 2·0.75/(2·0.75 + 0.25)
    assert within_group_agreement(correlated([3, 4], [4, 4], [5, 4]), 5) == pytest.approx(1.5 / 1.75)


def test_agreement_ends_at_one_and_at_zero() -> None:
    assert within_group_agreement(correlated([4, 2], [4, 2]), 5) == 1
    # variance 8 of 1 and 5, above the 2 of answers spread evenly
    assert within_group_agreement(correlated([1], [5]), 5) == 0
    assert within_group_agreement(correlated([1, 2]), 5) is None


@pytest.mark.parametrize(
    ("icc2", "r_wg", "is_reported", "verdict"),
    [
        (0.7, 0.7, True, "clear"), (0.69, 0.7, True, "caution"), (0.5, 0.7, True, "caution"),
        (0.49, 0.9, True, "not_supported"), (0.9, 0.69, True, "not_supported"),
        (0.9, 0.9, False, "not_supported"), (None, 0.9, True, "unknown"), (0.9, None, True, "unknown"),
    ],
)  # fmt: skip
def test_verdict_on_school_means(icc2, r_wg, is_reported, verdict) -> None:
    assert school_verdict(icc2, r_wg, is_reported) == verdict


# means


def test_mean_with_the_usual_error() -> None:
    mean = mean_of(array(1, 2, 3))
    # s/√n = 1/√3; t with 2 df: 4.3027
    assert (mean.value, mean.std_error) == pytest.approx((2, 3**-0.5))
    assert (mean.ci_low, mean.ci_high) == pytest.approx((2 - 4.3027 / 3**0.5, 2 + 4.3027 / 3**0.5), abs=1e-4)


def test_answers_to_one_survey_count_as_one_cluster() -> None:
    mean = mean_of(array(1, 3, 5), np.array([7, 7, 8]))
    # sums of deviations from 3: -2 and 2; variance 2/1 · 8/9 → 4/3
    assert (mean.value, mean.std_error, mean.df) == (3, pytest.approx(4 / 3), 1)


def test_all_answers_in_one_cluster_are_clusters_of_their_own() -> None:
    assert mean_of(array(1, 2, 3), np.array([5, 5, 5])) == mean_of(array(1, 2, 3))


def test_weighted_mean() -> None:
    mean = mean_of(array(2, 4), weights=array(1, 3))
    # (2 + 12)/4 = 3.5; scores -1.5 and 1.5; 2/1 · 4.5/16 = 0.5625
    assert (mean.value, mean.std_error) == pytest.approx((3.5, 0.75))
    assert mean_of(array(2, 4), weights=array(7, 7)).std_error == pytest.approx(
        mean_of(array(2, 4)).std_error
    )


def test_one_answer_has_a_mean_and_no_interval() -> None:
    mean = mean_of(array(4))
    assert (mean.value, mean.std_error, mean.ci_low, mean.n) == (4, None, None, 1)
    assert mean_of(array()).value is None


# non-response weights


def test_a_cell_divides_only_if_every_part_is_large_enough() -> None:
    cells = weight_cells(
        {
            ("teachers", "elementary", "novice"): (30, 15),
            ("teachers", "elementary", "experienced"): (70, 35),
            ("teachers", "middle", "novice"): (19, 12),  # one invited too few
            ("teachers", "middle", "experienced"): (81, 20),
            ("others", "elementary", "experienced"): (25, 9),  # one answer too few
            ("others", "middle", "experienced"): (25, 15),
        }
    )
    names = {key: cell.name for key, cell in cells.items()}
    assert names["teachers", "elementary", "novice"] == ("teachers", "elementary", "novice")
    assert names["teachers", "middle", "novice"] == ("teachers", "middle")
    assert names["teachers", "middle", "experienced"] == ("teachers", "middle")
    assert names["others", "elementary", "experienced"] == ("others",)
    # 100 invited, 32 answers
    assert cells["teachers", "middle", "novice"].weight == pytest.approx(100 / 32)
    assert cells["others", "middle", "experienced"].weight == pytest.approx(50 / 24)


def test_weights_of_all_answers_add_up_to_the_invited() -> None:
    counts = {("a", str(i), "x"): (20 + 7 * i, 10 + 3 * i) for i in range(5)}
    cells = weight_cells(counts)
    total = sum(counts[key][1] * (cell.weight or 0) for key, cell in cells.items())
    assert total == pytest.approx(sum(invited for invited, _ in counts.values()))


def test_a_small_survey_is_one_cell() -> None:
    cells = weight_cells({("teachers", "middle", "novice"): (5, 2), ("others", "middle", "novice"): (6, 3)})
    assert {cell.name for cell in cells.values()} == {()}
    assert {cell.weight for cell in cells.values()} == {11 / 5}


def test_a_cell_without_answers_has_no_weight() -> None:
    assert (
        weight_cells({("teachers", "middle", "novice"): (5, 0)})["teachers", "middle", "novice"].weight
        is None
    )


# change


def test_change_of_the_same_people() -> None:
    change = matched_change([1, 2, 3], [2, 4, 3])
    # differences 1, 2, 0: mean 1, SD 1, SE 1/√3, t with 2 df 4.3027
    assert (change.value, change.std_error, change.df) == pytest.approx((1, 3**-0.5, 2))
    assert change.ci_low == pytest.approx(1 - 4.3027 / 3**0.5, abs=1e-4)
    assert change.direction == "no_clear_change"


def test_change_of_different_people() -> None:
    change = unmatched_change(mean_of(array(1, 2, 3)), mean_of(array(14, 15, 16)))
    # 13, SE √(1/3 + 1/3), Welch df with equal variances and sizes: 4
    assert (change.value, change.std_error, change.df) == pytest.approx((13, (2 / 3) ** 0.5, 4))
    assert change.direction == "rose"
    back = unmatched_change(mean_of(array(14, 15, 16)), mean_of(array(1, 2, 3)))
    assert back.direction == "fell"


def test_one_answer_on_a_side_gives_a_change_without_interval() -> None:
    change = unmatched_change(mean_of(array(1)), mean_of(array(4, 5)))
    assert (change.value, change.std_error, change.direction) == (3.5, None, "not_computed")
