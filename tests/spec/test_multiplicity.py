"""p-values of several questions asked at once, after Benjamini and Hochberg."""

from __future__ import annotations

import pytest

from transforms.standards.multiplicity import adjusted_p_values, with_adjusted


def test_each_p_value_times_questions_over_rank_and_never_above_a_larger_ones():
    # ranks 1 to 4 of .01 .02 .03 .5: .04, .04, .04, .5
    assert adjusted_p_values([0.03, 0.01, 0.5, 0.02]) == pytest.approx([0.04, 0.04, 0.5, 0.04])


def test_a_question_without_a_p_value_is_not_counted():
    assert adjusted_p_values([0.01, None, 0.04]) == [pytest.approx(0.02), None, pytest.approx(0.04)]
    assert adjusted_p_values([None]) == [None]
    assert adjusted_p_values([]) == []


def test_families_are_adjusted_apart_and_order_stays():
    records = [{"of": "a", "p_value": 0.02}, {"of": "b", "p_value": 0.02}, {"of": "a", "p_value": 0.03}]
    adjusted = with_adjusted(records, lambda record: record["of"])
    # of a: .02 x 2/1 = .04, not above .03 x 2/2 = .03; of b: .02 x 1/1
    assert [record["p_value_bh"] for record in adjusted] == pytest.approx([0.03, 0.02, 0.03])
