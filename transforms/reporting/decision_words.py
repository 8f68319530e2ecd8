"""Recommendations and decisions in words, by rules that a test holds."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.reporting import terms
from transforms.reporting.catalogue import catalogue
from transforms.reporting.certainty import certainty_word
from transforms.reporting.decision_rows import Decisions, QuestionRow, RecommendationRow, ReviewRow
from transforms.reporting.numerals import (
    capitalised,
    count,
    decimal,
    interval,
    interval_decimals,
    listed,
    percent,
    school_year,
    signed,
)

# As they are read: what asks for most money first, what asks for most thought last.
ACTION_ORDER = ("scale", "sustain", "adapt", "study", "pause", "stop")
ACTION_TITLES = {
    "scale": "Scale: do more of it",
    "sustain": "Sustain: keep it as it is",
    "adapt": "Adapt: keep it, but change it",
    "study": "Study: find out more before deciding",
    "pause": "Pause: hold it for now",
    "stop": "Stop: end it",
}
_ACTION_CLAUSES = {
    "scale": "do more of {}",
    "sustain": "keep {} as it is",
    "adapt": "change {}",
    "study": "find out more about {}",
    "pause": "hold {} for now",
    "stop": "end {}",
}
DUE_WORDS = {
    "reviewed": "done",
    "due": "due now",
    "overdue": "overdue",
    "not_yet_due": "not yet due",
    "no_review_year": "no review year set",
    "no_status": "no status given",
}
ACTED_WORDS = {
    "yes": "Yes",
    "no": "No",
    "in_progress": "In progress",
    "too_early": "Too early to say",
    "cannot_tell": "Cannot be told",
}
VERDICT_WORDS = {
    "met": "As expected",
    "better": "Better than expected",
    "fell_short": "Fell short",
    "cannot_tell": "Cannot be told",
}


def certainty(probability: float | None) -> str:
    """A probability in calibrated words."""
    if probability is None:
        return "not known"
    return catalogue("en").text(f"words.{certainty_word(probability)}")


def how_sure(row: RecommendationRow) -> str:
    """How sure it is that growth is higher with a type: "very likely higher growth (96 in 100)"."""
    if row.probability_positive is None:
        return "not known: no estimate"
    word = certainty(row.probability_positive)
    enough = in_100(row.probability_above_threshold or 0.0)
    return (
        f"{capitalised(word)} that growth is higher ({in_100(row.probability_positive)}); chance that it is"
        f" by enough to matter: {enough}"
    )


def in_100(probability: float) -> str:
    """A probability as chances in 100, never as a certainty."""
    if probability > 0.99:
        return "over 99 in 100"
    return "under 1 in 100" if probability < 0.01 else f"{100 * probability:.0f} in 100"


def effect_words(row: RecommendationRow) -> str:
    """The estimate with its interval."""
    return _with_interval(row.expected_effect_sd, row.ci_low, row.ci_high)


def _with_interval(estimate: float | None, low: float | None, high: float | None) -> str:
    if estimate is None or low is None or high is None:
        return "no estimate"
    places = interval_decimals(low, high)
    return f"{signed(estimate, places)} ({interval(low, high, places)})"


def answers(rows: Sequence[RecommendationRow], spring_year: int) -> tuple[str, ...]:
    """What to do next year, what the rules are, and what the numbers are not."""
    if not rows:
        return ("There is no kind of professional development (PD) to recommend anything on.",)
    clauses = [
        _clause(action, _names(rows, action))
        for action in ACTION_ORDER
        if any(row.action == action for row in rows)
    ]
    first = f"For {school_year(spring_year + 1)} the rules of this page say: {'; '.join(clauses)}."
    second = (
        "They are a place to begin a conversation, not a decision: each says below what it rests on, and what"
        " is not known."
    )
    drawn = [row for row in rows if row.design == "lottery"]
    chosen = "teachers were not assigned to PD at random, so the differences in growth are associations"
    if not any(row.design for row in rows):
        return first, second, "No kind of PD could be compared with student growth."
    if not drawn:
        return first, second, f"{capitalised(chosen)}."
    names = listed([terms.pd_type_in_sentence(row.pd_type) for row in drawn])
    return first, second, f"Places in {names} were drawn by lot; otherwise {chosen}."


def _clause(action: str, names: Sequence[str]) -> str:
    clause = _ACTION_CLAUSES[action].format(listed(names))
    return clause.replace(" as it is", " as they are") if len(names) > 1 else clause


def _names(rows: Sequence[RecommendationRow], action: str) -> list[str]:
    return [terms.pd_type_in_sentence(row.pd_type) for row in rows if row.action == action]


def stands_out(found: Decisions, spring_year: int) -> tuple[str, ...]:
    """Decisions that wait, left no trace or that the rules now contradict, and hours in what should end."""
    noted = [(row, _noted(row)) for row in reversed(found.reviews)]
    return (
        *_to_end(found.recommendations, spring_year),
        *(f"{_decided(row)}: {'; '.join(what)}." for row, what in noted if what),
        *(f"The table of rules: {row.warning}." for row in found.rules if row.warning),
    )


def _decided(row: ReviewRow) -> str:
    owner = f", owner: {row.owner_role}" if row.owner_role else ""
    return (
        f"{terms.pd_type_name(row.pd_type)} (decided in {school_year(row.school_year)}: {row.action}{owner})"
    )


def _noted(row: ReviewRow) -> list[str]:
    """What a reader must not miss about one decision; of a superseded one only whether it was acted on."""
    said = []
    if row.due in ("overdue", "due") and row.review_year is not None:
        when = "was due by" if row.due == "overdue" else "is due in"
        stage = f" and it stands at {row.stage}" if row.stage else ""
        said.append(f"the review {when} {school_year(row.review_year)}{stage}")
    if row.acted_on == "no":
        said.append(f"it cannot be seen that it was acted on, {row.acted_on_reason}")
    if row.verdict == "fell_short" and row.agrees is not None:
        said.append(f"less is found than was expected, {found_words(row)}")
    if row.agrees is False:
        said.append(f"the rules now say {row.recommended_action}")
    return said


def found_words(row: ReviewRow) -> str:
    """What was expected and what is found: "+0.03 SD expected, 0.00 (−0.02 to 0.03) found"."""
    expected = "nothing stated" if row.expected_effect_sd is None else f"{signed(row.expected_effect_sd)} SD"
    found = _with_interval(row.found_effect_sd, row.found_ci_low, row.found_ci_high)
    return f"{expected} expected, {found} found"


def _to_end(rows: Sequence[RecommendationRow], spring_year: int) -> tuple[str, ...]:
    """Hours, and money where it is known, of the report year in types to stop or pause."""
    ending = [row for row in rows if row.action in ("stop", "pause") and row.hours]
    total = sum(row.hours or 0.0 for row in rows)
    if not ending or not total:
        return ()
    hours = sum(row.hours or 0.0 for row in ending)
    costs = [row.total_cost for row in ending if row.total_cost is not None]
    cost = f", at a cost of {count(round(sum(costs)))}," if costs and len(costs) == len(ending) else ""
    names = listed([terms.pd_type_in_sentence(row.pd_type) for row in ending])
    return (
        f"{count(round(hours))} hours of {school_year(spring_year)} ({percent(hours / total)} of all"
        f" hours){cost} went to what the rules say to stop or pause: {names}.",
    )


def ledger_title(rows: Sequence[ReviewRow]) -> str:
    """What the ledger adds up to."""
    told = [row for row in rows if row.acted_on in ("yes", "no")]
    acted = sum(row.acted_on == "yes" for row in told)
    late = sum(row.due in ("due", "overdue") for row in rows)
    seen = f"{acted} of {len(told)} can be seen to have been acted on" if told else "none can be judged yet"
    waiting = (
        "no review is waiting"
        if not late
        else f"{late} {'review is' if late == 1 else 'reviews are'} waiting"
    )
    return f"Of {len(rows)} {'decision' if len(rows) == 1 else 'decisions'}, {seen}; {waiting}"


def question_words(row: QuestionRow) -> str:
    """A question, what its answer is worth, and what would give it."""
    name = terms.pd_type_in_sentence(row.pd_type)
    if row.break_even_sd is None:
        return f"{capitalised(name)}: does growth differ with it at all? {capitalised(row.note or '')}."
    whom = "students" if row.n_students is None else f"the {count(row.n_students)} students"
    asked = (
        f"{capitalised(name)}: is growth with it more than {decimal(row.break_even_sd, 3)} SD higher, so that"
        f" it is worth giving to {whom} whose teachers did not take part?"
    )
    chance = f" The chance is now {in_100(row.probability_worth_it or 0.0)}."
    return f"{asked}{chance}{_worth(row)} To find out: {_how(row)}."


def _worth(row: QuestionRow) -> str:
    if row.value_of_information is None:
        return ""
    value = count(round(row.value_of_information))
    if row.unit == "currency units":
        return f" Knowing would be worth {value} in the study's currency."
    gained = decimal(row.value_of_information, 1)
    return f" Knowing would be worth as much growth as {gained} students gaining one SD."


def _how(row: QuestionRow) -> str:
    if row.teachers_needed is None:
        return row.best_design
    size = f"{count(row.teachers_needed)} of {count(row.n_teachers)} teachers taking part would show"
    return f"{row.best_design}; {size} a difference of {decimal(row.effect_to_find_sd, 3)} SD"


def common_unknowns(rows: Sequence[RecommendationRow]) -> tuple[str, ...]:
    """What is not known of any kind of PD, so that it need be said only once."""
    each = [tuple((row.not_known or "").split("; ")) for row in rows]
    return tuple(part for part in each[0] if part and all(part in parts for parts in each)) if each else ()


def own_unknowns(row: RecommendationRow, common: Sequence[str]) -> str:
    """What is not known of this kind of PD and known of others, as a sentence."""
    own = [part for part in (row.not_known or "").split("; ") if part and part not in common]
    return f"Not known of it: {'; '.join(own)}." if own else ""
