"""Rules that can never apply, found from the table alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from transforms.improvement.rules import Condition, Rule


@dataclass(frozen=True)
class _Range:
    """Values between two ends; an end that is open does not belong to it."""

    low: float = -math.inf
    high: float = math.inf
    is_low_open: bool = False
    is_high_open: bool = False

    def narrowed(self, condition: Condition) -> _Range:
        at, is_open = condition.threshold, condition.comparison in (">", "<")
        if condition.comparison in (">=", ">"):
            if at < self.low or (at == self.low and not is_open):
                return self
            return _Range(at, self.high, is_open, self.is_high_open)
        if at > self.high or (at == self.high and not is_open):
            return self
        return _Range(self.low, at, self.is_low_open, is_open)

    @property
    def is_empty(self) -> bool:
        is_open = self.is_low_open or self.is_high_open
        return self.low > self.high or (self.low == self.high and is_open)

    def contains(self, other: _Range) -> bool:
        low = self.low < other.low or (self.low == other.low and (not self.is_low_open or other.is_low_open))
        high = self.high > other.high or (
            self.high == other.high and (not self.is_high_open or other.is_high_open)
        )
        return low and high


def unreachable_rules(rules: Sequence[Rule]) -> dict[int, str]:
    """Why a rule can never apply, by its number from 1.

    It cannot where its own conditions contradict one another, or where an earlier rule applies to all that
    it applies to. Rules that only several earlier ones cover together are not found.
    """
    found = {}
    for number, rule in enumerate(rules, 1):
        if _is_contradictory(rule):
            found[number] = f'rule "{rule.name}" can never apply: its conditions contradict one another'
            continue
        earlier = next((other for other in rules[: number - 1] if _covers(other, rule)), None)
        if earlier is not None:
            found[number] = (
                f'rule "{rule.name}" can never apply: the earlier rule "{earlier.name}" covers all of it'
            )
    return found


def _is_contradictory(rule: Rule) -> bool:
    """A contradiction among conditions for where a measure is known still lets the unknown pass."""
    needed = {condition.measure for condition in rule.conditions if not condition.is_where_known}
    return any(allowed.is_empty for measure, allowed in _ranges(rule).items() if measure in needed)


def _covers(earlier: Rule, later: Rule) -> bool:
    allowed, needed = _ranges(later), _needed(later)
    for measure, wanted in _ranges(earlier).items():
        if not wanted.contains(allowed.get(measure, _Range())):
            return False
        if measure in _needed(earlier) and measure not in needed:
            return False  # the later rule also applies where the measure is not known
    return True


def _needed(rule: Rule) -> frozenset[str]:
    return frozenset(condition.measure for condition in rule.conditions if not condition.is_where_known)


def _ranges(rule: Rule) -> dict[str, _Range]:
    found: dict[str, _Range] = {}
    for condition in rule.conditions:
        found[condition.measure] = found.get(condition.measure, _Range()).narrowed(condition)
    return found
