"""The sample that all designs share: sums of one academic subject by cell, and the hours of its teachers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

import duckdb
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from sql import quoted_identifier, render_sql
from transforms.covariates import usable_covariates
from transforms.designs.exposure import Exposure, TypeReach, reach_of_types
from transforms.designs.panel import BoolArray, FloatArray, IntArray
from transforms.designs.settings import DesignSettings
from transforms.estimation.sums.cell_columns import with_cell_columns
from transforms.estimation.sums.crossproducts import CrossProducts
from transforms.estimation.sums.design import Column, Design, Terms
from transforms.estimation.sums.summation import cross_products

CONTEXT_MEANS = ("class_mean_prior_sd", "school_mean_prior_sd")
_GROUPS = ("cell", "exposure", "school_year", "teacher", "school")
# What is the same for all students of an exposure needs no cells below it.
_KEPT = ("exposure", "teacher_year", "teacher", "school")
# Named as the mixed model names its levels.
_LEVELS = {"school_year": "teacher_year"}
_RESPONSE = "score_sd"


@dataclass(frozen=True, eq=False)
class DesignSample:
    """Sums over the design rows of one academic subject and subgroup.

    ``sums`` have a cell for each exposure (a unit, or a mixture of those that taught a student) in teacher-
    year in teacher in school, with all controls; columns of exposure are added by ``with_exposure``.
    ``controls`` are their names, ``left_out`` says which could not be used and why. ``staff_ids``,
    ``school_ids`` are the pseudonyms and ids by code, ``units`` (cells) is the unit that each cell belongs
    to, ``years_experience`` (units) is nan where it is not known.
    """

    academic_subject: str
    subgroup: str
    sums: CrossProducts
    exposure: Exposure
    reach: tuple[TypeReach, ...]
    controls: tuple[str, ...]
    left_out: tuple[str, ...]
    staff_ids: NDArray[Any]
    school_ids: NDArray[Any]
    units: IntArray
    years_experience: FloatArray
    students: IntArray
    rows_of_students: IntArray
    n_students: int
    n_staff: int
    n_schools: int
    norm_sd: float | None

    def n_students_of(self, rows: BoolArray) -> int:
        """Different students of the groups teacher_year that ``rows`` marks."""
        if rows.all():
            return self.n_students
        return int(np.count_nonzero(np.bincount(self.students[rows[self.rows_of_students]])))

    def with_exposure(self, columns: Mapping[str, FloatArray]) -> CrossProducts:
        """The sums with columns given by unit (units), each student carrying the mean of his teachers."""
        return with_cell_columns(
            self.sums, {name: self.exposure.of_cells(values) for name, values in columns.items()}
        )


def subjects_with_growth(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Academic subjects of frames.growth_analysis, in order."""
    found = connection.execute("FROM frames.growth_analysis SELECT DISTINCT academic_subject ORDER BY ALL")
    return tuple(row[0] for row in found.fetchall())


def make_design_rows(connection: duckdb.DuckDBPyConnection, academic_subject: str) -> None:
    """Make the temporary tables design_row, design_cell, design_exposure and design_unit of one subject."""
    for table in ("design_row", "design_cell", "design_exposure", "design_unit"):
        text = render_sql(f"designs/{table}.sql")
        bound = {"academic_subject": academic_subject} if "$academic_subject" in text else {}
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {text}", bound)


def read_sample(
    connection: duckdb.DuckDBPyConnection,
    academic_subject: str,
    settings: DesignSettings,
    subgroup: str = "all",
    condition: str = "true",
) -> DesignSample:
    """Sum the design rows for which ``condition``, an SQL expression of this project, holds.

    ``make_design_rows`` comes first. Raises EstimationError where there are no rows.
    """
    rows = f"(FROM temp.design_row WHERE {condition})"
    students = {"prior": "prior_score_sd"}
    for degree in range(2, settings.prior_degree + 1):
        students[f"prior_{degree}"] = f"prior_score_sd ** {degree}"
    usable, left_out = usable_covariates(connection, rows, [], settings.covariates)
    students |= usable
    columns = tuple(Column(name, f"CAST({sql} AS DOUBLE)") for name, sql in students.items())
    response = Column(_RESPONSE, f"CAST({quoted_identifier(_RESPONSE)} AS DOUBLE)")
    sums = cross_products(
        connection, rows, Design(Terms(response, columns), _GROUPS, "roster_weight", "school")
    )
    sums = replace(sums, group_names=tuple(_LEVELS.get(name, name) for name in sums.group_names))
    cell_columns = _cell_columns(connection, sums, settings)
    sums = with_cell_columns(sums, cell_columns).grouped_by(_KEPT, "school")
    exposure, units = _exposure(connection, academic_subject, sums.ids[0])
    if exposure.other_hours.any():
        other_hours = exposure.of_cells(exposure.other_hours.sum(axis=1)) / 10.0
        cell_columns["other_hours"] = other_hours
        sums = with_cell_columns(sums, {"other_hours": other_hours})
    pairs = _arrays(
        connection,
        f"FROM {rows} SELECT DISTINCT student,"
        " dense_rank() OVER (ORDER BY school, teacher, school_year) - 1 AS teacher_year",
    )
    staff_ids, school_ids = units["staff_id"], units["school_id"]
    present = np.unique(exposure.mixture.indices)
    norm_low, norm_high = _one_row(connection, f"FROM {rows} SELECT min(norm_sd), max(norm_sd)")
    return DesignSample(
        academic_subject=academic_subject,
        subgroup=subgroup,
        sums=sums,
        exposure=exposure,
        reach=reach_of_types(exposure, present),
        controls=(*students, *cell_columns),
        left_out=left_out,
        staff_ids=np.unique(staff_ids),
        school_ids=np.unique(school_ids),
        units=_arrays(connection, "FROM temp.design_exposure SELECT unit ORDER BY exposure")["unit"][
            sums.ids[0]
        ],
        years_experience=np.ma.filled(units["years_experience"].astype(float), np.nan),
        students=pairs["student"],
        rows_of_students=pairs["teacher_year"],
        n_students=len(np.unique(pairs["student"])),
        n_staff=len(np.unique(exposure.staff[present])),
        n_schools=len(sums.products),
        norm_sd=norm_low if norm_low == norm_high else None,
    )


