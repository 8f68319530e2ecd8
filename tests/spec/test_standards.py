"""Rules of the standards: each boundary, each reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.standards.attrition import Attrition, attrition_of, boundary, judge_attrition
from transforms.standards.baseline import Equivalence, equivalence_of, judge_baseline
from transforms.standards.clustering import clustered_test
from transforms.standards.effect_sizes import (
    GroupSummary,
    cox_d,
    hedges_g,
    hedges_g_of_groups,
    size_benchmark,
)
from transforms.standards.essa import EssaEvidence, tier_of
from transforms.standards.power import minimum_detectable_effect
from transforms.standards.sensitivity import benchmark_bounds, omitted_variable, robustness_value
from transforms.standards.wwc import DOES_NOT_MEET, WITH_RESERVATIONS, WITHOUT_RESERVATIONS, WwcEvidence, rate


@pytest.mark.parametrize(
    ("g", "expected"),
    [
        (0.0, Equivalence.SATISFIED),
        (0.05, Equivalence.SATISFIED),
        (-0.05, Equivalence.SATISFIED),
        (0.0501, Equivalence.NEEDS_ADJUSTMENT),
        (-0.25, Equivalence.NEEDS_ADJUSTMENT),
        (0.2501, Equivalence.NOT_SATISFIED),
    ],
)
def test_baseline_difference_by_size(g: float, expected: Equivalence) -> None:
    assert equivalence_of(g) is expected


def test_worst_characteristic_decides_and_is_named() -> None:
    found = judge_baseline({"prior score": 0.02, "prior growth": -0.14}, is_adjusted=True)
    assert found.is_equivalent
    assert found.largest_g == 0.14
    assert found.reasons == ("baseline difference of prior growth -0.14 SD: above 0.05, adjusted for",)
    assert not judge_baseline({"prior growth": -0.14}, is_adjusted=False).is_equivalent
    assert not judge_baseline({"prior score": 0.3}, is_adjusted=True).is_equivalent
    with pytest.raises(ValueError, match="no characteristic"):
        judge_baseline({}, is_adjusted=True)
    with pytest.raises(ValueError, match="no baseline difference of prior score"):
        judge_baseline({"prior score": float("nan"), "prior growth": 0.01}, is_adjusted=True)


@pytest.mark.parametrize(
    ("overall", "differential", "assumption", "is_low"),
    [
        (0.10, 0.063, "cautious", True),
        (0.10, 0.064, "cautious", False),
        (0.10, 0.064, "optimistic", True),
        (0.30, 0.041, "cautious", True),
        (0.30, 0.042, "cautious", False),
        (0.50, 0.037, "optimistic", True),
        (0.57, 0.0, "cautious", True),
        (0.571, 0.0, "cautious", False),
        (0.66, 0.0, "optimistic", False),
    ],
)
def test_attrition_against_the_boundary(overall, differential, assumption, is_low) -> None:
    assert judge_attrition(Attrition(overall, differential), assumption).is_low is is_low


def test_attrition_from_counts() -> None:
    # 20 of 100 and 10 of 100 lost: 15 % overall, 10 points between the arms
    found = attrition_of(100, 80, 100, 90)
    assert (found.overall, found.differential) == (pytest.approx(0.15), pytest.approx(0.10))
    assert judge_attrition(found).reason == (
        "attrition 15.0 % overall, 10.0 points between the arms: high (cautious boundary 5.9)"
    )
    with pytest.raises(ValueError, match="0 kept of 0"):
        attrition_of(0, 0, 10, 10)


@given(st.floats(0.1, 0.56), st.floats(0.001, 0.3))
def test_more_overall_attrition_never_allows_for_more_difference(overall: float, more: float) -> None:
    later = min(0.57, overall + more)
    assert boundary(later, "cautious") <= boundary(overall, "cautious") + 1e-9
    assert boundary(overall, "cautious") < boundary(overall, "optimistic")


LOW = judge_attrition(Attrition(0.1, 0.01))
HIGH = judge_attrition(Attrition(0.3, 0.2))
ALIKE = judge_baseline({"prior score": 0.03}, is_adjusted=True)
APART = judge_baseline({"prior score": 0.4}, is_adjusted=True)


@pytest.mark.parametrize(
    ("evidence", "rating", "reason"),
    [
        (WwcEvidence(is_group_design=False), DOES_NOT_MEET, "correlational"),
        (
            WwcEvidence(is_group_design=True, confound="all who took part are in one school"),
            DOES_NOT_MEET,
            "confounded: all who took part are in one school",
        ),
        (WwcEvidence(True, is_randomised=True, attrition=LOW), WITHOUT_RESERVATIONS, "low"),
        (WwcEvidence(True, is_randomised=True, attrition=HIGH, baseline=ALIKE), WITH_RESERVATIONS, "high"),
        (WwcEvidence(True, is_randomised=True, attrition=HIGH, baseline=APART), DOES_NOT_MEET, "above 0.25"),
        (WwcEvidence(True, is_randomised=True, attrition=HIGH), DOES_NOT_MEET, "no baseline"),
        (
            WwcEvidence(True, is_randomised=True, is_compromised=True, attrition=LOW, baseline=ALIKE),
            WITH_RESERVATIONS,
            "not analysed as assigned",
        ),
        (WwcEvidence(True, is_randomised=True, baseline=ALIKE), WITH_RESERVATIONS, "attrition is not known"),
        (WwcEvidence(True, baseline=ALIKE), WITH_RESERVATIONS, "a quasi-experiment"),
        (WwcEvidence(True, baseline=APART), DOES_NOT_MEET, "above 0.25"),
        (WwcEvidence(True), DOES_NOT_MEET, "no baseline"),
    ],
)
def test_wwc_rating_and_its_reason(evidence: WwcEvidence, rating: str, reason: str) -> None:
    found = rate(evidence)
    assert found.rating == rating
    assert any(reason in clause for clause in found.reasons)


def evidence(**changes: object) -> EssaEvidence:
    usual: dict[str, object] = {
        "estimate_sd": 0.1,
        "p_value": 0.01,
        "wwc_rating": WITHOUT_RESERVATIONS,
        "n_students": 350,
        "n_sites": 2,
    }
    return EssaEvidence(**{**usual, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "tier", "reason"),
    [
        ({}, 1, "350 students in 2 schools"),
        ({"wwc_rating": WITH_RESERVATIONS}, 2, "no experiment with low attrition"),
        ({"wwc_rating": DOES_NOT_MEET}, 3, "no higher tier: does not meet"),
        ({"n_students": 349}, 3, "349 students, fewer than 350"),
        ({"n_sites": 1}, 3, "1 school, fewer than 2"),
        ({"p_value": 0.05}, None, "not significant among all comparisons (p = 0.050)"),
        ({"estimate_sd": -0.1}, None, "significant and negative"),
        ({"overriding": "lottery -0.08 SD"}, None, "overridden"),
        ({"is_reliable": False}, None, "cannot be relied on"),
        ({"wwc_rating": DOES_NOT_MEET, "has_controls": False}, None, "no controls"),
        ({"p_value": 0.5, "has_rationale": True}, 4, "a rationale by research"),
    ],
)
def test_essa_tier_and_its_reason(changes: dict[str, object], tier: int | None, reason: str) -> None:
    found = tier_of(evidence(**changes))
    assert found.tier == tier
    assert any(reason in clause for clause in found.reasons)


@pytest.mark.parametrize(
    ("size", "word"),
    [(0.049, "small"), (-0.05, "medium"), (0.199, "medium"), (0.2, "large"), (-0.5, "large")],
)
def test_kraft_s_bins(size: float, word: str) -> None:
    assert size_benchmark(size) == word


@given(st.floats(0.01, 30), st.floats(3, 5000))
def test_robustness_value_is_a_share_and_smaller_where_significance_is_at_stake(t: float, df: float) -> None:
    whole = robustness_value(t, df)
    assert 0.0 <= robustness_value(t, df, alpha=0.05) <= whole <= 1.0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: hedges_g(0.1, 2), "at least 3 students"),
        (lambda: hedges_g_of_groups(GroupSummary(1, 0, 3), GroupSummary(2, 0, 3)), "without a spread"),
        (lambda: cox_d(1.0, 10, 0.5, 10), "has no logit"),
        (lambda: clustered_test(0.3, 20, 20, 1, icc=0.6), "leave no degrees of freedom"),
        (lambda: minimum_detectable_effect(2, 100, 0.1), "leave no degrees of freedom"),
        (lambda: omitted_variable(0.1, 0.1, 100, 1.0, 0.5), "lies within 0 and 1"),
        (lambda: benchmark_bounds(0.5, 0.1, 3), "explains all of the treatment"),
    ],
)
def test_what_cannot_be_computed_is_said(wrong, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        wrong()
