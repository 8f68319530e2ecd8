"""Ratings of estimates: what the standards' rules say of rows of each design."""

from __future__ import annotations

from dataclasses import replace

import pytest

from transforms.designs.effect import Effect
from transforms.designs.ratings import GroupFacts, rated
from transforms.standards.attrition import Attrition

ROW = Effect(
    "e1",
    "b1",
    "adjusted",
    "coaching",
    "mathematics",
    "all",
    "participated",
    estimate_sd=0.08,
    std_error=0.02,
    df=20.0,
    p_value=0.001,
    p_value_bh=0.004,
    n_students=9000,
    n_schools=30,
)
LOW_ATTRITION = GroupFacts({"prior score": 0.02}, Attrition(0.08, 0.02))


def test_correlation_reaches_tier_3_and_no_wwc_rating() -> None:
    (found,) = rated([ROW], {})
    assert found.essa_tier == 3
    assert found.wwc_rating == "does not meet WWC standards"
    assert found.wwc_reasons == "correlational: no groups that were formed to be compared"
    assert found.size_benchmark == "medium"


def test_lottery_with_low_attrition_is_tier_1() -> None:
    (found,) = rated([replace(ROW, design="lottery", contrast="offered")], {"e1": LOW_ATTRITION})
    assert (found.essa_tier, found.attrition_overall) == (1, 0.08)
    assert found.wwc_rating == "meets WWC standards without reservations"
    assert "attrition 8.0 % overall, 2.0 points between the arms: low" in found.wwc_reasons


def test_lottery_with_high_attrition_rests_on_its_baseline() -> None:
    row = replace(ROW, design="lottery", contrast="offered")
    lost = GroupFacts({"prior score": 0.1}, Attrition(0.4, 0.1))
    (found,) = rated([row], {"e1": lost})
    assert (found.essa_tier, found.wwc_rating) == (2, "meets WWC standards with reservations")
    apart = GroupFacts({"prior score": 0.3}, Attrition(0.4, 0.1))
    (found,) = rated([row], {"e1": apart})
    assert (found.essa_tier, found.wwc_rating) == (3, "does not meet WWC standards")


def test_matched_design_is_a_quasi_experiment() -> None:
    (found,) = rated([replace(ROW, design="matched")], {"e1": GroupFacts({"prior score": 0.001})})
    assert (found.essa_tier, found.wwc_rating) == (2, "meets WWC standards with reservations")


def test_dose_is_never_a_group_design() -> None:
    row = replace(ROW, design="lottery", contrast="per_10_hours")
    (found,) = rated([row], {"e1": LOW_ATTRITION})
    assert (found.wwc_rating, found.size_benchmark) == ("does not meet WWC standards", None)


@pytest.mark.parametrize(("design", "tier"), [("lottery", None), ("matched", None), ("adjusted", 3)])
def test_significant_negative_estimate_overrides_only_designs_that_are_no_stronger(design, tier) -> None:
    negative = replace(ROW, effect_id="e2", design=design, estimate_sd=-0.06)
    within = replace(ROW, design="within_teacher")
    found = {row.effect_id: row for row in rated([within, negative], {})}
    assert found["e1"].essa_tier == tier


def test_struck_out_or_unreliable_rows_reach_no_tier() -> None:
    rows = [replace(ROW, is_struck_out=True), replace(ROW, effect_id="e2", df=3.0)]
    assert [row.essa_tier for row in rated(rows, {})] == [None, None]


def test_refused_row_stays_as_it_is() -> None:
    row = replace(ROW, estimate_sd=None, note="refused: because")
    assert rated([row], {}) == [row]