def levels_to_tell_apart(sums: CrossProducts) -> tuple[str, ...]:
    """Levels of random intercepts, innermost first; school is always one.

    teacher_year stands only where some teacher has more than one year, teacher only where some
    school has more than one teacher, and neither where each of its groups has a single row.
    """
    _, years, teachers, schools = sums.n_groups
    levels = ["school"]
    if schools < teachers < sums.n_rows:
        levels.insert(0, "teacher")
        if teachers < years < sums.n_rows:
            levels.insert(0, "teacher_year")
    return tuple(levels)


def _cell_columns(
    connection: duckdb.DuckDBPyConnection, sums: CrossProducts, settings: DesignSettings
) -> dict[str, FloatArray]:
    """Context means, and an indicator of each grade and year, term and assessment but the first."""
    cells = _arrays(connection, "FROM temp.design_cell ORDER BY cell")
    at = sums.ids[0]
    years = sums.ids[2]
    columns: dict[str, FloatArray] = {}
    if settings.has_context_means:
        columns |= {name: cells[name][at] for name in CONTEXT_MEANS}
    grade_year = np.char.add(np.char.add(cells["grade_level"][at].astype(str), " in "), years.astype(str))
    columns |= _indicators("grade", grade_year)
    columns |= _indicators("term", cells["term"][at].astype(str))
    columns |= _indicators("assessment", cells["assessment_id"][at].astype(str))
    return columns


def _indicators(factor: str, values: NDArray[Any]) -> dict[str, FloatArray]:
    return {f"{factor}={level}": (values == level).astype(float) for level in np.unique(values)[1:]}


def _exposure(
    connection: duckdb.DuckDBPyConnection, academic_subject: str, cells: IntArray
) -> tuple[Exposure, dict[str, NDArray[Any]]]:
    """Hours of all units of the subject, and the mixture of units of each of ``cells``."""
    units = _arrays(connection, "FROM temp.design_unit ORDER BY unit")
    hours = _arrays(connection, render_sql("designs/unit_hours.sql"), academic_subject=academic_subject)
    types, type_at = _types(connection, academic_subject, hours["pd_type"])
    shape = (len(units["unit"]), len(types))

    def table(name: str) -> FloatArray:
        values = np.zeros(shape)
        values[hours["unit"], type_at] = hours[name]
        return values

    return Exposure(
        types=types,
        aligned_hours=table("aligned_hours"),
        other_hours=table("other_hours"),
        lagged_hours=table("lagged_hours"),
        staff=np.unique(units["staff_id"], return_inverse=True)[1],
        teacher=units["teacher"].astype(np.int64),
        school=units["school"].astype(np.int64),
        school_year=units["school_year"].astype(np.int64),
        mixture=_mixture(connection, cells, shape[0]),
    ), units


def _types(
    connection: duckdb.DuckDBPyConnection, academic_subject: str, named: NDArray[Any]
) -> tuple[tuple[str, ...], IntArray]:
    """Every type with a row of exposure in the subject, and the position of each of ``named`` among them."""
    found = connection.execute(
        "FROM frames.teacher_year_exposure SELECT DISTINCT pd_type WHERE academic_subject = ? ORDER BY ALL",
        [academic_subject],
    ).fetchall()
    types = tuple(row[0] for row in found)
    return types, np.array([types.index(name) for name in named.tolist()], dtype=np.int64)


def _mixture(connection: duckdb.DuckDBPyConnection, cells: IntArray, n_units: int) -> csr_array:
    """Share of each unit in each of ``cells`` (cells, units)."""
    found = _arrays(connection, render_sql("designs/exposure_unit.sql"))
    whole = csr_array(
        (found["share"], (found["exposure"], found["unit"])),
        shape=(int(found["exposure"].max()) + 1, n_units),
    )
    return whole[cells]


def _arrays(connection: duckdb.DuckDBPyConnection, query: str, **bound: object) -> dict[str, NDArray[Any]]:
    """The columns of a query's rows by name."""
    return cast("dict[str, NDArray[Any]]", connection.execute(query, bound or None).fetchnumpy())


def _one_row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    (row,) = connection.execute(query).fetchall()
    return row
