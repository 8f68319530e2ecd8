"""Rules of recommendation as data: the first of an ordered table whose conditions hold gives the action."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from operator import ge, gt, le, lt

from transforms.improvement.measures import MEASURES, NO_TIER, Value, Values, shown

# From the most cautious to the boldest.
ACTIONS = ("stop", "pause", "study", "adapt", "sustain", "scale")
COMPARISONS = {">=": ge, ">": gt, "<=": le, "<": lt}
_WORDS = {">=": "at least", ">": "more than", "<=": "at most", "<": "less than"}
_CONDITION = re.compile(r"\s*(\w+)\s*(>=|<=|>|<)\s*([-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))\s*(where known)?\s*")


class Outcome(Enum):
    """Whether a condition holds; what is not known neither holds nor fails."""

    MET = "met"
    NOT_MET = "not met"
    NOT_KNOWN = "not known"


@dataclass(frozen=True)
class Condition:
    """``measure`` ``comparison`` ``threshold``, as probability_positive >= 0.9.

    Where the measure is not known the condition does not hold, unless ``is_where_known``: then it is passed
    over, and the reasons say so.
    """

    measure: str
    comparison: str
    threshold: float
    is_where_known: bool = False

    def judge(self, value: float | None) -> Outcome:
        """Hold ``value`` against the threshold."""
        if value is None or math.isnan(value):
            return Outcome.NOT_KNOWN
        return Outcome.MET if COMPARISONS[self.comparison](value, self.threshold) else Outcome.NOT_MET

    @property
    def text(self) -> str:
        """As study.toml writes it."""
        end = " where known" if self.is_where_known else ""
        return f"{self.measure} {self.comparison} {self.threshold:g}{end}"

    @property
    def words(self) -> str:
        """In words: "share of teachers reached at most 60%"."""
        measure = MEASURES[self.measure]
        if measure.kind == "flag":
            is_wanted = COMPARISONS[self.comparison](1.0, self.threshold)
            return measure.label if is_wanted else f"not: {measure.label}"
        if measure.kind == "tier" and self.comparison in ("<=", "<") and self.threshold < NO_TIER:
            return f"{measure.label} {self.threshold:g} or stronger"
        end = ", where known" if self.is_where_known else ""
        return f"{measure.label} {_WORDS[self.comparison]} {shown(self.measure, self.threshold)}{end}"


@dataclass(frozen=True)
class Rule:
    """``name`` and ``action``, the conditions that have to hold together, and what to say then."""

    name: str
    action: str
    conditions: tuple[Condition, ...]
    sentence: str


@dataclass(frozen=True)
class Judged:
    """One condition of one rule, held against the value of a PD type."""

    rule_number: int
    rule: Rule
    condition: Condition
    value: Value
    outcome: Outcome

    @property
    def holds(self) -> bool:
        """Whether the rule may apply as far as this condition goes."""
        return self.outcome is Outcome.MET or (
            self.outcome is Outcome.NOT_KNOWN and self.condition.is_where_known
        )


@dataclass(frozen=True)
class Recommended:
    """The number, from 1, of the rule that applies to a PD type, and every condition as judged."""

    rule_number: int
    rules: tuple[Rule, ...]
    judged: tuple[Judged, ...]

    @property
    def rule(self) -> Rule:
        """The rule that applies."""
        return self.rules[self.rule_number - 1]

    def of_rule(self, number: int) -> tuple[Judged, ...]:
        """The conditions of one rule."""
        return tuple(one for one in self.judged if one.rule_number == number)


# What is said where no rule of a study's own table applies.
NO_RULE = Rule("no rule applies", "study", (), "No rule of the table applies, so find out more first.")


def parse_condition(text: str) -> Condition:
    """Read ``measure comparison number [where known]``; ValueError where it is none, KeyError for a measure
    that nobody knows."""
    found = _CONDITION.fullmatch(text)
    if found is None:
        raise ValueError(text)
    measure, comparison, number, where_known = found.groups()
    if measure not in MEASURES:
        raise KeyError(measure)
    return Condition(measure, comparison, float(number), where_known is not None)


def closed(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The rules, with NO_RULE behind them where their last one has conditions."""
    return tuple(rules) if rules and not rules[-1].conditions else (*rules, NO_RULE)


def recommend(rules: Sequence[Rule], values: Values) -> Recommended:
    """The first rule all of whose conditions hold; a measure without a value is not known."""
    whole = closed(rules)
    judged = tuple(
        Judged(number, rule, condition, value, condition.judge(value.value))
        for number, rule in enumerate(whole, 1)
        for condition in rule.conditions
        for value in [values.get(condition.measure, Value(note="not measured"))]
    )
    failed = {one.rule_number for one in judged if not one.holds}
    number = next(n for n in range(1, len(whole) + 1) if n not in failed)
    return Recommended(number, whole, judged)
