"""Which record a rating of a practice is held against, and when the two differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from transforms.improvement.settings import MINIMUM_STAFF

# Quartiles of fewer schools are single schools.
MINIMUM_SCHOOLS = 8
HIGH_RATING, LOW_RATING = 3.0, 2.0


class Verdict(Enum):
    """How a rating stands to a record."""

    ABOVE = "rated_above_records"
    BELOW = "rated_below_records"
    IN_LINE = "in_line"
    NOT_COMPARABLE = "not_comparable"


@dataclass(frozen=True)
class Observable:
    """A record that a practice would show in. Below ``floor`` (in the unit of the indicator) even a school
    with more than others has too little for a rating of 3; ``unit`` and ``why`` put it in words."""

    practice: str
    indicator: str
    floor: float
    unit: str
    why: str
    is_share: bool = False

    def number(self, value: float, limit: float | None = None) -> str:
        """A value without its unit, with as many decimals as tell it from ``limit``."""
        scale, sign = (100.0, "%") if self.is_share else (1.0, "")
        for decimals in range(0 if self.is_share else 1, 6):
            text = f"{value * scale:.{decimals}f}"
            if limit is None or value == limit or text != f"{limit * scale:.{decimals}f}":
                break
        return text.removesuffix(".0") + sign


_HOURS = "hours a teacher"

OBSERVABLES: tuple[Observable, ...] = (
    Observable(
        "coherent_curriculum", "curriculum_linked_hours", 4.0, f"curriculum-linked {_HOURS}",
        "one hour for each of four units in a year",
    ),
    Observable(
        "time_to_collaborate", "collaborative_planning_hours", 9.0, f"collaborative planning {_HOURS}",
        "level 3 says once a month: nine months of an hour",
    ),
    Observable(
        "feedback_to_teachers", "feedback_cycles", 1.0, "feedback cycles a teacher",
        "level 3 says once in each half of the year: less than one in the whole year is not that",
    ),
    Observable(
        "sustained_learning", "sustained_days", 0.25, "of participations that went on for 30 days",
        "fewer than one in four", is_share=True,
    ),
    Observable(
        "time_for_learning", "connected_hours", 9.0, f"connected {_HOURS}",
        "level 3 says time in most months: nine months of an hour",
    ),
    Observable(
        "follow_up", "hours_surveyed", 0.25, "of hours with a survey of participants",
        "fewer than one in four", is_share=True,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Comparison:
    """A rating beside a record: verdict, what it was compared with, and the rule with its numbers.

    ``is_little``: the value is below the floor or in the bottom quarter, whatever the rating.
    """

    verdict: Verdict
    note: str
    floor: float
    lower_quartile: float | None = None
    upper_quartile: float | None = None
    n_schools: int = 0
    is_little: bool = False


def compare_with_schools(
    rating: float,
    value: float | None,
    n_persons: int | None,
    same_level: Sequence[float],
    all_schools: Sequence[float],
    observable: Observable,
) -> Comparison:
    """Hold ``rating`` against ``value``.

    rated_above_records: a rating of 3 or more where the value is below the floor, or in the bottom quarter of
    the schools compared. rated_below_records: a rating of 2 or less where the value is in the top quarter and
    not below the floor. The schools compared are those of ``same_level`` where there are 8, else
    ``all_schools`` where there are 8; each includes the school itself.
    """
    floor = observable.floor
    if value is None:
        return Comparison(Verdict.NOT_COMPARABLE, "nothing on record for the school and year", floor)
    if n_persons is not None and n_persons < MINIMUM_STAFF:
        return Comparison(Verdict.NOT_COMPARABLE, f"fewer than {MINIMUM_STAFF} people on record", floor)
    compared = next((group for group in (same_level, all_schools) if len(group) >= MINIMUM_SCHOOLS), ())
    lower, upper = (_quantile(compared, 0.25), _quantile(compared, 0.75)) if compared else (None, None)
    little = _too_little(value, lower, observable)
    much = "" if little else _much(value, upper, observable)
    verdict = Verdict.IN_LINE
    if rating >= HIGH_RATING and little:
        verdict = Verdict.ABOVE
    elif rating <= LOW_RATING and much:
        verdict = Verdict.BELOW
    why = little or (much if verdict is Verdict.BELOW else "")
    limit = floor if value < floor else upper if verdict is Verdict.BELOW else lower
    shown = f"{observable.number(value, limit)} {observable.unit}"
    note = f"rated {rating:g}; on record {shown}{f', {why}' if why else ''}"
    return Comparison(verdict, note, floor, lower, upper, len(compared), bool(little))


def _too_little(value: float, lower: float | None, observable: Observable) -> str:
    """Why the value is little for a practice that is regular; empty where it is not."""
    if value < observable.floor:
        return f"below {observable.number(observable.floor, value)} ({observable.why})"
    if lower is not None and value < lower:
        return f"in the bottom quarter of schools (below {observable.number(lower, value)})"
    return ""


def _much(value: float, upper: float | None, observable: Observable) -> str:
    if upper is not None and value > upper:
        return f"in the top quarter of schools (above {observable.number(upper, value)})"
    return ""


def _quantile(values: Sequence[float], share: float) -> float:
    """Quantile with linear interpolation between order statistics (type 7 of Hyndman and Fan 1996)."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
