"""The answer of the first screen: which comparisons it rests on, and three sentences about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from transforms.reporting import terms
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
        reason = reasons.most_common(1)[0][0] if reasons else "there was nothing to compare"
        return (
            "No kind of professional development (PD) could be compared with student growth.",
            f"The reason: {reason}.",
            "So nothing can be said about PD and growth here; what came in and whom PD reached follow.",
        )
    return _what_was_found(estimated), _what_says_most(estimated), _what_it_does_not_say(estimated)


def _what_was_found(rows: Sequence[EffectRow]) -> str:
    higher = [row for row in rows if verdict(row) is Verdict.HIGHER]
    lower = [row for row in rows if verdict(row) is Verdict.LOWER]
    if not higher and not lower:
        return _nothing_told_apart(rows)
    clauses = []
    if higher:
        clauses.append(f"{_named(higher)} {_goes(higher)} with higher student growth")
    if lower:
        clauses.append(f"{_named(lower)} {_goes(lower)} with lower {'' if higher else 'student '}growth")
    finding = " and ".join(clauses)
    rest = len(rows) - len(higher) - len(lower)
    if not rest:
        return f"{capitalised(finding)}."
    others = "one other comparison" if rest == 1 else f"{rest} other comparisons"
    return f"{capitalised(finding)}; {others} cannot be told apart from no difference."


def _nothing_told_apart(rows: Sequence[EffectRow]) -> str:
    if len(rows) == 1:
        name = capitalised(comparison_name(rows[0]))
        return f"{name} cannot be told apart from no difference in student growth."
    if len({row.pd_type for row in rows}) == 1:
        subjects = " or ".join(f"in {terms.subject_in_sentence(row.academic_subject)}" for row in rows)
        name = terms.pd_type_name(rows[0].pd_type)
        return f"{name} cannot be told apart from no difference in student growth, {subjects}."
    which = "Neither of the two" if len(rows) == 2 else f"None of the {len(rows)}"
    return (
        f"{which} comparisons of a kind of professional development (PD) with student growth"
        " can be told apart from no difference."
    )


def _named(rows: Sequence[EffectRow]) -> str:
    """Up to three comparisons by name, more by number."""
    if len(rows) > MOST_NAMED:
        return f"{len(rows)} kinds of professional development (PD) in a subject"
    return listed([comparison_name(row) for row in rows])


def _goes(rows: Sequence[EffectRow]) -> str:
    is_one_singular = len(rows) == 1 and not terms.is_plural(rows[0].pd_type)
    return "goes" if is_one_singular else "go"


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
        return f"The {'estimate' if is_one else 'estimates'} named in advance: {listed(names)}"
    if verdict(first).is_clear and first.estimate_sd is not None:
        return f"The largest clear difference is {names[0]}, {in_percentiles(first.estimate_sd)}"
    if is_one:
        return f"The estimate that says most is {names[0]}"
    if len({row.pd_type for row in leaders}) == 1:
        figures = [_figures(row, terms.subject_in_sentence(row.academic_subject), "in") for row in leaders]
        return f"For {terms.pd_type_in_sentence(first.pd_type)} the estimates are {listed(figures)}"
    return f"The estimates are {listed(names)}"


def _figures(row: EffectRow, name: str, preposition: str = "for") -> str:
    """An estimate with its interval: "+0.08 SD for coaching in mathematics (95% interval 0.02 to 0.14)"."""
    places = interval_decimals(row.ci_low or 0.0, row.ci_high or 0.0)
    dose = " per 10 hours" if row.contrast == "per_10_hours" else ""
    bounds = interval(row.ci_low, row.ci_high, places)
    return f"{signed(row.estimate_sd, places)} SD {preposition} {name}{dose} (95% interval {bounds})"


def _what_it_does_not_say(rows: Sequence[EffectRow]) -> str:
    is_any_clear = any(verdict(row).is_clear for row in rows)
    if rows[0].design == "lottery":
        drawn = "Places were drawn by lot"
        if is_any_clear:
            return f"{drawn}, so a clear difference can be put down to the offer."
        return f"{drawn}; still, this is no evidence of an effect, and no proof that there is none."
    chosen = (
        "Teachers were not assigned to professional development (PD) at random, so these are associations"
    )
    if is_any_clear:
        return f"{chosen}: they show where to look, not what caused the growth."
    return f"{chosen}; they are no evidence of an effect, and no proof that there is none."
