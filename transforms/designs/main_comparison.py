"""Which comparisons of PD with growth are shown first: one rule for every page and table that picks one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

_MOST_QUESTIONS = 0.8
_DESIGNS_STRONGEST_FIRST = ("lottery", "event_study", "matched", "within_teacher", "adjusted")


class Comparison(Protocol):
    """What the rule reads of a row of estimates.effect; ``is_refused`` where it has no number."""

    @property
    def design(self) -> str: ...
    @property
    def pd_type(self) -> str: ...
    @property
    def academic_subject(self) -> str: ...
    @property
    def subgroup(self) -> str: ...
    @property
    def contrast(self) -> str: ...
    @property
    def is_primary(self) -> bool: ...
    @property
    def is_struck_out(self) -> bool: ...
    @property
    def is_refused(self) -> bool: ...


AnyComparison = TypeVar("AnyComparison", bound=Comparison)


def main_comparisons(effects: Sequence[AnyComparison]) -> tuple[AnyComparison, ...]:
    """The rows of the first screen: whole population, one design, one contrast.

    It is the strongest design with a number for most of the questions that any design answers, so that the
    kinds of PD are compared alike; within it the contrast that the study named in advance, else the one
    with more estimates, else taking part or not.
    """
    whole = [row for row in effects if row.subgroup == "all"]
    design = _main_design(whole)
    of_design = [row for row in whole if row.design == design]
    contrast = _main_contrast(of_design)
    return tuple(row for row in of_design if row.contrast == contrast)


def _main_design(rows: Sequence[Comparison]) -> str:
    """Struck out designs count only where there are no others."""
    answered = {
        design: {(row.pd_type, row.academic_subject) for row in rows if _is_answer(row, design)}
        for design in (*_DESIGNS_STRONGEST_FIRST, *sorted({row.design for row in rows}))
    }
    questions = set().union(*answered.values())
    for design, found in answered.items():
        if found and len(found) >= _MOST_QUESTIONS * len(questions):
            return design
    estimated = [row.design for row in rows if not row.is_refused]
    return (
        max(answered, key=lambda name: len(answered[name]))
        if questions
        else next(iter(estimated), rows[0].design if rows else "")
    )


def _is_answer(row: Comparison, design: str) -> bool:
    return row.design == design and not row.is_refused and not row.is_struck_out


def _main_contrast(rows: Sequence[Comparison]) -> str:
    contrasts = sorted({row.contrast for row in rows}, key=lambda name: (name != "participated", name))

    def weight(contrast: str) -> tuple[bool, int]:
        estimated = [row for row in rows if row.contrast == contrast and not row.is_refused]
        return any(row.is_primary for row in estimated), len(estimated)

    return max(contrasts, key=weight, default="")
