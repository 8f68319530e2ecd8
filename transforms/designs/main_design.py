"""Which design answers first: one for all kinds of PD, so that they are compared alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import duckdb

_MOST_QUESTIONS = 0.8
DESIGNS_STRONGEST_FIRST = ("lottery", "event_study", "matched", "within_teacher", "adjusted")


class Answer(Protocol):
    """An effect as far as the choice of a design looks at it."""

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
    def is_refused(self) -> bool: ...
    @property
    def is_struck_out(self) -> bool: ...
    @property
    def is_primary(self) -> bool: ...


_Row = TypeVar("_Row", bound=Answer)


def main_comparisons(effects: Sequence[_Row]) -> tuple[_Row, ...]:
    """The rows that a report answers with: whole population, one design, one contrast.

    It is the strongest design with a number for most of the questions that any design answers, so that the
    kinds of PD are compared alike; within it the contrast that the study named in advance, else the one
    with more estimates, else taking part or not.
    """
    whole = [row for row in effects if row.subgroup == "all"]
    design = _main_design(whole)
    of_design = [row for row in whole if row.design == design]
    contrast = _main_contrast(of_design)
    return tuple(row for row in of_design if row.contrast == contrast)


def _main_design(rows: Sequence[Answer]) -> str:
    """Struck out designs count only where there are no others."""
    answered = {
        design: {(row.pd_type, row.academic_subject) for row in rows if _is_answer(row, design)}
        for design in (*DESIGNS_STRONGEST_FIRST, *sorted({row.design for row in rows}))
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


def _is_answer(row: Answer, design: str) -> bool:
    return row.design == design and not row.is_refused and not row.is_struck_out


def _main_contrast(rows: Sequence[Answer]) -> str:
    contrasts = sorted({row.contrast for row in rows}, key=lambda name: (name != "participated", name))

    def weight(contrast: str) -> tuple[bool, int]:
        estimated = [row for row in rows if row.contrast == contrast and not row.is_refused]
        return any(row.is_primary for row in estimated), len(estimated)

    return max(contrasts, key=weight, default="")


@dataclass(frozen=True)
class _Effect:
    design: str
    pd_type: str
    academic_subject: str
    subgroup: str
    contrast: str
    is_refused: bool
    is_struck_out: bool
    is_primary: bool


def make_main_effects(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary table main_effect: the rows of estimates.effect that the report answers with."""
    rows = connection.execute(
        "select design, pd_type, academic_subject, subgroup, contrast,"
        " estimate_sd is null or ci_low is null or ci_high is null,"
        " coalesce(is_struck_out, false), is_primary from estimates.effect"
        " order by design, academic_subject, contrast, pd_type, subgroup"
    ).fetchall()
    chosen = main_comparisons([_Effect(*row) for row in rows])
    named = (chosen[0].design, chosen[0].contrast) if chosen else ("", "")
    connection.execute(
        "create or replace temp table main_effect as"
        " select * from estimates.effect where design = ? and contrast = ? and subgroup = 'all'",
        list(named),
    )
