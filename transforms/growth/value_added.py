"""Value-added in two steps: priors and covariates within teachers, then shrunk residual gains of groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from sql import quoted_identifier
from transforms.estimation.errors import EstimationError
from transforms.growth.value_added_groups import GroupFit, fit_groups
from transforms.growth.value_added_prior import PriorFit, fit_priors
from transforms.growth.value_added_sample import (
    ROWS,
    SCHOOL_YEARS,
    TEACHER_YEARS,
    Cell,
    ValueAddedSample,
    build_value_added_sample,
)

_GAINS = "value_added_gains"
_TEACHER_LEVELS = ("teacher_year", "teacher", "school")
_SCHOOL_LEVELS = ("school_year_number", "taught_school")
_CELLS = """
FROM frames.value_added_analysis SELECT DISTINCT assessment_id, academic_subject, growth_window
WHERE roster_weight > 0 ORDER BY ALL
"""
_RESIDUALS = """
CREATE OR REPLACE TEMP TABLE value_added_residual (
    student_id VARCHAR, staff_id VARCHAR, school_id VARCHAR, assessment_id VARCHAR, academic_subject VARCHAR,
    school_year SMALLINT, growth_window VARCHAR, roster_weight DOUBLE, residual DOUBLE)
"""
_GROUPS = """
CREATE OR REPLACE TEMP TABLE {name} (
    {group} VARCHAR, {home}assessment_id VARCHAR, academic_subject VARCHAR, school_year SMALLINT,
    growth_window VARCHAR, n_students BIGINT, value_added_sd DOUBLE, std_error DOUBLE, reliability DOUBLE,
    gain_sd DOUBLE, gain_std_error DOUBLE, note VARCHAR)
