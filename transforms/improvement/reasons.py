"""Why a rule applies, in plain words: measure, value and threshold of each condition."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.improvement.measures import MEASURES, Values, shown
from transforms.improvement.rules import ACTIONS, Judged, Outcome, Recommended

# What a decision usually wants to know; said to be missing where no rule happened to ask for it.
_WANTED = (
    "probability_positive",
    "placebo_p",
    "reach_share",
    "reaction_share",
    "equity_ratio",
    "subgroup_p",
    "cost_per_student",
)


def condition_words(one: Judged) -> str:
    """One condition with its value: "share of teachers reached 25% (at most 60%)"."""
    measure, value = one.condition.measure, one.value
    label = MEASURES[measure].label
    if one.outcome is Outcome.NOT_KNOWN:
        end = ", so passed over" if one.condition.is_where_known else ""
        return f"{label}: not known{end}"
    limit = one.condition.words.removeprefix(label).strip()
    return f"{label}: {shown(measure, value.value)}" + (f" (rule: {limit})" if limit else "")


def reasons(found: Recommended, values: Values) -> str:
    """The rule's sentence, then each of its conditions; for the last rule the probabilities themselves."""
    told = [condition_words(one) for one in found.of_rule(found.rule_number)]
    if not told:
        told = [
            f"{MEASURES[name].label}: {shown(name, values[name].value)}"
            for name in ("probability_positive", "probability_above_threshold")
            if name in values and values[name].value is not None
        ]
    return " ".join((found.rule.sentence, *(f"{_capitalised('; '.join(told))}." for _ in told[:1])))


def why_not_bolder(found: Recommended) -> str:
    """What keeps it from the next bolder action: the failing conditions of the rule that fails least.

    Empty for the boldest action, and where a rule of the next bolder one would apply if none stood before it.
    """
    for action in ACTIONS[ACTIONS.index(found.rule.action) + 1 :]:
        failing = [
            [one for one in found.of_rule(number) if not one.holds]
            for number, rule in enumerate(found.rules, 1)
            if rule.action == action
        ]
        nearest = min(failing, key=len, default=None)
        if nearest is not None:
            said = "; ".join(_failing(one) for one in nearest)
            return f"Not {action}, because: {said}." if said else ""
    return ""


def _failing(one: Judged) -> str:
    label = MEASURES[one.condition.measure].label
    if one.outcome is Outcome.NOT_KNOWN:
        return f"{label} is not known"
    limit = one.condition.words.removeprefix(label).strip()
    wanted = f", {limit} wanted" if limit else ""
    return f"{label} is {shown(one.condition.measure, one.value.value)}{wanted}"


def not_known(found: Recommended, values: Values) -> str:
    """Measures without a value that rules ask for, or that a decision usually wants, each with the reason."""
    asked = [one.condition.measure for one in found.judged]
    return "; ".join(_grouped(list(dict.fromkeys((*_WANTED, *asked))), values))


def _grouped(names: Sequence[str], values: Values) -> list[str]:
    """Measures that are missing for one reason stand together."""
    by_reason: dict[str, list[str]] = {}
    for name in names:
        value = values.get(name)
        if value is None or value.value is None:
            note = value.note if value is not None and value.note else "not measured"
            by_reason.setdefault(note, []).append(MEASURES[name].label)
    return [f"{', '.join(labels)}: not known ({note})" for note, labels in by_reason.items()]


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
