"""Which teacher-years of a panel the design ``matched`` compares, and on what they are balanced."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.designs.panel import BoolArray, DesignRefusedError, FloatArray, IntArray, TeacherPanel

PRIOR_GROWTH = "growth of the year before"
CLASS_PRIOR = "class mean prior score"
EXPERIENCE = "years of experience"
SCHOOL_PRIOR = "school mean prior score"
SCHOOL_GROWTH = "school mean growth of the year before"
SCHOOL_CONTEXT = (SCHOOL_PRIOR, SCHOOL_GROWTH)
UNITS = {
    PRIOR_GROWTH: "standard deviations of students",
    CLASS_PRIOR: "standard deviations of students",
    EXPERIENCE: "years",
    SCHOOL_PRIOR: "standard deviations of students",
    SCHOOL_GROWTH: "standard deviations of students",
}


@dataclass(frozen=True, eq=False)
class MatchedSample:
    """Rows of the panel (m of its n), in its order, that can be compared.

    ``rows`` (m) are their places in the panel, ``is_treated`` (m) marks the first year of taking part.
    ``characteristics`` has a column (m) for each name of ``UNITS`` that is known of anyone, nan where
    it is not known of the row. ``n_treated_alone`` are treated rows of years without a comparison, left out.
    """

    rows: IntArray
    is_treated: BoolArray
    characteristics: dict[str, FloatArray]
    school_year: IntArray
    n_treated_alone: int


def build_matched_sample(panel: TeacherPanel, type_position: int) -> MatchedSample:
    """Teacher-years with a year before, of those who take part for the first time or have not yet.

    A row is a teacher in one school: who teaches in two has two rows, and takes part in both. Raises
    DesignRefusedError where there is no year before, nobody treated, or nobody to compare with.
    """
    grid = _YearGrid.of(panel)
    first_year = _first_years(panel, type_position)
    prior_growth = grid.mean_before(panel.teacher, panel.growth_sd)
    has_before = ~np.isnan(prior_growth)
    if not has_before.any():
        raise DesignRefusedError("no teacher has a school year before it, so that there is no prior growth")
    starts = has_before & (panel.school_year == first_year[panel.teacher])
    waits = has_before & (panel.school_year < first_year[panel.teacher])
    if not starts.any():
        raise DesignRefusedError("nobody takes part for the first time with a school year before it")
    in_both = np.isin(panel.school_year, np.intersect1d(panel.school_year[starts], panel.school_year[waits]))
    if not in_both.any():
        raise DesignRefusedError(
            "in no school year are there both teachers who begin and teachers who do not"
        )
    rows = np.flatnonzero((starts | waits) & in_both)
    found = {
        PRIOR_GROWTH: prior_growth,
        CLASS_PRIOR: panel.prior_mean_sd,
        EXPERIENCE: panel.years_experience,
        SCHOOL_PRIOR: grid.mean_same(panel.school, panel.prior_mean_sd),
        SCHOOL_GROWTH: grid.mean_before(panel.school, panel.growth_sd),
    }
    known = {name: column[rows] for name, column in found.items() if not np.isnan(column[rows]).all()}
    return MatchedSample(rows, starts[rows], known, panel.school_year[rows], int((starts & ~in_both).sum()))


def balanced_columns(sample: MatchedSample, weight: FloatArray, has_context: bool) -> FloatArray:
    """Columns to balance (m, k): characteristics, indicators of missing ones, school years but the first.

    A missing value is the mean, which the indicator makes arbitrary.
    """
    columns = []
    for name, column in sample.characteristics.items():
        if name in SCHOOL_CONTEXT and not has_context:
            continue
        is_missing = np.isnan(column)
        mean = np.average(column[~is_missing], weights=weight[~is_missing])
        columns.append(np.where(is_missing, 0.0, column - mean))
        if is_missing.any():
            columns.append(is_missing.astype(float))
    years = np.unique(sample.school_year)
    columns += [(sample.school_year == year).astype(float) for year in years[1:]]
    return np.column_stack(columns)


def _first_years(panel: TeacherPanel, type_position: int) -> IntArray:
    """School year in which each teacher first took part (teachers); a far one for who never did."""
    never = np.iinfo(np.int64).max
    first = np.full(len(panel.staff_ids), never, dtype=np.int64)
    takes_part = panel.hours[:, type_position] > 0.0
    np.minimum.at(first, panel.teacher[takes_part], panel.school_year[takes_part])
    return first


@dataclass(frozen=True, eq=False)
class _YearGrid:
    """Means by group and school year of a panel, looked up for the same year or the one before."""

    year: IntArray
    weight: FloatArray
    n_years: int

    @classmethod
    def of(cls, panel: TeacherPanel) -> _YearGrid:
        # Place 0 is the year before the first, which has no rows.
        year = panel.school_year - panel.school_year.min() + 1
        return cls(year, panel.weight, int(year.max()) + 1)

    def mean_same(self, group: IntArray, values: FloatArray) -> FloatArray:
        place = group * self.n_years + self.year
        return self._means(place, values)[place]

    def mean_before(self, group: IntArray, values: FloatArray) -> FloatArray:
        place = group * self.n_years + self.year
        return self._means(place, values)[place - 1]

    def _means(self, place: IntArray, values: FloatArray) -> FloatArray:
        """Weighted means by place; nan where there is no row."""
        weights = np.bincount(place, self.weight)
        sums = np.bincount(place, self.weight * values)
        means = np.full(len(weights), np.nan)
        np.divide(sums, weights, out=means, where=weights > 0.0)
        return means