"""


@dataclass(frozen=True)
class _Groups:
    """Where the rows of one kind of group go, and which columns tell them apart."""

    table: str
    periods: str
    innermost: str
    group_columns: str


_TEACHERS = _Groups("value_added_teacher", TEACHER_YEARS, "teacher_year", "staff_id, school_id")
_SCHOOLS = _Groups("value_added_school", SCHOOL_YEARS, "school_year_number", "school_id")


def compute_value_added(
    connection: duckdb.DuckDBPyConnection, *, prior_degree: int, covariates: Sequence[str]
) -> None:
    """Fit every assessment, academic subject and growth window of frames.value_added_analysis.

    Appends to estimates.value_added_model, and makes the temporary tables value_added_residual (a row per
    student and teacher), value_added_teacher and value_added_school (a row per group and school year, small
    groups included). A teacher's value-added is school + teacher + teacher-year, against the average of all
    teachers of the same grades and years; a school's is school + school-year, from a model of its own. Where
    there is no honest number the model's note begins with "refused:", and its groups have no rows, or rows
    without value-added. Units: standard deviations of student scores.
    """
    connection.execute(_RESIDUALS)
    connection.execute(_GROUPS.format(name=_TEACHERS.table, group="staff_id", home="school_id VARCHAR, "))
    connection.execute(_GROUPS.format(name=_SCHOOLS.table, group="school_id", home=""))
    cells = [Cell(*row) for row in connection.execute(_CELLS).fetchall()]
    for cell in cells:
        sample = build_value_added_sample(connection, cell, prior_degree=prior_degree, covariates=covariates)
        try:
            priors = fit_priors(connection, sample)
            _make_gains(connection, priors)
            teachers = fit_groups(connection, _GAINS, _TEACHER_LEVELS)
        except EstimationError as error:
            _keep_model(connection, sample, None, None, (f"refused: {error}",))
            continue
        _keep_residuals(connection, cell, teachers)
        _keep_groups(connection, cell, _TEACHERS, teachers, teachers)
        notes = _keep_schools(connection, cell, teachers)
        _keep_model(connection, sample, priors, teachers, notes)


def _make_gains(connection: duckdb.DuckDBPyConnection, priors: PriorFit) -> None:
    """Score less what priors and covariates let expect, by row of the sample."""
    explained = " + ".join(f"? * {quoted_identifier(name)}" for name in priors.coefficients)
    query = (
        f"CREATE OR REPLACE TEMP TABLE {_GAINS} AS SELECT student_id, staff_id, school_id, school_year,",
        "weight, grade_year, teacher_year, teacher, school, school_year_number, taught_school,",
        f"score_sd - ({explained}) AS gain FROM {ROWS}",
    )
    connection.execute(" ".join(query), list(priors.coefficients.values()))


def _keep_residuals(connection: duckdb.DuckDBPyConnection, cell: Cell, fit: GroupFit) -> None:
    """Gains less the mean of their grade and year."""
    means = pa.table({"grade_year": list(fit.grade_years), "mean_gain": list(fit.grade_years.values())})
    connection.register("grade_year_means", means)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {_GAINS} AS SELECT *, gain - mean_gain AS residual"  # noqa: S608 - names of ours
        f" FROM {_GAINS} JOIN grade_year_means USING (grade_year)"
    )
    connection.unregister("grade_year_means")
    query = (
        f"INSERT INTO value_added_residual FROM {_GAINS}",
        "SELECT student_id, staff_id, school_id, ?, ?, school_year, ?, weight, residual",
    )
    connection.execute(" ".join(query), cell.values)


def _keep_groups(
    connection: duckdb.DuckDBPyConnection,
    cell: Cell,
    groups: _Groups,
    fit: GroupFit,
    teachers: GroupFit,
) -> None:
    """Shrunk and plain mean residual gain of each group and year; errors where groups differ at all."""
    found = pa.table(
        {
            fit.level: fit.ids,
            "value_added_sd": fit.estimates,
            "std_error": fit.std_errors,
            "reliability": fit.reliability,
        }
    )
    note = "" if fit.has_differences else "differences estimated as zero: no error can be given"
    connection.register("group_effects", found)
    query = (
        f"INSERT INTO {groups.table} WITH sizes AS (FROM {_GAINS} SELECT {groups.innermost},",
        "count(DISTINCT student_id) AS n_students, sum(weight) AS weight,",
        f"sum(weight * residual) / sum(weight) AS gain_sd GROUP BY {groups.innermost})",
        f"SELECT {groups.group_columns}, ?, ?, school_year, ?, n_students, value_added_sd,",
        "CASE WHEN ? THEN std_error END, reliability, gain_sd, sqrt(? / weight), nullif(?, '')",
        f"FROM {groups.periods} JOIN sizes USING ({groups.innermost})",
        f"JOIN group_effects USING ({fit.level})",
    )
    residual_variance = teachers.fit.sigma2
    bound = [*cell.values, fit.has_differences, residual_variance, note]
    connection.execute(" ".join(query), bound)
    connection.unregister("group_effects")


def _keep_schools(connection: duckdb.DuckDBPyConnection, cell: Cell, teachers: GroupFit) -> tuple[str, ...]:
    """Value-added of schools; where it is refused, their mean gains alone. Returns what is to be said."""
    try:
        schools = fit_groups(connection, _GAINS, _SCHOOL_LEVELS)
    except EstimationError as error:
        said = f"no value-added of schools: {error}"
        _keep_school_gains(connection, cell, teachers, said)
        return (said,)
    _keep_groups(connection, cell, _SCHOOLS, schools, teachers)
    return tuple(f"model of schools: {note}" for note in schools.notes)


def _keep_school_gains(
    connection: duckdb.DuckDBPyConnection, cell: Cell, teachers: GroupFit, said: str
) -> None:
    query = (
        f"INSERT INTO {_SCHOOLS.table} SELECT school_id, ?, ?, school_year, ?, count(DISTINCT student_id),",
        "NULL, NULL, NULL, sum(weight * residual) / sum(weight), sqrt(? / sum(weight)), ?",
        f"FROM {_GAINS} GROUP BY school_id, school_year",
    )
    connection.execute(" ".join(query), [*cell.values, teachers.fit.sigma2, said])


def _keep_model(
    connection: duckdb.DuckDBPyConnection,
    sample: ValueAddedSample,
    priors: PriorFit | None,
    teachers: GroupFit | None,
    notes: Sequence[str],
) -> None:
    n_students, n_staff, n_schools = (
        connection.table(ROWS)
        .aggregate("count(DISTINCT student_id), count(DISTINCT staff_id), count(DISTINCT school_id)")
        .fetchall()[0]
    )
    of_priors: tuple[float | None, ...] = (None, None, None)
    variances: list[float | None] = [None] * 4
    said = [*notes, *sample.notes]
    if priors is not None and teachers is not None:
        of_priors = (priors.slope, priors.uncorrected_slope, priors.reliability)
        variances = [teachers.variance(name) for name in ("school", "teacher", "teacher_year", "residual")]
        said += [*teachers.notes, *([f"left out: {', '.join(priors.left_out)}"] if priors.left_out else [])]
    row = [*sample.cell.values, n_students, n_staff, n_schools, *of_priors]
    row += [sample.is_error_corrected and priors is not None, *variances, "; ".join(said) or None]
    marks = ", ".join("?" for _ in row)
    connection.execute(f"INSERT INTO estimates.value_added_model VALUES ({marks})", row)  # noqa: S608 - marks alone
