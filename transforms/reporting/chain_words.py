"""The sentences of the chain, each from numbers by rule.

A level that fails "breaks" the chain; one that is unclear or not shown "stops" it: what is not shown is not
shown to be absent. An association is never called an effect.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from transforms.reporting import terms
from transforms.reporting.catalogue import noted, say
from transforms.reporting.chain_rows import BreakRow, LinkRow
from transforms.reporting.numerals import capitalised, counted, decimal, interval, listed, signed
from transforms.surveys.chain_rules import SURVEY_LEVELS, ChainRules

ANSWERED = SURVEY_LEVELS
LINE = ChainRules().least_share
IN_SENTENCE = {
    "reaction": noted("reaction"),
    "learning": noted("learning"),
    "organization_support": noted("organization support"),
    "use_reported": noted("reported use"),
    "use_observed": noted("observed use"),
    "student_outcomes": noted("student growth"),
}


def links_of(links: Sequence[LinkRow], pd_type: str, level: str) -> list[LinkRow]:
    """The rows of one link over all years; several where growth has several subjects."""
    return [r for r in links if r.pd_type == pd_type and r.level == level and r.school_year is None]


def figure(row: LinkRow) -> str:
    """A value as it is written: answers plain, changes with their sign."""
    return decimal(row.value) if row.level in ANSWERED else signed(row.value)


def bounds(row: LinkRow) -> str:
    """The interval; with a third decimal where rounding would move an end onto the line of answers."""
    if row.ci_low is None or row.ci_high is None:
        return say("no interval")
    is_on_line = row.level in ANSWERED and LINE in (round(row.ci_low, 2), round(row.ci_high, 2))
    return interval(row.ci_low, row.ci_high, 3 if is_on_line else None)


def with_interval(row: LinkRow) -> str:
    """A value with its interval, or why there is none."""
    if row.value is None:
        return say("not shown")
    told = bounds(row)
    return f"{figure(row)}, {(told if row.ci_low is None else say('95% interval {told}', told=told))}"


def sentence(broken: BreakRow, links: Sequence[LinkRow]) -> str:
    """Where the chain of one PD type breaks, with the numbers."""
    name = terms.pd_type_name(broken.pd_type)
    levels = list(IN_SENTENCE)
    held = levels[: broken.n_levels_held]
    opening = _held(held, links, broken.pd_type)
    if broken.level is None:
        return say(
            "{name}: {opening}: the chain holds from reaction to student growth.", name=name, opening=opening
        )
    rows = links_of(links, broken.pd_type, broken.level)
    verb = say("breaks") if broken.outcome == "no" else say("stops")
    but = say("{opening}, but ", opening=opening) if held else ""
    told = say(
        "{name}: {but}{broken}: the chain {verb} at {in_sentence}.",
        name=name,
        but=but,
        broken=_broken(broken, rows),
        verb=verb,
        in_sentence=say(IN_SENTENCE[broken.level]),
    )
    return " ".join(filter(None, (told, _later(broken, links))))


def _held(levels: Sequence[str], links: Sequence[LinkRow], pd_type: str) -> str:
    parts = []
    for level in levels:
        rows = [row for row in links_of(links, pd_type, level) if row.holds == "yes"]
        parts.append(f"{say(IN_SENTENCE[level])} ({_figures(rows)})")
    return f"{listed(parts)} {(say('holds') if len(parts) == 1 else say('hold'))}" if parts else ""


def _figures(rows: Sequence[LinkRow]) -> str:
    if len(rows) == 1 and rows[0].academic_subject == "all":
        return figure(rows[0])
    return listed(
        [
            say(
                "{figure} SD in {subject_in_sentence}",
                figure=figure(row),
                subject_in_sentence=terms.subject_in_sentence(row.academic_subject),
            )
            for row in rows
        ]
    )


def _broken(broken: BreakRow, rows: Sequence[LinkRow]) -> str:
    level = str(broken.level)
    if broken.outcome == "not shown":
        reasons = dict.fromkeys(row.note for row in rows if row.note)
        why = f" ({'; '.join(reasons)})" if reasons else ""
        return say("nothing can be said of {in_sentence}{why}", in_sentence=say(IN_SENTENCE[level]), why=why)
    shown = [row for row in rows if row.value is not None]
    told = listed([f"{_in_subject(row)}{with_interval(row)}" for row in shown])
    return f"{_what_failed(level, broken.outcome)} ({told})"


def _in_subject(row: LinkRow) -> str:
    subject = row.academic_subject
    return "" if subject == "all" else f"{terms.subject_in_sentence(subject)} "


def _what_failed(level: str, outcome: str) -> str:
    failed, open_ = {
        "use_observed": (
            say("ratings of lessons changed too little to matter, compared with teachers not in it"),
            say("whether ratings of lessons changed more than those of teachers not in it cannot be told"),
        ),
        "student_outcomes": (
            say("student growth differs too little to matter, or the wrong way"),
            say("student growth cannot be told apart from no difference"),
        ),
    }.get(
        level,
        (
            say(
                "{in_sentence} is below {line:.2f} of the scale",
                in_sentence=say(IN_SENTENCE[level]),
                line=LINE,
            ),
            say(
                "{in_sentence} cannot be told to be above {line:.2f} of the scale",
                in_sentence=say(IN_SENTENCE[level]),
                line=LINE,
            ),
        ),
    )
    return failed if outcome == "no" else open_


def _later(broken: BreakRow, links: Sequence[LinkRow]) -> str:
    later = [level for level in (broken.later_levels or "").split(", ") if level]
    if "student_outcomes" not in later:
        return ""
    rows = [row for row in links_of(links, broken.pd_type, "student_outcomes") if row.holds == "yes"]
    told = say("Student growth is higher nevertheless ({figures})", figures=_figures(rows))
    is_drawn_by_lot = all((row.basis or "").startswith("lottery") for row in rows)
    return (
        f"{told}."
        if is_drawn_by_lot
        else say("{told}: an association that the links before it do not explain.", told=told)
    )


def answer(breaks: Sequence[BreakRow]) -> tuple[str, ...]:
    """What the page says first: how many chains are whole, and where the others break."""
    if not breaks:
        return (
            say(
                "No activity of any kind of professional development (PD) is on record, so there is no chain."
            ),
        )
    whole = [terms.pd_type_in_sentence(row.pd_type) for row in breaks if row.level is None]
    kinds = counted(len(breaks), "kind", "kinds")
    first = say(
        "Of {kinds} of professional development (PD), the chain from teachers' reaction to"
        " student growth is whole for {whole}.",
        kinds=kinds,
        whole=listed(whole) if whole else say("none"),
    )
    places = Counter(str(row.level) for row in breaks if row.level is not None)
    told = [
        say("at {in_sentence} for {places}", in_sentence=say(IN_SENTENCE[level]), places=places[level])
        for level in IN_SENTENCE
        if places.get(level)
    ]
    second = say("It breaks or stops {told}.", told=listed(told)) if told else ""
    third = say(
        "Each link needs the one before it: teachers like it, learn from it, are supported,"
        " use it, and their students grow. None of this shows a cause by itself."
    )
    return tuple(filter(None, (first, second, third)))


def stands_out(breaks: Sequence[BreakRow], links: Sequence[LinkRow]) -> tuple[str, ...]:
    """Whole chains; links that fail, by level; growth that the links before it do not explain."""
    told = [sentence(row, links) for row in breaks if row.level is None]
    for level in IN_SENTENCE:
        failed = [row for row in breaks if row.level == level and row.outcome == "no"]
        if failed:
            told.append(_failed_together(level, failed))
    grown = [row for row in breaks if "student_outcomes" in (row.later_levels or "")]
    if grown:
        told.append(_grown(grown, links))
    return tuple(told)


def _failed_together(level: str, rows: Sequence[BreakRow]) -> str:
    names = capitalised(listed([terms.pd_type_in_sentence(row.pd_type) for row in rows]))
    held = say(" all links before hold, but") if list(IN_SENTENCE).index(level) > 0 else ""
    return say(
        "{names}:{held} {what_failed}. The chain breaks at {in_sentence}.",
        names=names,
        held=held,
        what_failed=_what_failed(level, "no"),
        in_sentence=say(IN_SENTENCE[level]),
    )


def _grown(rows: Sequence[BreakRow], links: Sequence[LinkRow]) -> str:
    named = []
    for row in rows:
        growth = [r for r in links_of(links, row.pd_type, "student_outcomes") if r.holds == "yes"]
        named.append(f"{terms.pd_type_in_sentence(row.pd_type)} ({_figures(growth)})")
    return say(
        "Student growth is higher with {named} though a link before it does not hold.", named=listed(named)
    )


def matrix_title(breaks: Sequence[BreakRow]) -> str:
    """What to see in the picture of all chains."""
    places = Counter(str(row.level) for row in breaks if row.level is not None)
    if not places:
        return say("Every chain is whole")
    level, n = max(places.items(), key=lambda place: (place[1], -list(IN_SENTENCE).index(place[0])))
    return say(
        "{in_sentence} is where most chains break or stop: {n} of {n_breaks}",
        in_sentence=capitalised(say(IN_SENTENCE[level])),
        n=n,
        n_breaks=len(breaks),
    )
