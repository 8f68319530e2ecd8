"""Which design speaks for a set of questions: the strongest that answers most of them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Set

DESIGNS_STRONGEST_FIRST = ("lottery", "event_study", "matched", "within_teacher", "adjusted")
MOST_QUESTIONS = 0.8


def strongest_design(answered: Mapping[str, Set[Hashable]]) -> str | None:
    """The first design, strongest first, with a number for at least 80 % of the questions that any answers.

    ``answered`` holds the questions (as PD type and academic subject) that each design answers, struck out
    ones left out by the caller. Where no design answers so many: the one that answers most. None where
    nothing is answered.
    """
    ordered = [*DESIGNS_STRONGEST_FIRST, *sorted(set(answered) - set(DESIGNS_STRONGEST_FIRST))]
    found = {design: answered.get(design, frozenset()) for design in ordered}
    questions = set().union(*found.values())
    if not questions:
        return None
    for design, answers in found.items():
        if answers and len(answers) >= MOST_QUESTIONS * len(questions):
            return design
    return max(found, key=lambda design: len(found[design]))
