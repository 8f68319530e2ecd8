"""What a simulated district is asked to be: its size, its seed and the truth planted in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from expectations.contract import PD_TYPES
from transforms.errors import UsageError

SUBJECTS = ("mathematics", "ela")
GRADES = (3, 4, 5, 6, 7, 8)
LAST_ELEMENTARY_GRADE = 5
DEFAULT_EFFECTS: Mapping[str, float] = MappingProxyType(
    dict.fromkeys(PD_TYPES, 0.0)
    | {"coaching": 0.10, "curriculum_based": 0.05, "collaborative_planning": 0.03}
)


@dataclass(frozen=True)
class GrowthTruth:
    """Constants of the growth model; variances and effects in squared SD and SD of observed scores.

    ``persistence`` is the share of last year's true score that stays. ``yearly_gaps`` are added each
    year to the growth of students with the attribute, so they settle at gap / (1 - persistence).
    """

    persistence: float = 0.80
    true_score_variance: float = 0.91
    subject_correlation: float = 0.70
    school_sd: float = 0.10
    teacher_sd: float = 0.15
    teacher_subject_correlation: float = 0.60
    teacher_year_sd: float = 0.08
    yearly_gaps: Mapping[str, float] = field(
        default_factory=lambda: {
            "is_english_learner": -0.06,
            "is_swd": -0.10,
            "is_economically_disadvantaged": -0.06,
            "is_gifted": 0.10,
        }
    )


@dataclass(frozen=True)
class DistrictPlan:
    """The order for one district.

    ``effects``: growth in student SD per 10 hours that a teacher attends in the growth window and in the
    outcome's subject, by PD type; a type that is not named keeps its default. ``selection``: how strongly
    taking part goes with teacher quality, school and experience, in log odds per SD of teacher quality;
    0 makes participation independent of all three. ``broken_share``: broken rows per good row.
    Raises UsageError on a plan that cannot be carried out.
    """

    n_students: int = 20_000
    n_years: int = 6
    seed: int = 7
    effects: Mapping[str, float] = field(default_factory=lambda: dict(DEFAULT_EFFECTS))
    selection: float = 0.5
    broken_share: float = 0.002
    last_school_year: int = 2025

    def __post_init__(self) -> None:
        unknown = sorted(set(self.effects) - set(PD_TYPES))
        if unknown:
            raise UsageError(f"effect of unknown PD type {unknown[0]}; known types: {', '.join(PD_TYPES)}")
        if self.n_students < 120:
            raise UsageError(f"a district needs at least 120 students, not {self.n_students}")
        if not 2 <= self.n_years <= 30:
            raise UsageError(f"a district needs 2 to 30 school years, not {self.n_years}")
        if not 0 <= self.broken_share <= 0.03:
            raise UsageError(f"the share of broken rows must be 0 to 0.03, not {self.broken_share}")

    @property
    def effect_by_type(self) -> dict[str, float]:
        """Planted effects of all PD types, student SD per 10 aligned hours."""
        return dict(DEFAULT_EFFECTS) | dict(self.effects)

    @property
    def school_years(self) -> tuple[int, ...]:
        """Spring years, oldest first."""
        return tuple(range(self.last_school_year - self.n_years + 1, self.last_school_year + 1))

    @property
    def n_schools_per_level(self) -> int:
        """Elementary schools, and as many middle schools: about 500 students each, fewer if small."""
        return max(3, min(round(self.n_students / 500), 10), round(self.n_students / 1000))

    @property
    def lottery_year_index(self) -> int:
        """Position of the school year in which coaching was offered by lot: the last but one."""
        return self.n_years - 2 if self.n_years > 2 else 1

    @property
    def first_interim_year_index(self) -> int:
        """Position of the first school year with interim tests; nobody is rostered for them in the first."""
        return max(1, self.n_years - 2)


@dataclass(frozen=True)
class Calendar:
    """Dates of each school year, shape (years,); ``test_date`` has shape (years, subjects)."""

    school_years: tuple[int, ...]
    first_day: np.ndarray
    last_day: np.ndarray
    test_date: np.ndarray

    def middle_day(self, year_index: int) -> np.datetime64:
        """Last day of the first half of a school year."""
        return np.datetime64(f"{self.school_years[year_index]}-01-15")


def named_stream(plan: DistrictPlan, name: str, year_index: int) -> np.random.Generator:
    """A generator of its own for one part of one year: what it draws shifts no other part's draws."""
    return np.random.default_rng((plan.seed, year_index, *name.encode()))


def day(year: int, month_day: str) -> np.datetime64:
    """The date ``year-month_day``."""
    return np.datetime64(f"{year}-{month_day}")


def make_calendar(rng: np.random.Generator, plan: DistrictPlan) -> Calendar:
    """Draw the school calendar; both tests fall in the last week of April, two days apart."""
    years = plan.school_years
    test_day = rng.integers(23, 28, len(years))
    mathematics = np.array([np.datetime64(f"{y}-04-{d}") for y, d in zip(years, test_day, strict=True)])
    return Calendar(
        school_years=years,
        first_day=np.array([day(y - 1, "08-15") for y in years]),
        last_day=np.array([day(y, "06-06") for y in years]),
        test_date=np.stack([mathematics, mathematics + 2], axis=1),
    )
