"""When a level of Guskey's chain holds, and where the chain breaks: rules that the tables print.

Guskey (2000), Evaluating Professional Development: each level needs the one before it. An interval that
leaves both open is neither: no evidence of a change is no evidence of none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LEVELS = ("reaction", "learning", "organization_support", "use_reported", "use_observed", "student_outcomes")
SURVEY_LEVELS = LEVELS[:4]

HOLDS, FAILS, UNCLEAR, NOT_SHOWN, WHOLE = "yes", "no", "unclear", "not shown", "whole"


@dataclass(frozen=True)
class ChainRules:
    """Thresholds of the chain.

    ``least_share``: of the answer scale, which surveys have to be above; ``smallest_change_share`` and
    ``smallest_change_sd``: of ratings, smaller ones do not matter; ``smallest_growth_sd``: below it an
    effect on achievement is small (Kraft 2020, Educational Researcher 49(4)). Fewer than ``least_persons``
    people, or ``least_teachers`` rated before and after in either group, are not judged;
    ``least_comparison`` of the others must be there for a month in which participants start. Intervals with
    less than ``least_df`` degrees of freedom say little (Tipton 2015).
    """

    least_share: float = 0.60
    smallest_change_share: float = 0.05
    smallest_change_sd: float = 0.20
    smallest_growth_sd: float = 0.05
    alpha: float = 0.05
    least_persons: int = 5
    least_teachers: int = 10
    least_comparison: int = 5
    window_days: int = 365
    least_df: float = 4

    @property
    def survey_criterion(self) -> str:
        """When an answer to surveys holds."""
        line = f"{self.least_share:.2f} of the way from the lowest to the highest answer"
        return f"holds where the whole interval is above {line}, fails where it is below, else unclear"

    def change_criterion(self, smallest: float, unit: str) -> str:
        """When a change or a difference holds; ``smallest`` in ``unit`` is the least that matters."""
        return (
            f"holds where the whole interval is above 0 and the p-value among all PD types is below"
            f" {self.alpha:.2f}; fails where the whole interval is below {smallest:.2f} {unit}; else unclear"
        )


@dataclass(frozen=True)
class Figure:
    """A value with its interval; ``p_value_bh`` among all PD types where there are several."""

    value: float | None
    ci_low: float | None
    ci_high: float | None
    p_value_bh: float | None = None


def judge_share(figure: Figure, n_persons: int, rules: ChainRules) -> str:
    """Whether answers are above the line."""
    if figure.ci_low is None or figure.ci_high is None or n_persons < rules.least_persons:
        return NOT_SHOWN
    if figure.ci_low > rules.least_share:
        return HOLDS
    return FAILS if figure.ci_high < rules.least_share else UNCLEAR


def judge_change(figure: Figure, smallest: float, rules: ChainRules) -> str:
    """Whether there is a change for the better: clear of 0 and among all, or too small to matter, or open."""
    if figure.ci_low is None or figure.ci_high is None:
        return NOT_SHOWN
    is_clear_among_all = figure.p_value_bh is None or figure.p_value_bh < rules.alpha
    if figure.ci_low > 0 and is_clear_among_all:
        return HOLDS
    return FAILS if figure.ci_high < smallest else UNCLEAR


def combined(outcomes: Sequence[str]) -> str:
    """One outcome of several subjects: holds where one does, fails where all that are shown fail."""
    shown = [outcome for outcome in outcomes if outcome != NOT_SHOWN]
    if not shown:
        return NOT_SHOWN
    if HOLDS in shown:
        return HOLDS
    return FAILS if set(shown) == {FAILS} else UNCLEAR


@dataclass(frozen=True)
class Break:
    """The first level that does not hold (none: the chain is whole), and what holds beyond it."""

    level: str | None
    outcome: str
    n_levels_held: int
    later_levels: tuple[str, ...]


def find_break(holds: Mapping[str, str]) -> Break:
    """Where the chain of one PD type breaks; a level that is missing is not shown."""
    outcomes = {level: holds.get(level, NOT_SHOWN) for level in LEVELS}
    for place, level in enumerate(LEVELS):
        if outcomes[level] != HOLDS:
            later = tuple(name for name in LEVELS[place + 1 :] if outcomes[name] == HOLDS)
            return Break(level, outcomes[level], place, later)
    return Break(None, WHOLE, len(LEVELS), ())
