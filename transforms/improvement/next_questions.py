"""What to find out next: for each PD type, what it is worth to know whether scaling it pays.

The net benefit of reaching one more student is B = value x effect - cost, with the effect distributed as
estimates say under a flat prior. Scale if its mean is above 0; the expected value of perfect information
is what is lost by having to decide now (Raiffa and Schlaifer 1961; Claxton 1999, Journal of Health
Economics 18(3)). It counts for all students none of whose teachers took part in the report year. Where
costs are not known, B is the effect less the smallest difference worth having, in SD.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from transforms.designs.power import Plan, teachers_needed
from transforms.improvement.posterior import Posterior, perfect_information, sample_information
from transforms.improvement.type_measures import Price, TypeFacts

SD_UNIT = "SD × students"
MONEY_UNIT = "currency units"


@dataclass(frozen=True)
class Stakes:
    """How an effect becomes a net benefit: ``value_per_sd`` of a student, in ``unit``; ``note`` says why."""

    value_per_sd: float
    unit: str
    note: str


def stakes(facts: Sequence[TypeFacts], price: Price) -> Stakes:
    """Money where the worth of an SD and the cost of every estimated type are known, else SD for all."""
    estimated = [one for one in facts if one.evidence.mean is not None]
    without = [one.pd_type for one in estimated if one.values["cost_per_student"].value is None]
    if price.value_per_001_sd is None:
        return Stakes(1.0, SD_UNIT, f"in SD, for what .01 SD is worth is {price.origin}")
    if without:
        return Stakes(1.0, SD_UNIT, f"in SD, for the cost of {', '.join(without)} is not known")
    worth = f"{price.value_per_001_sd:,.2f} per student and .01 SD: {price.origin}"
    return Stakes(100.0 * price.value_per_001_sd, MONEY_UNIT, worth)


def next_questions(
    facts: Sequence[TypeFacts],
    price: Price,
    students: Mapping[str, int],
    plans: Sequence[Plan],
    effect_sd: float,
) -> list[dict[str, object]]:
    """Rows of estimates.next_question, the most valuable question first.

    ``students`` are those none of whose teachers took part, by PD type; a type not among them has none.
    """
    at_stake = stakes(facts, price)
    rows = [_question(one, at_stake, students.get(one.pd_type), plans, effect_sd) for one in facts]
    ranked = sorted(rows, key=_order)
    for position, row in enumerate(ranked, 1):
        row["rank"] = position if row["value_per_student"] is not None else None
    return ranked


def _order(row: Mapping[str, object]) -> tuple[bool, float, float, str]:
    total, each = row["value_of_information"], row["value_per_student"]
    as_numbers = [-value if isinstance(value, float) else 0.0 for value in (total, each)]
    return each is None, as_numbers[0], as_numbers[1], str(row["pd_type"])


def _question(
    facts: TypeFacts, at_stake: Stakes, students: int | None, plans: Sequence[Plan], effect_sd: float
) -> dict[str, object]:
    mean, cost = facts.evidence.mean, facts.values["cost_per_student"].value
    is_money = at_stake.unit == MONEY_UNIT
    row: dict[str, object] = {"pd_type": facts.pd_type, "unit": at_stake.unit, "n_students": students}
    own_plans = [plan for plan in plans if plan.pd_type == facts.pd_type]
    if mean is None:
        return (
            row
            | _wanted(own_plans, effect_sd)
            | dict.fromkeys(("value_per_student", "value_of_information", "value_of_next_year"))
            | {
                "question": f"Does growth differ at all with {_plain(facts.pd_type)}?",
                "note": f"no estimate: {facts.evidence.reason}",
            }
        )
    break_even = (cost or 0.0) / at_stake.value_per_sd if is_money else effect_sd
    scale = at_stake.value_per_sd
    benefit = Posterior(scale * (mean.estimate_sd - break_even), scale * mean.std_error, mean.df)
    each = perfect_information(benefit)
    new_error = _next_error(own_plans)
    more = None if new_error is None else sample_information(benefit, scale * new_error)
    return (
        row
        | _wanted(own_plans, max(effect_sd, mean.estimate_sd))
        | {
            "question": _question_words(facts.pd_type, break_even, students),
            "value_per_student": each,
            "value_of_information": None if each is None or students is None else each * students,
            "value_of_next_year": None if more is None or students is None else more * students,
            "expected_effect_sd": mean.estimate_sd,
            "std_error": mean.std_error,
            "break_even_sd": break_even,
            "probability_worth_it": mean.probability_above(break_even),
            "note": _note(at_stake, students),
        }
    )


def _question_words(pd_type: str, break_even: float, students: int | None) -> str:
    whom = "the students" if students is None else f"the {students:,} students"
    return (
        f"Is growth with {_plain(pd_type)} more than {break_even:.3f} SD higher, so that it is worth giving"
        f" to {whom} whose teachers did not take part?"
    )


def _plain(pd_type: str) -> str:
    return pd_type.replace("_", " ")


def _note(at_stake: Stakes, students: int | None) -> str:
    missing = "for one student only: students of the report year are not linked to teachers; "
    return (missing if students is None else "") + at_stake.note


def _next_error(plans: Sequence[Plan]) -> float | None:
    """Standard error of next year's mean over subjects with as many participants: the mean of the subjects'.

    That is what it is when they are perfectly correlated, so never too small.
    """
    errors = [plan.next_std_error for plan in plans if plan.next_std_error is not None]
    return sum(errors) / len(errors) if errors and len(errors) == len(plans) else None


def _wanted(plans: Sequence[Plan], effect_sd: float) -> dict[str, object]:
    """A lottery within schools, and how many teachers it takes by the study's own variances."""
    found: dict[str, object] = {
        "best_design": "draw next year's places by lot among those who want one, within schools",
        "effect_to_find_sd": effect_sd,
        "teachers_needed": None,
        "n_teachers": None,
    }
    sized = [plan for plan in plans if plan.smallest_sd is not None and plan.n_teachers]
    if not sized or len(sized) < len(plans):
        return found
    found["n_teachers"] = max(plan.n_teachers or 0 for plan in sized)
    needed = [_needed(plan, effect_sd) for plan in sized]
    if None in needed:
        smallest = max(plan.smallest_sd or 0.0 for plan in sized)
        found["best_design"] = (
            f"several years of places drawn by lot: in one year even half of the teachers show no"
            f" difference below {smallest:.3f} SD"
        )
    else:
        found["teachers_needed"] = max(count for count in needed if count is not None)
    return found


def _needed(plan: Plan, effect_sd: float) -> int | None:
    """From what half of the teachers find: their squared error is 4 f tau / N times the squared multiple."""
    teachers, smallest = plan.n_teachers or 0, plan.smallest_sd or 0.0
    return teachers_needed(teachers, (smallest / effect_sd) ** 2 * teachers / 4.0)
