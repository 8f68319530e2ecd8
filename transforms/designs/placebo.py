"""The placebo outcome: what a teacher's students gained in the year before is not due to this year's hours.

Where it goes with them all the same, who takes part differs in what the design does not hold constant. Hours
of the year before are held constant: they may have had a true effect, and the same teachers take part again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from transforms.designs.adjusted_model import entangled_columns, full_rank
from transforms.designs.number import number
from transforms.designs.panel import (
    BoolArray,
    DesignRefusedError,
    FloatArray,
    IntArray,
    TeacherPanel,
)
from transforms.designs.panel_sums import panel_sums, rows_of_panel
from transforms.designs.settings import MINIMUM_SCHOOLS
from transforms.estimation.errors import EstimationError
from transforms.estimation.linear.least_squares import fit_least_squares
from transforms.estimation.linear.within import absorbed, determined_within, fit_absorbed
from transforms.estimation.robust.one_way import RobustFit, cluster_robust
from transforms.estimation.sums.crossproducts import CrossProducts

MINIMUM_TEACHERS = 10


@dataclass(frozen=True)
class PlaceboEstimate:
    """Growth of the year before by this year's hours: standard deviations of students, CR2 by school."""

    estimate_sd: float
    std_error: float
    df: float
    p_value: float
    n_rows: int


@dataclass(frozen=True, eq=False)
class YearBefore:
    """The rows (n) of a panel whose teacher has a row in the school year before, and that year.

    ``growth_sd``, ``weight``, ``n_students`` (n) and ``hours`` (n, k) are of the year before; a teacher of
    several schools then has the mean over them, weighted, and the sums of ``weight`` and ``n_students``.
    """

    rows: BoolArray
    growth_sd: FloatArray
    weight: FloatArray
    n_students: IntArray
    hours: FloatArray


def year_before(panel: TeacherPanel) -> YearBefore:
    """Each teacher's school year before, where there is one."""
    keys = panel.teacher * 10_000 + panel.school_year
    found, at = np.unique(keys, return_inverse=True)
    weight = np.bincount(at, panel.weight)
    growth = np.bincount(at, panel.weight * panel.growth_sd) / weight
    students = np.bincount(at, panel.n_students)
    hours = np.column_stack([np.bincount(at, panel.weight * column) / weight for column in panel.hours.T])
    place = np.minimum(np.searchsorted(found, keys - 1), len(found) - 1)
    rows = found[place] == keys - 1
    place = place[rows]
    return YearBefore(rows, growth[place], weight[place], students[place].astype(np.int64), hours[place])


def lagged_panel(panel: TeacherPanel) -> TeacherPanel:
    """The rows with a year before, with that year's growth, weight and students, and this year's hours.

    Any design on it estimates a placebo. Designs that cannot hold the hours of the year before constant
    find their true effect in it, too, where the same teachers take part again.
    """
    before = year_before(panel)
    kept = rows_of_panel(panel, before.rows)
    return replace(kept, growth_sd=before.growth_sd, weight=before.weight, n_students=before.n_students)


def placebo_estimates(panel: TeacherPanel, contrast: str, design: str) -> dict[str, PlaceboEstimate]:
    """Placebo of a regression design for each PD type, all jointly; types without a number are left out.

    ``adjusted``: weighted least squares with the within-school split of the hours and an indicator of each
    school year; ``within_teacher``: with effects of teacher in school and of school year. Raises
    DesignRefusedError where there are too few schools or teachers with a year before, or no fit.
    """
    before = year_before(panel)
    lagged = lagged_panel(panel)
    n_schools = len(np.unique(lagged.school))
    if n_schools < MINIMUM_SCHOOLS:
        raise DesignRefusedError(f"{n_schools} schools have teachers with a school year before")
    now = _exposures(lagged.hours, contrast)
    types = [
        at
        for at in range(len(panel.types))
        if len(np.unique(lagged.teacher[lagged.hours[:, at] > 0.0])) >= MINIMUM_TEACHERS
        and np.ptp(now[:, at]) > 0.0
    ]
    if not types:
        raise DesignRefusedError(
            f"fewer than {MINIMUM_TEACHERS} teachers with hours have a school year before"
        )
    columns = {panel.types[at]: now[:, at] for at in types}
    then = _exposures(before.hours, contrast)
    controls = {
        f"before {panel.types[at]}": then[:, at]
        for at in range(len(panel.types))
        if np.ptp(then[:, at]) > 0.0
    }
    for year in np.unique(lagged.school_year)[1:]:
        controls[f"year={year}"] = (lagged.school_year == year).astype(float)
    # Controls come first, so that a type that is a sum of them is the one without a number.
    sums = panel_sums(lagged, {**controls, **columns})
    try:
        robust, entangled = _fitted(sums, tuple(columns), tuple(controls), design)
    except EstimationError as error:
        raise DesignRefusedError(f"no placebo estimate: {error}") from error
    return _numbers(robust, [name for name in columns if name not in entangled], design, sums.n_rows)


def _exposures(hours: FloatArray, contrast: str) -> FloatArray:
    return hours / 10.0 if contrast == "per_10_hours" else (hours > 0.0).astype(float)


def _fitted(
    sums: CrossProducts, columns: tuple[str, ...], controls: tuple[str, ...], design: str
) -> tuple[RobustFit, dict[str, tuple[str, ...]]]:
    if design == "adjusted":
        sums, _, entangled = full_rank(sums.split_by_cluster(columns), controls)
        return cluster_robust(sums, fit_least_squares(sums), "CR2"), entangled
    products = absorbed(sums, "teacher").sum(axis=0)
    redundant = determined_within(sums, products, sums.names[1:-1])
    kept = [name for name in sums.names[1:-1] if name not in redundant]
    at = [sums.position(name) for name in (sums.names[0], *kept, sums.names[-1])]
    sums = sums.select(kept)
    fit = fit_absorbed(sums, "teacher", products[np.ix_(at, at)])
    return cluster_robust(sums, fit, "CR2"), entangled_columns(redundant, controls)


def _numbers(robust: RobustFit, types: list[str], design: str, n_rows: int) -> dict[str, PlaceboEstimate]:
    found = {}
    for name in types:
        at = robust.names.index(f"{name}:within" if design == "adjusted" else name)
        told = number(float(robust.params[at]), float(robust.std_errors[at]), float(robust.df[at]))
        if told is not None:
            found[name] = PlaceboEstimate(told.estimate_sd, told.std_error, told.df, told.p_value, n_rows)
    return found
