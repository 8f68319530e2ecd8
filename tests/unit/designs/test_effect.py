from __future__ import annotations

import pytest

from transforms.designs.effect import Effect, with_multiplicity
from transforms.standards.effect_sizes import hedges_g, improvement_index
from transforms.standards.sensitivity import robustness_value


def row(p_value: float | None) -> Effect:
    return Effect("id", "b1", "adjusted", "coaching", "ela", "all", "participated", p_value=p_value)


def test_benjamini_hochberg_counts_only_rows_with_a_p_value() -> None:
    rows = with_multiplicity([row(0.04), row(None), row(0.01), row(0.03)])
    # sorted .01 x 3/1 = .03, .03 x 3/2 = .045, .04 x 3/3 = .04; the running minimum from the end makes .04
    assert [r.p_value_bh for r in rows] == pytest.approx([0.04, None, 0.03, 0.04])


def test_no_p_value_at_all_is_left_empty() -> None:
    assert with_multiplicity([row(None)])[0].p_value_bh is None


def test_hedges_g_of_two_groups_of_three() -> None:
    # d = 1, N = 6: 1 x (1 - 3 / 15) = .8
    assert hedges_g(1.0, 6) == pytest.approx(0.8)


def test_improvement_index_of_a_quarter_standard_deviation() -> None:
    assert improvement_index(0.25) == pytest.approx(9.9, abs=0.05)  # 100 Phi(.25) - 50, in print to .1


def test_robustness_value_of_darfur_as_printed_by_sensemakr() -> None:
    # estimate .09732, standard error .02326, 783 degrees of freedom
    assert robustness_value(0.09732 / 0.02326, 783) == pytest.approx(0.13878, abs=5e-5)
