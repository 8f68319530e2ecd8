"""Which measures give which action by the default rules; what is not known is never taken for 0."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.improvement.default_rules import Recommendation, Thresholds, default_rules
from transforms.improvement.measures import MEASURES, Value
from transforms.improvement.reasons import not_known, reasons, why_not_bolder
from transforms.improvement.rule_coverage import unreachable_rules
from transforms.improvement.rules import (
    ACTIONS,
    NO_RULE,
    Condition,
    Outcome,
    Rule,
    closed,
    parse_condition,
    recommend,
)

RULES = default_rules(Thresholds())
GOOD = {
    "probability_positive": 0.97,
    "probability_above_threshold": 0.85,
    "worst_subject_probability": 0.80,
    "evidence_tier": 2,
    "any_design_tier": 2,
    "struck_out": 0,
    "placebo_p": 0.40,
    "reach_share": 0.30,
    "reaction_low": 0.60,
    "reaction_high": 0.70,
    "equity_ratio_high": 1.10,
    "subgroup_p": 0.50,
    "value_ratio": 1.20,
}

# What differs from GOOD (None: not known) → the action and the rule that gives it.
CASES: tuple[tuple[dict[str, float | None], str, str], ...] = (
    ({}, "scale", "sure, and room to grow"),
    # what speaks before the estimate does
    ({"struck_out": 1}, "study", "numbers fail their check"),
    ({"struck_out": None}, "scale", "sure, and room to grow"),
    ({"placebo_p": 0.049}, "study", "differed before"),
    ({"placebo_p": 0.05}, "scale", "sure, and room to grow"),
    ({"placebo_p": None}, "scale", "sure, and room to grow"),
    # stop and pause
    ({"probability_positive": 0.05, "any_design_tier": 5}, "stop", "goes with lower growth"),
    (
        {"probability_positive": 0.051, "probability_above_threshold": 0.01, "any_design_tier": 5},
        "stop",
        "too little to matter",
    ),
    ({"probability_above_threshold": 0.10, "any_design_tier": 5}, "stop", "too little to matter"),
    ({"probability_above_threshold": 0.101, "any_design_tier": 5}, "pause", "probably too little"),
    ({"probability_above_threshold": 0.25, "any_design_tier": 5}, "pause", "probably too little"),
    ({"probability_above_threshold": 0.251, "any_design_tier": 5}, "adapt", "promising"),
    # designs disagree
    ({"probability_above_threshold": 0.10, "any_design_tier": 3}, "study", "designs disagree"),
    ({"probability_above_threshold": 0.10, "any_design_tier": 4}, "stop", "too little to matter"),
    ({"probability_above_threshold": 0.10, "any_design_tier": None}, "stop", "too little to matter"),
    ({"probability_above_threshold": 0.26, "any_design_tier": 3}, "adapt", "promising"),
    # adapt: who is reached, who gains, what it costs, who likes it
    ({"equity_ratio_high": 0.79}, "adapt", "misses who needs it"),
    ({"equity_ratio_high": 0.80}, "scale", "sure, and room to grow"),
    ({"equity_ratio_high": None}, "scale", "sure, and room to grow"),
    ({"subgroup_p": 0.049}, "adapt", "gains are uneven"),
    ({"subgroup_p": 0.05}, "scale", "sure, and room to grow"),
    ({"reaction_high": 0.49, "reaction_low": 0.40}, "adapt", "participants dislike it"),
    ({"reaction_high": 0.50, "reaction_low": 0.50}, "scale", "sure, and room to grow"),
    ({"value_ratio": 0.49}, "adapt", "costs too much"),
    ({"value_ratio": 0.50}, "scale", "sure, and room to grow"),
    ({"value_ratio": None}, "scale", "sure, and room to grow"),
    ({"equity_ratio_high": 0.10, "probability_positive": 0.79}, "study", "not known yet"),
    # scale and its edges
    ({"probability_positive": 0.95}, "scale", "sure, and room to grow"),
    ({"probability_positive": 0.949}, "sustain", "good as it is"),
    ({"probability_above_threshold": 0.80}, "scale", "sure, and room to grow"),
    ({"probability_above_threshold": 0.799}, "sustain", "good as it is"),
    ({"worst_subject_probability": 0.50}, "scale", "sure, and room to grow"),
    ({"worst_subject_probability": 0.499}, "sustain", "good as it is"),
    ({"evidence_tier": 3}, "scale", "sure, and room to grow"),
    ({"evidence_tier": 5}, "sustain", "good as it is"),
    ({"reach_share": 0.60}, "scale", "sure, and room to grow"),
    ({"reach_share": 0.601}, "sustain", "good as it is"),
    ({"reach_share": None}, "sustain", "good as it is"),
    ({"reaction_low": 0.49}, "sustain", "good as it is"),
    ({"reaction_low": None, "reaction_high": None}, "scale", "sure, and room to grow"),
    # sustain, adapt, study
    ({"probability_positive": 0.90}, "sustain", "good as it is"),
    ({"probability_positive": 0.899}, "adapt", "promising"),
    ({"probability_above_threshold": 0.50}, "sustain", "good as it is"),
    ({"probability_above_threshold": 0.499}, "adapt", "promising"),
    ({"probability_positive": 0.80}, "adapt", "promising"),
    ({"probability_positive": 0.799}, "study", "not known yet"),
    (
        {name: None for name in GOOD if name not in ("reach_share", "reaction_low", "reaction_high")},
        "study",
        "not known yet",
    ),
    (dict.fromkeys(GOOD), "study", "not known yet"),
)


def values(**changed: float | None) -> dict[str, Value]:
    return {
        name: Value(None, "no source") if value is None else Value(value)
        for name, value in {**GOOD, **changed}.items()
    }


@pytest.mark.parametrize(("changed", "action", "rule"), CASES)
def test_measures_give_the_action(changed: dict[str, float | None], action: str, rule: str) -> None:
    found = recommend(RULES, values(**changed))
    assert (found.rule.action, found.rule.name) == (action, rule)


def test_every_default_rule_gives_an_action_in_the_table_above() -> None:
    assert {rule for _, _, rule in CASES} == {rule.name for rule in RULES}


_MAYBE = {
    "struck_out": (None, 0.0, 1.0),
    "placebo_p": (None, 0.01, 0.5),
    "evidence_tier": (None, 1.0, 3.0, 5.0),
    "any_design_tier": (None, 1.0, 3.0, 5.0),
    "reach_share": (None, 0.1, 0.9),
    "reaction_low": (None, 0.3, 0.6),
    "reaction_high": (None, 0.4, 0.7),
    "equity_ratio_high": (None, 0.5, 1.1),
    "subgroup_p": (None, 0.01, 0.5),
    "value_ratio": (None, 0.3, 1.5),
}


@given(
    others=st.fixed_dictionaries({name: st.sampled_from(options) for name, options in _MAYBE.items()}),
    lower=st.tuples(*[st.floats(0, 1)] * 3),
    raised=st.tuples(*[st.floats(0, 1)] * 3),
)
def test_a_higher_probability_never_leads_to_a_more_cautious_action(
    others: dict[str, float | None], lower: tuple[float, ...], raised: tuple[float, ...]
) -> None:
    names = ("probability_positive", "probability_above_threshold", "worst_subject_probability")
    higher = tuple(low + (1 - low) * part for low, part in zip(lower, raised, strict=True))
    before, after = (
        # a difference above the threshold is a positive one: its chance is no higher
        recommend(
            RULES, values(**others, **dict(zip(names, (p, min(p, above), worst), strict=True)))
        ).rule.action
        for p, above, worst in (lower, higher)
    )
    assert ACTIONS.index(after) >= ACTIONS.index(before)


def test_default_rules_are_all_reachable_and_ask_for_known_measures() -> None:
    assert unreachable_rules(RULES) == {}
    assert {condition.measure for rule in RULES for condition in rule.conditions} <= set(MEASURES)


def test_thresholds_of_the_study_move_the_rules() -> None:
    strict = default_rules(Thresholds(sure_probability=0.99))
    assert recommend(strict, values()).rule.action == "sustain"  # 0.97 < 0.99


# --- conditions


def test_a_missing_measure_is_not_known_whatever_the_comparison() -> None:
    for comparison in (">=", ">", "<=", "<"):
        condition = Condition("reach_share", comparison, 0.5)
        assert condition.judge(None) is Outcome.NOT_KNOWN
        assert condition.judge(float("nan")) is Outcome.NOT_KNOWN


@pytest.mark.parametrize(
    ("comparison", "below", "at", "above"),
    [
        (">=", "not met", "met", "met"),
        (">", "not met", "not met", "met"),
        ("<=", "met", "met", "not met"),
        ("<", "met", "not met", "not met"),
    ],
)
def test_an_edge_belongs_to_at_least_and_at_most(comparison: str, below: str, at: str, above: str) -> None:
    condition = Condition("reach_share", comparison, 0.5)
    assert [condition.judge(value).value for value in (0.4, 0.5, 0.6)] == [below, at, above]


def test_a_condition_reads_as_it_is_written() -> None:
    for text in ("probability_positive >= 0.9", "cost_per_001_sd <= 20 where known", "placebo_p < 0.05"):
        assert parse_condition(text).text == text
    assert parse_condition(" reach_share>=.5 ") == Condition("reach_share", ">=", 0.5)


@pytest.mark.parametrize(
    "text", ["", "reach_share", "reach_share = 1", "0.5 <= reach_share", "reach_share > x", "reach_share > ."]
)
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        parse_condition(text)


def test_a_rule_for_the_rest_is_added_where_a_table_has_none() -> None:
    one = Rule("some", "scale", (Condition("reach_share", "<=", 0.5),), "x")
    assert closed([one]) == (one, NO_RULE)
    assert closed(RULES) == RULES
    assert recommend([one], values(reach_share=0.6)).rule is NO_RULE
    assert Recommendation(own_rules=(one,)).rules == (one, NO_RULE)


# --- rules that can never apply


def table(*conditions: str) -> list[Rule]:
    return [
        Rule(f"r{number}", "study", tuple(map(parse_condition, filter(None, text.split(" and ")))), "x")
        for number, text in enumerate(conditions, 1)
    ]


@pytest.mark.parametrize(
    ("conditions", "unreachable"),
    [
        (("probability_positive >= 0.8", "probability_positive >= 0.9"), {2}),
        (("probability_positive >= 0.9", "probability_positive >= 0.8"), set()),
        (("probability_positive >= 0.9", "probability_positive > 0.9"), {2}),
        (("probability_positive > 0.9", "probability_positive >= 0.9"), set()),
        (("", "reach_share < 0.5"), {2}),
        (("reach_share < 0.5", "probability_positive >= 0.9 and reach_share < 0.4"), {2}),
        (("reach_share < 0.5 and subgroup_p < 1", "reach_share < 0.4"), set()),
        (("reach_share >= 0.5 and reach_share < 0.5",), {1}),
        (("reach_share > 0.5 and reach_share <= 0.5",), {1}),
        (("reach_share >= 0.5 and reach_share <= 0.5",), set()),
        # where known: the later rule also applies to types whose reach is not known
        (("reach_share < 0.5", "reach_share < 0.4 where known"), set()),
        (("reach_share < 0.5 where known", "reach_share < 0.4"), {2}),
        (("reach_share < 0.5 where known", "reach_share < 0.4 where known"), {2}),
        (("reach_share >= 0.5 where known and reach_share < 0.5 where known",), set()),
    ],
)
def test_rules_that_can_never_apply_are_found(conditions: tuple[str, ...], unreachable: set[int]) -> None:
    assert set(unreachable_rules(table(*conditions))) == unreachable


@given(
    texts=st.lists(
        st.lists(
            st.sampled_from(
                [
                    f"{measure} {comparison} {threshold}{end}"
                    for measure in ("reach_share", "subgroup_p")
                    for comparison in (">=", ">", "<=", "<")
                    for threshold in (0.25, 0.5)
                    for end in ("", " where known")
                ]
            ),
            max_size=3,
        ),
        min_size=1,
        max_size=4,
    )
)
def test_a_rule_said_to_be_unreachable_never_applies(texts: list[list[str]]) -> None:
    rules = table(*(" and ".join(text) for text in texts))
    never = set(unreachable_rules(rules))
    tried = (None, 0.1, 0.25, 0.3, 0.5, 0.9)
    for reach, subgroup in itertools.product(tried, tried):
        found = recommend(rules, values(reach_share=reach, subgroup_p=subgroup))
        assert found.rule_number not in never


# --- reasons


def test_reasons_name_measure_value_and_threshold() -> None:
    known = values(reach_share=0.30)
    said = reasons(recommend(RULES, known), known)
    assert "share of teachers reached: 30% (rule: at most 60%)" in said
    assert "evidence tier: 2 (rule: 3 or stronger)" in said


def test_what_is_passed_over_is_said() -> None:
    known = values(reaction_low=None)
    said = reasons(recommend(RULES, known), known)
    assert "what participants say of it, lower end: not known, so passed over" in said


def test_what_keeps_it_from_more_is_said_with_the_value() -> None:
    assert why_not_bolder(recommend(RULES, values(reach_share=0.7))) == (
        "Not scale, because: share of teachers reached is 70%, at most 60% wanted."
    )
    assert why_not_bolder(recommend(RULES, values(reach_share=None))) == (
        "Not scale, because: share of teachers reached is not known."
    )
    assert why_not_bolder(recommend(RULES, values())) == ""


def test_measures_that_are_missing_for_one_reason_stand_together() -> None:
    known = values(value_ratio=None, placebo_p=None) | {
        "cost_per_student": Value(None, "no cost"),
        "equity_ratio": Value(1.0),
        "reaction_share": Value(0.6),
    }
    assert not_known(recommend(RULES, known), known) == (
        "p-value of the same comparison in the year before, worth of the estimate over its cost: not known"
        " (no source); cost per student: not known (no cost)"
    )


def test_every_condition_of_every_rule_is_kept() -> None:
    judged = recommend(RULES, values(reach_share=None)).judged
    assert len(judged) == sum(len(rule.conditions) for rule in RULES)
    assert [one.outcome.value for one in judged if one.condition.measure == "reach_share"] == ["not known"]
