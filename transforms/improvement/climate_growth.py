"""Whether students grow more in schools whose teachers answer higher: an association over school years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
from numpy.typing import NDArray

from sql import render_sql
from transforms.designs.settings import RELIABLE_DF
from transforms.estimation.errors import EstimationError
from transforms.estimation.formulas.compiler import compile_formula
from transforms.estimation.linear.least_squares import fit_least_squares
from transforms.estimation.robust.one_way import cluster_robust
from transforms.estimation.sums.design import Design
from transforms.estimation.sums.summation import cross_products
from transforms.improvement.driver_cells import DRIVERS, MINIMUM_PEOPLE, Cell
from transforms.improvement.one_coefficient import Coefficient, with_interval
from transforms.standards.multiplicity import with_adjusted
from transforms.surveys.icc import GroupSums, IntraclassCorrelation, intraclass_correlation
from transforms.warehouse import open_database

# A correlation over fewer schools says next to nothing.
MINIMUM_SCHOOLS = 10
# Below it a mean is more noise than school; dividing by it would make numbers up.
MINIMUM_ICC2 = 0.50

Record = dict[str, object]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Gain:
    """Mean residual gain of a school's students in a year, not shrunk, with its standard error (SD)."""

    academic_subject: str
    assessment_id: str
    growth_window: str
    school_id: str
    school_year: int
    gain_sd: float
    gain_std_error: float


