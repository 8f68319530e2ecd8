"""Group-time effects of a staggered start, and what each teacher adds to their error.

ATT(g, t) is the change from the year before the start g to year t of the teachers who start in g, less that
of teachers who have not started by t (Callaway and Sant'Anna 2021, without covariates, equation 2.9). It
equals diff-diff's, which publishes leads and lags; here it is computed for all cohorts at once in a
millisecond, with the influence functions by school that covariances between estimates and calibration need.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.designs.panel import BoolArray, DesignRefusedError, FloatArray, IntArray, TeacherPanel
from transforms.designs.settings import MINIMUM_SCHOOLS

NEVER = 9999


@dataclass(frozen=True, eq=False)
class Starts:
    """Teachers by year: ``growth`` and ``prior`` (teachers, years), nan where a teacher is not seen.

    ``cohort`` (teachers) is the first year of taking part, NEVER for those who do not; ``school``
    (teachers) the school first seen in. ``teacher_of_row`` (n) is the place of each row of the panel, -1
    for teachers who took part in the first year that they are seen in: nothing is known of them before.
    """

    years: IntArray
    growth: FloatArray
    prior: FloatArray
    cohort: IntArray
    school: IntArray
    teacher_of_row: IntArray
    n_started_before: int

    @property
    def starting_years(self) -> list[int]:
        """The years with a start. The year before is the one before it in the panel: where a year has no
        growth (a test that was not given), time counts the others."""
        return [int(g) for g in np.unique(self.cohort) if g != NEVER]

    def position(self, year: int) -> int:
        """Place of a year of the panel."""
        return int(np.searchsorted(self.years, year))


@dataclass(frozen=True, eq=False)
class GroupTimeEffects:
    """ATT(g, t) of ``cells`` (g, t) with t from g on: ``effects`` (cells), ``influence`` (cells, teachers).

    ``treated`` and ``compared`` (teachers) mark those who are so in a cell; ``n_left_out`` counts cells
    without enough teachers to compare with.
    """

    cells: tuple[tuple[int, int], ...]
    effects: FloatArray
    influence: FloatArray
    treated: BoolArray
    compared: BoolArray
    n_left_out: int


def read_starts(panel: TeacherPanel, type_position: int) -> Starts:
    """Arrange the panel by teacher and year; of several schools in a year the mean by students."""
    years = np.unique(panel.school_year)
    teachers, teacher = np.unique(panel.teacher, return_inverse=True)
    year = np.searchsorted(years, panel.school_year)
    shape = (len(teachers), len(years))
    weight = _summed(teacher, year, panel.weight, shape)
    with np.errstate(invalid="ignore"):
        growth = _summed(teacher, year, panel.weight * panel.growth_sd, shape) / weight
        prior = _summed(teacher, year, panel.weight * panel.prior_mean_sd, shape) / weight
    takes_part = _summed(teacher, year, panel.hours[:, type_position] > 0.0, shape) > 0.0
    first = np.where(takes_part.any(axis=1), years[takes_part.argmax(axis=1)], NEVER)
    seen_first = years[(weight > 0.0).argmax(axis=1)]
    kept = first > seen_first
    place = np.where(kept, np.cumsum(kept) - 1, -1)
    order = np.lexsort((panel.school, -panel.weight, panel.school_year, teacher))
    starts = np.unique(teacher[order], return_index=True)[1]
    school = panel.school[order][starts]
    return Starts(
        years=years,
        growth=growth[kept],
        prior=prior[kept],
        cohort=first[kept].astype(np.int64),
        school=school[kept].astype(np.int64),
        teacher_of_row=place[teacher].astype(np.int64),
        n_started_before=int((~kept).sum()),
    )


def _summed(
    teacher: IntArray, year: IntArray, values: FloatArray | BoolArray, shape: tuple[int, int]
) -> FloatArray:
    total = np.zeros(shape)
    np.add.at(total, (teacher, year), values)
    return total


def check_starts(starts: Starts, minimum_teachers: int) -> None:
    """Raise DesignRefusedError where too few start, are left to compare with, or are in too few schools."""
    if len(starts.years) < 2:
        raise DesignRefusedError("one school year, so that nobody has a year before the start")
    begins = starts.cohort != NEVER
    if begins.sum() < minimum_teachers:
        raise DesignRefusedError(
            f"{int(begins.sum())} teachers start with a year before it, fewer than {minimum_teachers}"
        )
    others = starts.cohort > min(starts.starting_years)
    if others.sum() < minimum_teachers:
        raise DesignRefusedError(
            f"{int(others.sum())} teachers have not started when others do, fewer than {minimum_teachers}"
        )
    n_schools = len(np.unique(starts.school))
    if n_schools < MINIMUM_SCHOOLS:
        raise DesignRefusedError(
            f"{n_schools} schools; standard errors by school need at least {MINIMUM_SCHOOLS}"
        )
    if len(np.unique(starts.school[begins])) < 2:
        raise DesignRefusedError("all who start are in one school")


def group_time_effects(starts: Starts, minimum_teachers: int) -> GroupTimeEffects:
    """Every ATT(g, t), t >= g, with enough teachers to compare with: few have no error that could be told.

    Raises DesignRefusedError where no cell has, or where too few of those who start are seen in the year
    before and later.
    """
    cells, effects, influence = [], [], []
    treated, compared = (np.zeros(len(starts.cohort), dtype=bool) for _ in range(2))
    n_left_out = 0
    for g in starts.starting_years:
        base = starts.position(g) - 1
        for j in range(base + 1, len(starts.years)):
            change = starts.growth[:, j] - starts.growth[:, base]
            is_seen = ~np.isnan(change)
            starting = is_seen & (starts.cohort == g)
            others = is_seen & (starts.cohort > starts.years[j])
            if not starting.any():
                continue
            if others.sum() < minimum_teachers:
                n_left_out += 1
                continue
            effect, parts = _difference(change, starting, others)
            cells.append((g, int(starts.years[j])))
            effects.append(effect)
            influence.append(parts)
            treated |= starting
            compared |= others
    if not cells:
        raise DesignRefusedError(
            f"no year after a start has {minimum_teachers} teachers who have not started, seen in both"
        )
    if treated.sum() < minimum_teachers:
        raise DesignRefusedError(
            f"{int(treated.sum())} teachers who start are seen in the year before and later, fewer than"
            f" {minimum_teachers}"
        )
    return GroupTimeEffects(
        tuple(cells), np.array(effects), np.array(influence), treated, compared, n_left_out
    )


def _difference(change: FloatArray, treated: BoolArray, compared: BoolArray) -> tuple[float, FloatArray]:
    """Difference of two means and what each row adds to its error."""
    means = change[treated].mean(), change[compared].mean()
    influence = np.zeros(len(change))
    influence[treated] = (change[treated] - means[0]) / treated.sum()
    influence[compared] = -(change[compared] - means[1]) / compared.sum()
    return float(means[0] - means[1]), influence


def average_of_groups(found: GroupTimeEffects, cohort: IntArray) -> tuple[float, FloatArray]:
    """Mean over those who start of the mean effect since their start, and its influence (teachers).

    Cohorts weigh by their teachers who are seen before and after, whose number is itself drawn (Callaway
    and Sant'Anna 2021, section 3.3, theta_sel; ``aggte(type = "group")`` of R's did).
    """
    n = len(cohort)
    groups = sorted({g for g, _ in found.cells})
    of_group = [[k for k, (g, _) in enumerate(found.cells) if g == group] for group in groups]
    effects = np.array([found.effects[cells].mean() for cells in of_group])
    influence = np.array([found.influence[cells].mean(axis=0) for cells in of_group])
    member = np.array([(cohort == group) & found.treated for group in groups], dtype=float)
    share = member.mean(axis=1)
    weight = share / share.sum()
    drawn = (member - share[:, None]) / share.sum()
    drawn -= np.outer(weight, (member - share[:, None]).sum(axis=0)) / share.sum()
    return float(weight @ effects), weight @ influence + effects @ drawn / n


def by_school(influence: FloatArray, school: IntArray, n_schools: int) -> FloatArray:
    """Influence of each school (n_schools), scaled by sqrt(G / (G - 1)) for G schools with teachers."""
    summed = np.zeros(n_schools)
    np.add.at(summed, school, influence)
    present = len(np.unique(school))
    return summed * np.sqrt(present / (present - 1.0))
