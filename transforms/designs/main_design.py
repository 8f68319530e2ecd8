"""Which design answers first: one for all kinds of PD, so that they are compared alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Protocol, TypeVar

import duckdb

from transforms.designs.ratings import STRONGEST_FIRST

_MOST_QUESTIONS = 0.8


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
    design = main_design(whole)
    of_design = [row for row in whole if row.design == design]
    contrast = _main_contrast(of_design)
    return tuple(row for row in of_design if row.contrast == contrast)


def main_design(rows: Sequence[Answer]) -> str:
    """The strongest design with most answers; where nothing is answered, the first that was asked."""
    answered: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in rows:
        if not row.is_refused and not row.is_struck_out:
            answered[row.design].add((row.pd_type, row.academic_subject))
    estimated = [row.design for row in rows if not row.is_refused]
    return strongest_design(answered) or next(iter(estimated), rows[0].design if rows else "")


def strongest_design(answered: Mapping[str, Set[Hashable]]) -> str | None:
    """The first design, strongest first, with a number for at least 80 % of the questions that any answers.

    ``answered`` holds the questions (as PD type and academic subject) that each design answers, struck out
    ones left out by the caller. Where no design answers so many: the one that answers most. None where
    nothing is answered.
    """
    ordered = [*STRONGEST_FIRST, *sorted(set(answered) - set(STRONGEST_FIRST))]
    found = {design: answered.get(design, frozenset()) for design in ordered}
    questions = set().union(*found.values())
    if not questions:
        return None
    for design, answers in found.items():
        if answers and len(answers) >= _MOST_QUESTIONS * len(questions):
            return design
    return max(found, key=lambda design: len(found[design]))


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


def main_design_and_contrast(connection: duckdb.DuckDBPyConnection) -> tuple[str, str]:
    """Design and contrast of ``main_comparisons`` of estimates.effect; both empty where there is no row."""
    rows = connection.execute(
        "select design, pd_type, academic_subject, subgroup, contrast,"
        " estimate_sd is null or ci_low is null or ci_high is null,"
        " coalesce(is_struck_out, false), is_primary from estimates.effect"
        " order by design, academic_subject, contrast, pd_type, subgroup"
    ).fetchall()
    chosen = main_comparisons([_Effect(*row) for row in rows])
    return (chosen[0].design, chosen[0].contrast) if chosen else ("", "")


def make_main_effects(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary table main_effect: the rows of estimates.effect that the report answers with."""
    connection.execute(
        "create or replace temp table main_effect as"
        " select * from estimates.effect where design = ? and contrast = ? and subgroup = 'all'",
        list(main_design_and_contrast(connection)),
    )
