"""The rows of one value-added model, with the powers of their priors, as temporary tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from sql import quoted_identifier
from transforms.covariates import usable_covariates
from transforms.growth.error_moments import unbiased_power

ROWS = "value_added_rows"
TEACHER_YEARS = "value_added_teacher_years"
SCHOOL_YEARS = "value_added_school_years"
_CHOSEN = "value_added_chosen"
# Above it, rows without a standard error of measurement are too many to be left out.
_FEW = 0.05
_MOST = 0.5
_SHARES = """
SELECT
    sum(roster_weight * (prior_sem_sd IS NULL)::INT) / sum(roster_weight),
    sum(roster_weight * (other_prior_sd IS NULL)::INT) / sum(roster_weight),
    sum(roster_weight * (other_prior_sem_sd IS NULL)::INT) FILTER (other_prior_sd IS NOT NULL)
    / nullif(sum(roster_weight) FILTER (other_prior_sd IS NOT NULL), 0)
FROM frames.value_added_analysis
WHERE assessment_id = ? AND academic_subject = ? AND growth_window = ? AND roster_weight > 0
"""
# A teacher of two schools in a year is one group, in the school of most instruction.
_TEACHER_YEARS = """
CREATE OR REPLACE TEMP TABLE value_added_teacher_years AS
WITH places AS (
    FROM value_added_chosen SELECT staff_id, school_year, school_id, sum(weight) AS weight GROUP BY ALL),
homes AS (
    FROM places SELECT staff_id, school_year, first(school_id ORDER BY weight DESC, school_id) AS school_id
    GROUP BY staff_id, school_year),
sizes AS (
    FROM value_added_chosen SELECT staff_id, school_year, sum(weight) AS group_weight GROUP BY ALL)
SELECT
    *, row_number() OVER (ORDER BY staff_id, school_year) AS teacher_year,
    dense_rank() OVER (ORDER BY staff_id) AS teacher, dense_rank() OVER (ORDER BY school_id) AS school
FROM homes JOIN sizes USING (staff_id, school_year)
"""
_SCHOOL_YEARS = """
CREATE OR REPLACE TEMP TABLE value_added_school_years AS
WITH places AS (FROM value_added_chosen SELECT DISTINCT school_id, school_year)
SELECT
    *, row_number() OVER (ORDER BY school_id, school_year) AS school_year_number,
    dense_rank() OVER (ORDER BY school_id) AS taught_school
