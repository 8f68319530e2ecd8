"""The rows of growth percentiles that a report is made from, and which of them the pages show.

Every field has the name and the meaning of its column in ``expectations.growth_outputs``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar


class OfWindow(Protocol):
    """A row of one assessment, academic subject and growth window."""

    @property
    def assessment_id(self) -> str: ...
    @property
    def academic_subject(self) -> str: ...
    @property
    def growth_window(self) -> str: ...


_Row = TypeVar("_Row", bound=OfWindow)


@dataclass(frozen=True)
class DistributionRow:
    """How growth percentiles spread in one group; None where suppressed."""

    group_kind: str
    group_id: str
    group_name: str
    assessment_id: str
    academic_subject: str
    growth_window: str
    n_students: int | None
    sgp_p10: float | None
    sgp_p25: float | None
    sgp_p50: float | None
    sgp_p75: float | None
    sgp_p90: float | None
    median_sgp_ci_low: float | None
    median_sgp_ci_high: float | None
    is_suppressed: bool


@dataclass(frozen=True)
class QuadrantRow:
    """Status and growth of one school; None where suppressed."""

    school: str
    assessment_id: str
    academic_subject: str
    growth_window: str
    n_students: int | None
    mean_score_sd: float | None
    mean_prior_sd: float | None
    median_sgp: float | None
    median_sgp_ci_low: float | None
    median_sgp_ci_high: float | None
    value_added_sd: float | None
    std_error: float | None
    quadrant: str | None
    is_suppressed: bool

    @property
    def is_drawn(self) -> bool:
        """Whether the school has a place between status and growth."""
        return self.median_sgp is not None and self.mean_score_sd is not None


@dataclass(frozen=True)
class CurveRow:
    """One point of a percentile curve: the score at ``percentile`` after ``prior_score``."""

    assessment_id: str
    academic_subject: str
    growth_window: str
    grade_level: int
    prior_score: float
    percentile: int
    score: float
    n_students: int


@dataclass(frozen=True)
class GrowthCautionRow:
    """What limits the percentiles of one group, in one line."""

    assessment_id: str
    academic_subject: str
    growth_window: str
    topic: str
    group_name: str
    n_students: int | None
    share: float | None
    text: str


@dataclass(frozen=True)
class GrowthReport:
    """Growth percentiles of the report year; ``missing`` says why there are none, and is empty elsewhere."""

    distributions: tuple[DistributionRow, ...]
    quadrants: tuple[QuadrantRow, ...]
    curves: tuple[CurveRow, ...]
    cautions: tuple[GrowthCautionRow, ...]
    missing: tuple[str, ...]

    @property
    def has_percentiles(self) -> bool:
        """Whether any group of students can be shown with percentiles."""
        return any(row.sgp_p50 is not None for row in self.distributions) or any(
            row.median_sgp is not None for row in self.quadrants
        )


def main_growth(growth: GrowthReport) -> GrowthReport:
    """The rows of one assessment and growth window for each academic subject.

    A year's window (spring to spring) goes before one inside a year, which leaves out what summer does; then
    the one with most students. Pages show these; the database has the others.
    """
    students: Counter[tuple[str, str, str]] = Counter()
    for row in growth.quadrants:
        students[row.academic_subject, row.assessment_id, row.growth_window] += row.n_students or 0
    for subgroup in growth.distributions:
        if subgroup.group_id == "all":
            key = subgroup.academic_subject, subgroup.assessment_id, subgroup.growth_window
            students[key] += subgroup.n_students or 0
    main: dict[str, tuple[str, str]] = {}
    for subject, assessment, window in sorted(
        students, key=lambda key: (not _is_of_a_year(key[2]), -students[key], key)
    ):
        main.setdefault(subject, (assessment, window))
    return GrowthReport(
        _of_windows(growth.distributions, main),
        _of_windows(growth.quadrants, main),
        _of_windows(growth.curves, main),
        _of_windows(growth.cautions, main),
        growth.missing,
    )


def _is_of_a_year(growth_window: str) -> bool:
    first, _, last = growth_window.partition("_to_")
    return first == last


def _of_windows(rows: Iterable[_Row], main: dict[str, tuple[str, str]]) -> tuple[_Row, ...]:
    return tuple(
        row for row in rows if main.get(row.academic_subject) == (row.assessment_id, row.growth_window)
    )


def subjects_of(rows: Sequence[OfWindow]) -> list[str]:
    """Academic subjects in the order of the rows."""
    return list(dict.fromkeys(row.academic_subject for row in rows))
