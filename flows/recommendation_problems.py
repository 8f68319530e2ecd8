"""What is wrong in [recommendation] that types cannot tell, and which of its rules can never apply."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from flows.problems import Problem, nearest, shown
from transforms.improvement.measures import MEASURES
from transforms.improvement.rule_coverage import unreachable_rules
from transforms.improvement.rules import parse_condition

if TYPE_CHECKING:
    from flows.settings import RecommendationTable

_RISING = (
    "unlikely_probability",
    "pause_probability",
    "likely_probability",
    "sustain_probability",
    "sure_probability",
)


def problems_of_recommendation(table: RecommendationTable) -> Iterator[Problem]:
    """Probabilities that do not rise, rules with one name, conditions that are none."""
    for lower, higher in pairwise(_RISING):
        if getattr(table, lower) > getattr(table, higher):
            text = f"{getattr(table, higher):g} is below {lower} ({getattr(table, lower):g})"
            yield Problem(("recommendation", higher), text)
    seen: set[str] = set()
    for number, rule in enumerate(table.rule):
        if rule.name in seen:
            yield Problem(("recommendation", "rule", number, "name"), f"{shown(rule.name)} stands twice")
        seen.add(rule.name)
        for position, text in enumerate(rule.when):
            said = _problem_of_condition(text)
            if said:
                yield Problem(("recommendation", "rule", number, "when", position), said)


def _problem_of_condition(text: str) -> str:
    try:
        parse_condition(text)
    except KeyError as error:
        measure = str(error.args[0])
        return f"unknown measure {shown(measure)}{nearest(measure, MEASURES)}"
    except ValueError:
        example = '"probability_positive >= 0.9" or "reaction_low >= 0.5 where known"'
        return f"{shown(text)} is no condition; write as in {example}"
    return ""


def rule_warnings(table: RecommendationTable) -> tuple[str, ...]:
    """One line for each rule of the study that can never apply; the study runs all the same."""
    if not table.rule:
        return ()
    found = unreachable_rules(table.rules_in_use.rules)
    return tuple(
        f"study.toml: recommendation.rule[{number}]: {text}"
        for number, text in found.items()
        if number <= len(table.rule)
    )