FROM places
"""


@dataclass(frozen=True)
class Cell:
    """What one model is of."""

    assessment_id: str
    academic_subject: str
    growth_window: str

    @property
    def values(self) -> list[str]:
        """Values of the three columns, in their order."""
        return [self.assessment_id, self.academic_subject, self.growth_window]


@dataclass(frozen=True)
class ValueAddedSample:
    """What stands in the temporary table ``value_added_rows``: a row per student and teacher of the cell.

    ``columns`` are those of the model: prior_1 … prior_degree (unbiased powers), other_prior with
    other_prior_missing, covariates. Groups: grade_year; teacher_year, teacher, school; school_year_number,
    taught_school. ``notes`` say what the sample is.
    """

    cell: Cell
    prior_degree: int
    columns: tuple[str, ...]
    is_error_corrected: bool
    has_other_prior: bool
    notes: tuple[str, ...]

    @property
    def priors(self) -> tuple[str, ...]:
        """The columns of the prior."""
        return self.columns[: self.prior_degree]

    @property
    def as_measured(self) -> dict[str, str]:
        """By column of the prior that is not the power as measured, the one that is."""
        if not self.is_error_corrected:
            return {}
        return {f"prior_{k}": f"measured_prior_{k}" for k in range(2, self.prior_degree + 1)}


@dataclass(frozen=True)
class _Errors:
    """What is known of errors of measurement: SQL of their variances, which rows stay, what is to be said."""

    prior: str
    other: str
    rows: str
    has_other_prior: bool
    notes: tuple[str, ...]


def build_value_added_sample(
    connection: duckdb.DuckDBPyConnection, cell: Cell, *, prior_degree: int, covariates: Sequence[str]
) -> ValueAddedSample:
    """Make the temporary tables of a cell of frames.value_added_analysis and say what is in them."""
    errors = _errors(connection, cell)
    n_left_out = _choose(connection, cell, errors)
    usable, left_out = usable_covariates(connection, _CHOSEN, [], covariates)
    columns = {f"prior_{k}": unbiased_power(k, "prior", "prior_error") for k in range(1, prior_degree + 1)}
    if errors.has_other_prior:
        columns["other_prior"] = "coalesce(other_prior_sd, 0)"
        if _has_missing(connection):
            columns["other_prior_missing"] = "other_prior_sd IS NULL"
    columns |= usable
    connection.execute(_TEACHER_YEARS)
    connection.execute(_SCHOOL_YEARS)
    measured = {f"measured_prior_{k}": f"prior ** {k}" for k in range(2, prior_degree + 1)}
    _make_rows(connection, columns | measured)
    notes = list(errors.notes)
    if n_left_out:
        notes.append(f"{n_left_out} rows without a standard error of measurement left out")
    if left_out:
        notes.append(f"left out: {', '.join(left_out)}")
    is_corrected = errors.prior != "0.0"
    return ValueAddedSample(
        cell, prior_degree, tuple(columns), is_corrected, errors.has_other_prior, tuple(notes)
    )


def _errors(connection: duckdb.DuckDBPyConnection, cell: Cell) -> _Errors:
    without_sem, without_other, other_without_sem = connection.execute(_SHARES, cell.values).fetchall()[0]
    notes, rows = [], ["true"]
    prior = other = "0.0"
    has_other = without_other <= _MOST
    if not has_other:
        notes.append("no prior in another subject for most students: left out")
    if without_sem > _FEW:
        notes.append(
            f"not corrected for errors of measurement: {without_sem:.0%} of the priors have no standard error"
        )
    else:
        prior = "prior_sem_sd ** 2"
        rows.append("prior_sem_sd IS NOT NULL")
        if has_other and other_without_sem > _FEW:
            notes.append(f"errors of the other prior not corrected for: unknown for {other_without_sem:.0%}")
        elif has_other:
            other = "coalesce(other_prior_sem_sd ** 2, 0)"
            rows.append("(other_prior_sd IS NULL OR other_prior_sem_sd IS NOT NULL)")
    return _Errors(prior, other, " AND ".join(rows), has_other, tuple(notes))


def _choose(connection: duckdb.DuckDBPyConnection, cell: Cell, errors: _Errors) -> int:
    """Make the table of the rows that stay; return how many do not."""
    query = (
        f"CREATE OR REPLACE TEMP TABLE {_CHOSEN} AS SELECT *, roster_weight AS weight,",
        f"prior_score_sd AS prior, {errors.prior} AS prior_error, {errors.other} AS other_error,",
        f"{errors.rows} AS stays FROM frames.value_added_analysis",
        "WHERE assessment_id = ? AND academic_subject = ? AND growth_window = ? AND roster_weight > 0",
    )
    connection.execute(" ".join(query), cell.values)
    n_left_out = connection.execute(f"SELECT count(*) FROM {_CHOSEN} WHERE NOT stays").fetchall()[0][0]  # noqa: S608 - a name of ours
    connection.execute(f"DELETE FROM {_CHOSEN} WHERE NOT stays")  # noqa: S608 - a name of ours
    return int(n_left_out)


def _has_missing(connection: duckdb.DuckDBPyConnection) -> bool:
    return bool(connection.table(_CHOSEN).aggregate("bool_or(other_prior_sd IS NULL)").fetchall()[0][0])


def _make_rows(connection: duckdb.DuckDBPyConnection, columns: dict[str, str]) -> None:
    keys = ["student_id", "staff_id", "chosen.school_id", "school_year", "grade_level", "score_sd"]
    errors = ["weight", "prior", "prior_error", "other_error", "group_weight"]
    groups = ["teacher_year", "teacher", "school", "school_year_number", "taught_school"]
    named = [f"CAST({made} AS DOUBLE) AS {quoted_identifier(name)}" for name, made in columns.items()]
    selected = [*keys, *errors, *groups, "school_year::INT * 100 + grade_level AS grade_year", *named]
    query = (
        f"CREATE OR REPLACE TEMP TABLE {ROWS} AS SELECT {', '.join(selected)}",
        f"FROM {_CHOSEN} AS chosen",
        f"JOIN (FROM {TEACHER_YEARS} SELECT * EXCLUDE (school_id)) AS taught",
        f"USING (staff_id, school_year) JOIN {SCHOOL_YEARS} USING (school_id, school_year)",
    )
    connection.execute(" ".join(query))
    connection.execute(f"DROP TABLE {_CHOSEN}")