@dataclass(frozen=True)
class SchoolYears:
    """Teachers' mean answer and the gain of the same school and year, row by row.

    ``score`` in points from 1 to 5; ``gain`` and ``gain_se`` in SD of student scores.
    """

    school: tuple[str, ...]
    year: NDArray[np.int64]
    score: FloatArray
    gain: FloatArray
    gain_se: FloatArray

    @property
    def weight(self) -> FloatArray:
        """Precision 1 / (tau^2 + se^2); tau^2 is the variance of gains within years beyond their errors."""
        within = self.gain - _year_means(self.gain, self.year, np.ones_like(self.gain))
        free = len(self.gain) - len(np.unique(self.year))
        variance = float((within**2).sum()) / free if free > 0 else 0.0
        between = max(0.0, variance - float((self.gain_se**2).mean()))
        precision: FloatArray = 1.0 / (between + self.gain_se**2)
        return precision / precision.mean()

    def within_years(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Score and gain about the weighted means of their year, and the weights."""
        weight = self.weight
        return (
            self.score - _year_means(self.score, self.year, weight),
            self.gain - _year_means(self.gain, self.year, weight),
            weight,
        )


def _year_means(values: FloatArray, years: NDArray[np.int64], weight: FloatArray) -> FloatArray:
    _, code = np.unique(years, return_inverse=True)
    means: FloatArray = np.bincount(code, weight * values) / np.bincount(code, weight)
    return means[code]


def read_gains(connection: duckdb.DuckDBPyConnection) -> tuple[Gain, ...]:
    """Gains of schools by the assessment and window of each subject that pages show."""
    return tuple(
        Gain(*row) for row in connection.execute(render_sql("improvement/school_gains.sql")).fetchall()
    )


def climate_growth(cells: Sequence[Cell], gains: Sequence[Gain]) -> list[Record]:
    """Rows of estimates.climate_growth for each driver with answers and subject with gains.

    ``cells`` of teachers, in schools and years where at least 5 of them answered.
    """
    subjects = sorted({gain.academic_subject for gain in gains})
    answered = {cell.driver for cell in cells if cell.n > 0}
    teachers = [cell for cell in cells if cell.role == "teacher" and cell.n_persons >= MINIMUM_PEOPLE]
    records = [
        _association(
            driver,
            [cell for cell in teachers if cell.driver == driver],
            [gain for gain in gains if gain.academic_subject == subject],
        )
        for driver in DRIVERS
        if driver in answered
        for subject in subjects
    ]
    return with_adjusted(records)


def _association(driver: str, cells: Sequence[Cell], gains: Sequence[Gain]) -> Record:
    by_place = {(cell.school_id, cell.school_year): cell for cell in cells}
    pairs = [
        (by_place[gain.school_id, gain.school_year], gain)
        for gain in gains
        if (gain.school_id, gain.school_year) in by_place
    ]
    used = [cell for cell, _ in pairs]
    correlation = intraclass_correlation(
        [GroupSums(cell.school_year, cell.n, cell.total, cell.squares) for cell in used]
    )
    n_schools = len({gain.school_id for _, gain in pairs})
    record: Record = {
        "driver": driver,
        "academic_subject": gains[0].academic_subject,
        "assessment_id": gains[0].assessment_id,
        "growth_window": gains[0].growth_window,
        "n_schools": n_schools,
        "n_school_years": len(pairs),
        "n_teachers": _teachers_a_year(used),
        "icc1": correlation.icc1 if correlation else None,
        "icc2": correlation.icc2 if correlation else None,
    }
    if n_schools < MINIMUM_SCHOOLS:
        reason = (
            f"refused: {n_schools} schools with 5 teachers' answers and growth; {MINIMUM_SCHOOLS} are needed"
        )
        return record | {"note": reason}
    return record | _values(_school_years(pairs), correlation)


def _teachers_a_year(cells: Sequence[Cell]) -> int | None:
    years = {cell.school_year for cell in cells}
    return sum(cell.n_persons for cell in cells) // len(years) if years else None


def _school_years(pairs: Sequence[tuple[Cell, Gain]]) -> SchoolYears:
    return SchoolYears(
        tuple(gain.school_id for _, gain in pairs),
        np.array([gain.school_year for _, gain in pairs], dtype=np.int64),
        np.array([cell.mean for cell, _ in pairs]),
        np.array([gain.gain_sd for _, gain in pairs]),
        np.array([gain.gain_std_error for _, gain in pairs]),
    )


def _values(rows: SchoolYears, correlation: IntraclassCorrelation | None) -> Record:
    score, gain, weight = rows.within_years()
    variances = (weight * score**2).sum(), (weight * gain**2).sum()
    free = len(score) - len(np.unique(rows.year))
    if min(variances) <= 1e-12 or free < 1:
        return {"note": "refused: answers or gains of the schools do not differ within years"}
    sd = float(np.sqrt(variances[0] / weight.sum() * len(score) / free))
    try:
        slope = slope_on_score(rows)
    except EstimationError as error:
        return {"note": f"refused: {error}"}
    if slope is None:
        return {"note": "refused: too few schools carry the slope"}
    values: Record = {
        "slope_points": slope.estimate,
        "slope_sd": slope.estimate * sd,
        "std_error": slope.std_error * sd,
        "df": slope.df,
        "ci_low": slope.ci_low * sd,
        "ci_high": slope.ci_high * sd,
        "p_value": slope.p_value,
        "correlation": float((weight * score * gain).sum() / np.sqrt(variances[0] * variances[1])),
        "sd_of_means": sd,
    }
    few = "few schools carry it: the interval is unreliable" if slope.df < RELIABLE_DF else None
    corrected = _disattenuated(values, correlation)
    note = "; ".join(str(text) for text in (few, corrected.pop("note", None)) if text) or None
    return values | corrected | {"note": note}


def slope_on_score(rows: SchoolYears) -> Coefficient | None:
    """SD of student scores per point: weighted least squares of gains on scores and years, CR2 by school."""
    import pyarrow as pa

    with open_database(None) as scratch:
        columns: Mapping[str, object] = {
            "school_id": list(rows.school),
            "school_year": rows.year,
            "score": rows.score,
            "gain": rows.gain,
            "weight": rows.weight,
        }
        given = pa.table(columns)
        scratch.register("given", given)
        scratch.execute("create table school_years as from given")
        has_years = len(np.unique(rows.year)) > 1
        formula = "gain ~ score + C(school_year)" if has_years else "gain ~ score"
        terms = compile_formula(scratch, "school_years", formula, weight="weight")
        design = Design(terms, ("school_id",), "weight", "school_id", "precision")
        sums = cross_products(scratch, "school_years", design)
        fit = fit_least_squares(sums)
        robust = cluster_robust(sums, fit)
    at = robust.names.index("score")
    return with_interval(
        float(robust.params[at]), float(np.sqrt(robust.cov_params[at, at])), float(robust.df[at])
    )


def _disattenuated(values: Record, correlation: IntraclassCorrelation | None) -> Record:
    """The slope for one SD of means without sampling error: divided by the root of their reliability."""
    if correlation is None:
        return {"note": "not corrected for error of the means: no ICC"}
    if correlation.icc2 < MINIMUM_ICC2:
        return {
            "note": f"not corrected for error of the means: ICC(2) is {correlation.icc2:.2f}, below"
            f" {MINIMUM_ICC2:.2f}"
        }
    root = float(np.sqrt(correlation.icc2))
    names = (
        ("slope_sd", "slope_disattenuated_sd"),
        ("ci_low", "disattenuated_ci_low"),
        ("ci_high", "disattenuated_ci_high"),
    )
    return {column: float(str(values[name])) / root for name, column in names}
