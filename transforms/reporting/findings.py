"""The answer of the first screen: which comparisons it rests on, and three sentences about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from transforms.reporting import terms
from transforms.reporting.catalogue import say
from transforms.reporting.numerals import capitalised, interval, interval_decimals, listed, signed
from transforms.reporting.rows import EffectRow
from transforms.reporting.words import (
    Verdict,
    carried_by,
    comparison_name,
    in_percentiles,
    refusal_reason,
    verdict,
)

MOST_NAMED = 3


def three_sentences(rows: Sequence[EffectRow]) -> tuple[str, str, str]:
    """What was found, the comparison that says most, and what it does not say."""
    estimated = [row for row in rows if not row.is_refused]
    if not estimated:
        reasons = Counter(refusal_reason(row) for row in rows)
        reason = reasons.most_common(1)[0][0] if reasons else say("there was nothing to compare")
        return (
            say("No kind of professional development (PD) could be compared with student growth."),
            say("The reason: {reason}.", reason=reason),
            say("So nothing can be said about PD and growth here; what came in and whom PD reached follow."),
        )
    return _what_was_found(estimated), _what_says_most(estimated), _what_it_does_not_say(estimated)


def _what_was_found(rows: Sequence[EffectRow]) -> str:
    higher = [row for row in rows if verdict(row) is Verdict.HIGHER]
    lower = [row for row in rows if verdict(row) is Verdict.LOWER]
    if not higher and not lower:
        return _nothing_told_apart(rows)
    clauses = []
    if higher:
        clauses.append(
            say("{named} {goes} with higher student growth", named=_named(higher), goes=_goes(higher))
        )
    if lower:
        clauses.append(
            say(
                "{named} {goes} with lower {words}growth",
                named=_named(lower),
                goes=_goes(lower),
                words="" if higher else say("student "),
            )
        )
    finding = say(" and ").join(clauses)
    rest = len(rows) - len(higher) - len(lower)
    if not rest:
        return f"{capitalised(finding)}."
    others = say("one other comparison") if rest == 1 else say("{rest} other comparisons", rest=rest)
    return say(
        "{finding}; {others} cannot be told apart from no difference.",
        finding=capitalised(finding),
        others=others,
    )


def _nothing_told_apart(rows: Sequence[EffectRow]) -> str:
    if len(rows) == 1:
        name = capitalised(comparison_name(rows[0]))
        return say("{name} cannot be told apart from no difference in student growth.", name=name)
    if len({row.pd_type for row in rows}) == 1:
        subjects = say(" or ").join(
            say(
                "in {subject_in_sentence}",
                subject_in_sentence=terms.subject_in_sentence(row.academic_subject),
            )
            for row in rows
        )
        name = terms.pd_type_name(rows[0].pd_type)
        return say(
            "{name} cannot be told apart from no difference in student growth, {subjects}.",
            name=name,
            subjects=subjects,
        )
    which = say("Neither of the two") if len(rows) == 2 else say("None of the {n_rows}", n_rows=len(rows))
    return say(
        "{which} comparisons of a kind of professional development (PD) with student growth"
        " can be told apart from no difference.",
        which=which,
    )


def _named(rows: Sequence[EffectRow]) -> str:
    """Up to three comparisons by name, more by number."""
    if len(rows) > MOST_NAMED:
        return say("{n_rows} kinds of professional development (PD) in a subject", n_rows=len(rows))
    return listed([comparison_name(row) for row in rows])


def _goes(rows: Sequence[EffectRow]) -> str:
    is_one_singular = len(rows) == 1 and not terms.is_plural(rows[0].pd_type)
    return say("goes") if is_one_singular else say("go")


def leading_rows(rows: Sequence[EffectRow]) -> list[EffectRow]:
    """The one or two rows that say most: named in advance, else clear and largest, else best carried."""
    estimated = [row for row in rows if not row.is_refused]
    primary = [row for row in estimated if row.is_primary]
    if primary:
        return primary[:2]
    clear = [row for row in estimated if verdict(row).is_clear]
    if clear:
        return sorted(clear, key=lambda row: -abs(row.estimate_sd or 0))[:1]
    if len(estimated) <= 2:
        return estimated
    return sorted(estimated, key=lambda row: -(row.n_participants or 0))[:1]


def _what_says_most(rows: Sequence[EffectRow]) -> str:
    leaders = leading_rows(rows)
    carriers = "; ".join(dict.fromkeys(carried_by(row).rstrip(".") for row in leaders))
    return f"{_estimates(leaders)}; {carriers}." if carriers else f"{_estimates(leaders)}."


def _estimates(leaders: Sequence[EffectRow]) -> str:
    first, is_one = leaders[0], len(leaders) == 1
    names = [_figures(row, comparison_name(row)) for row in leaders]
    if first.is_primary:
        return say(
            "The {words} named in advance: {names}",
            words=say("estimate") if is_one else say("estimates"),
            names=listed(names),
        )
    if verdict(first).is_clear and first.estimate_sd is not None:
        return say(
            "The largest clear difference is {names}, {in_percentiles}",
            names=names[0],
            in_percentiles=in_percentiles(first.estimate_sd),
        )
    if is_one:
        return say("The estimate that says most is {names}", names=names[0])
    if len({row.pd_type for row in leaders}) == 1:
        figures = [
            _figures(row, terms.subject_in_sentence(row.academic_subject), say("in")) for row in leaders
        ]
        return say(
            "For {pd_type_in_sentence} the estimates are {figures}",
            pd_type_in_sentence=terms.pd_type_in_sentence(first.pd_type),
            figures=listed(figures),
        )
    return say("The estimates are {names}", names=listed(names))


def _figures(row: EffectRow, name: str, preposition: str = say("for")) -> str:
    """An estimate with its interval: "+0.08 SD for coaching in mathematics (95% interval 0.02 to 0.14)"."""
    places = interval_decimals(row.ci_low or 0.0, row.ci_high or 0.0)
    dose = say(" per 10 hours") if row.contrast == "per_10_hours" else ""
    bounds = interval(row.ci_low, row.ci_high, places)
    return say(
        "{estimate_sd} SD {preposition} {name}{dose} (95% interval {bounds})",
        estimate_sd=signed(row.estimate_sd, places),
        preposition=preposition,
        name=name,
        dose=dose,
        bounds=bounds,
    )


def _what_it_does_not_say(rows: Sequence[EffectRow]) -> str:
    is_any_clear = any(verdict(row).is_clear for row in rows)
    if rows[0].design == "lottery":
        drawn = say("Places were drawn by lot")
        if is_any_clear:
            return say("{drawn}, so a clear difference can be put down to the offer.", drawn=drawn)
        return say(
            "{drawn}; still, this is no evidence of an effect, and no proof that there is none.", drawn=drawn
        )
    chosen = say(
        "Teachers were not assigned to professional development (PD) at random, so these are associations"
    )
    if is_any_clear:
        return say("{chosen}: they show where to look, not what caused the growth.", chosen=chosen)
    return say("{chosen}; they are no evidence of an effect, and no proof that there is none.", chosen=chosen)
