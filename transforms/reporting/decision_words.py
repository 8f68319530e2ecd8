"""Recommendations and decisions in words, by rules that a test holds."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.reporting import terms
from transforms.reporting.catalogue import noted, say, spoken
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
    "scale": noted("Scale: do more of it"),
    "sustain": noted("Sustain: keep it as it is"),
    "adapt": noted("Adapt: keep it, but change it"),
    "study": noted("Study: find out more before deciding"),
    "pause": noted("Pause: hold it for now"),
    "stop": noted("Stop: end it"),
}
_ACTION_CLAUSES = {
    "scale": noted("do more of {}"),
    "sustain": noted("keep {} as it is"),
    "adapt": noted("change {}"),
    "study": noted("find out more about {}"),
    "pause": noted("hold {} for now"),
    "stop": noted("end {}"),
}
DUE_WORDS = {
    "reviewed": noted("done"),
    "due": noted("due now"),
    "overdue": noted("overdue"),
    "not_yet_due": noted("not yet due"),
    "no_review_year": noted("no review year set"),
    "no_status": noted("no status given"),
}
ACTED_WORDS = {
    "yes": noted("Yes"),
    "no": noted("No"),
    "in_progress": noted("In progress"),
    "too_early": noted("Too early to say"),
    "cannot_tell": noted("Cannot be told"),
}
VERDICT_WORDS = {
    "met": noted("As expected"),
    "better": noted("Better than expected"),
    "fell_short": noted("Fell short"),
    "cannot_tell": noted("Cannot be told"),
}


def certainty(probability: float | None) -> str:
    """A probability in calibrated words."""
    if probability is None:
        return say("not known")
    return spoken().text(f"words.{certainty_word(probability)}")


def how_sure(row: RecommendationRow) -> str:
    """How sure it is that growth is higher with a type: "very likely higher growth (96 in 100)"."""
    if row.probability_positive is None:
        return say("not known: no estimate")
    word = certainty(row.probability_positive)
    enough = in_100(row.probability_above_threshold or 0.0)
    return say(
        "{word} that growth is higher ({probability_positive}); chance that it is by enough"
        " to matter: {enough}",
        word=capitalised(word),
        probability_positive=in_100(row.probability_positive),
        enough=enough,
    )


def in_100(probability: float) -> str:
    """A probability as chances in 100, never as a certainty."""
    if probability > 0.99:
        return say("over 99 in 100")
    return say("under 1 in 100") if probability < 0.01 else say("{value:.0f} in 100", value=100 * probability)


def effect_words(row: RecommendationRow) -> str:
    """The estimate with its interval."""
    return _with_interval(row.expected_effect_sd, row.ci_low, row.ci_high)


def _with_interval(estimate: float | None, low: float | None, high: float | None) -> str:
    if estimate is None or low is None or high is None:
        return say("no estimate")
    places = interval_decimals(low, high)
    return f"{signed(estimate, places)} ({interval(low, high, places)})"


def answers(rows: Sequence[RecommendationRow], spring_year: int) -> tuple[str, ...]:
    """What to do next year, what the rules are, and what the numbers are not."""
    if not rows:
        return (say("There is no kind of professional development (PD) to recommend anything on."),)
    clauses = [
        _clause(action, _names(rows, action))
        for action in ACTION_ORDER
        if any(row.action == action for row in rows)
    ]
    first = say(
        "For {spring_year} the rules of this page say: {listed}.",
        spring_year=school_year(spring_year + 1),
        listed="; ".join(clauses),
    )
    second = say(
        "They are a place to begin a conversation, not a decision: each says below what it"
        " rests on, and what is not known."
    )
    drawn = [row for row in rows if row.design == "lottery"]
    chosen = say("teachers were not assigned to PD at random, so the differences in growth are associations")
    if not any(row.design for row in rows):
        return first, second, say("No kind of PD could be compared with student growth.")
    if not drawn:
        return first, second, f"{capitalised(chosen)}."
    names = listed([terms.pd_type_in_sentence(row.pd_type) for row in drawn])
    return (
        first,
        second,
        say("Places in {names} were drawn by lot; otherwise {chosen}.", names=names, chosen=chosen),
    )


def _clause(action: str, names: Sequence[str]) -> str:
    clause = say(_ACTION_CLAUSES[action]).format(listed(names))
    return clause.replace(say(" as it is"), say(" as they are")) if len(names) > 1 else clause


def _names(rows: Sequence[RecommendationRow], action: str) -> list[str]:
    return [terms.pd_type_in_sentence(row.pd_type) for row in rows if row.action == action]


def stands_out(found: Decisions, spring_year: int) -> tuple[str, ...]:
    """Decisions that wait, left no trace or that the rules now contradict, and hours in what should end."""
    remarks = [(row, _noted(row)) for row in reversed(found.reviews)]
    return (
        *_to_end(found.recommendations, spring_year),
        *(f"{_decided(row)}: {'; '.join(what)}." for row, what in remarks if what),
        *(say("The table of rules: {warning}.", warning=row.warning) for row in found.rules if row.warning),
    )


def _decided(row: ReviewRow) -> str:
    owner = say(", owner: {owner_role}", owner_role=row.owner_role) if row.owner_role else ""
    return say(
        "{pd_type_name} (decided in {school_year}: {action}{owner})",
        pd_type_name=terms.pd_type_name(row.pd_type),
        school_year=school_year(row.school_year),
        action=row.action,
        owner=owner,
    )


def _noted(row: ReviewRow) -> list[str]:
    """What a reader must not miss about one decision; of a superseded one only whether it was acted on."""
    said = []
    if row.due in ("overdue", "due") and row.review_year is not None:
        when = say("was due by") if row.due == "overdue" else say("is due in")
        stage = say(" and it stands at {stage}", stage=row.stage) if row.stage else ""
        said.append(
            say(
                "the review {when} {review_year}{stage}",
                when=when,
                review_year=school_year(row.review_year),
                stage=stage,
            )
        )
    if row.acted_on == "no":
        said.append(
            say(
                "it cannot be seen that it was acted on, {acted_on_reason}",
                acted_on_reason=row.acted_on_reason,
            )
        )
    if row.verdict == "fell_short" and row.agrees is not None:
        said.append(say("less is found than was expected, {found_words}", found_words=found_words(row)))
    if row.agrees is False:
        said.append(say("the rules now say {recommended_action}", recommended_action=row.recommended_action))
    return said


def found_words(row: ReviewRow) -> str:
    """What was expected and what is found: "+0.03 SD expected, 0.00 (−0.02 to 0.03) found"."""
    expected = (
        say("nothing stated")
        if row.expected_effect_sd is None
        else say("{expected_effect_sd} SD", expected_effect_sd=signed(row.expected_effect_sd))
    )
    found = _with_interval(row.found_effect_sd, row.found_ci_low, row.found_ci_high)
    return say("{expected} expected, {found} found", expected=expected, found=found)


def _to_end(rows: Sequence[RecommendationRow], spring_year: int) -> tuple[str, ...]:
    """Hours, and money where it is known, of the report year in types to stop or pause."""
    ending = [row for row in rows if row.action in ("stop", "pause") and row.hours]
    total = sum(row.hours or 0.0 for row in rows)
    if not ending or not total:
        return ()
    hours = sum(row.hours or 0.0 for row in ending)
    costs = [row.total_cost for row in ending if row.total_cost is not None]
    cost = (
        say(", at a cost of {sum},", sum=count(round(sum(costs))))
        if costs and len(costs) == len(ending)
        else ""
    )
    names = listed([terms.pd_type_in_sentence(row.pd_type) for row in ending])
    return (
        say(
            "{hours} hours of {spring_year} ({hours_2} of all hours){cost} went to what the rules"
            " say to stop or pause: {names}.",
            hours=count(round(hours)),
            spring_year=school_year(spring_year),
            hours_2=percent(hours / total),
            cost=cost,
            names=names,
        ),
    )


def ledger_title(rows: Sequence[ReviewRow]) -> str:
    """What the ledger adds up to."""
    told = [row for row in rows if row.acted_on in ("yes", "no")]
    acted = sum(row.acted_on == "yes" for row in told)
    late = sum(row.due in ("due", "overdue") for row in rows)
    seen = (
        say("{acted} of {n_told} can be seen to have been acted on", acted=acted, n_told=len(told))
        if told
        else say("none can be judged yet")
    )
    waiting = (
        say("no review is waiting")
        if not late
        else say(
            "{late} {words} waiting", late=late, words=say("review is") if late == 1 else say("reviews are")
        )
    )
    return say(
        "Of {n_rows} {words}, {seen}; {waiting}",
        n_rows=len(rows),
        words=say("decision") if len(rows) == 1 else say("decisions"),
        seen=seen,
        waiting=waiting,
    )


def question_words(row: QuestionRow) -> str:
    """A question, what its answer is worth, and what would give it."""
    name = terms.pd_type_in_sentence(row.pd_type)
    if row.break_even_sd is None:
        return say(
            "{name}: does growth differ with it at all? {note}.",
            name=capitalised(name),
            note=capitalised(row.note or ""),
        )
    whom = (
        "students"
        if row.n_students is None
        else say("the {n_students} students", n_students=count(row.n_students))
    )
    asked = say(
        "{name}: is growth with it more than {break_even_sd} SD higher, so that it is worth"
        " giving to {whom} whose teachers did not take part?",
        name=capitalised(name),
        break_even_sd=decimal(row.break_even_sd, 3),
        whom=whom,
    )
    chance = say(
        " The chance is now {probability_worth_it}.",
        probability_worth_it=in_100(row.probability_worth_it or 0.0),
    )
    return say(
        "{asked}{chance}{worth} To find out: {how}.",
        asked=asked,
        chance=chance,
        worth=_worth(row),
        how=_how(row),
    )


def _worth(row: QuestionRow) -> str:
    if row.value_of_information is None:
        return ""
    value = count(round(row.value_of_information))
    if row.unit == "currency units":
        return say(" Knowing would be worth {value} in the study's currency.", value=value)
    gained = decimal(row.value_of_information, 1)
    return say(" Knowing would be worth as much growth as {gained} students gaining one SD.", gained=gained)


def _how(row: QuestionRow) -> str:
    if row.teachers_needed is None:
        return row.best_design
    size = say(
        "{teachers_needed} of {n_teachers} teachers taking part would show",
        teachers_needed=count(row.teachers_needed),
        n_teachers=count(row.n_teachers),
    )
    return say(
        "{best_design}; {size} a difference of {effect_to_find_sd} SD",
        best_design=row.best_design,
        size=size,
        effect_to_find_sd=decimal(row.effect_to_find_sd, 3),
    )


def common_unknowns(rows: Sequence[RecommendationRow]) -> tuple[str, ...]:
    """What is not known of any kind of PD, so that it need be said only once."""
    each = [tuple((row.not_known or "").split("; ")) for row in rows]
    return tuple(part for part in each[0] if part and all(part in parts for parts in each)) if each else ()


def own_unknowns(row: RecommendationRow, common: Sequence[str]) -> str:
    """What is not known of this kind of PD and known of others, as a sentence."""
    own = [part for part in (row.not_known or "").split("; ") if part and part not in common]
    return say("Not known of it: {listed}.", listed="; ".join(own)) if own else ""
