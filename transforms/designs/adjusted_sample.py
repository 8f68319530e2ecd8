"""The rows of the design ``adjusted``: growth_analysis of one subject with the hours of its teachers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from sql import quoted_identifier
from transforms.covariates import usable_covariates
from transforms.designs.adjusted_reach import UNITS, TypeReach, one_row, reach_of_type

ROWS = "adjusted_rows"
_SHARED = "adjusted_shared"
_OUTCOME_KEY = ("student_id", "assessment_id", "school_year", "term")
_UNIT_KEY = ("staff_id", "school_id", "school_year", "window_start", "window_end")
_CONTEXT_MEANS = ("class_mean_prior_sd", "school_mean_prior_sd")
_FACTORS = ("grade_level", "school_year", "term", "assessment_id")


@dataclass(frozen=True)
class AdjustedSample:
    """What stands in the temporary table ``adjusted_rows``: one row per row of growth_analysis.

    Columns: score_sd, roster_weight, the group columns school, teacher, teacher_year, ``controls``,
    and for each type hours:TYPE (tens of hours) and participated:TYPE (0 or 1; between them for a
    student who shares several teachers).
    ``left_out`` says which covariates could not be used and why.
    """

    academic_subject: str
    controls: tuple[str, ...]
    groups: tuple[str, ...]
    reach: tuple[TypeReach, ...]
    left_out: tuple[str, ...]
    n_students: int
    n_staff: int
    n_schools: int
    norm_sd: float | None


def subjects_with_growth(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Academic subjects of frames.growth_analysis, in order."""
    found = connection.execute("FROM frames.growth_analysis SELECT DISTINCT academic_subject ORDER BY ALL")
    return tuple(row[0] for row in found.fetchall())


def build_adjusted_sample(
    connection: duckdb.DuckDBPyConnection,
    academic_subject: str,
    *,
    prior_degree: int,
    covariates: Sequence[str],
    has_context_means: bool,
) -> AdjustedSample:
    """Make the temporary table of the sample and say what is in it. 0 hours where no exposure row is."""
    types = _pd_types(connection, academic_subject)
    _make_units(connection, academic_subject, types)
    expressions: dict[str, str] = {"prior": "prior_score_sd"}
    for degree in range(2, prior_degree + 1):
        expressions[f"prior_{degree}"] = f"prior_score_sd ** {degree}"
    if has_context_means:
        expressions |= {name: name for name in _CONTEXT_MEANS}
    sample = "(FROM frames.growth_analysis WHERE academic_subject = ? AND roster_weight > 0)"
    usable, left_out = usable_covariates(connection, sample, [academic_subject], covariates)
    expressions |= usable
    dummies, values = _dummies(connection, academic_subject)
    expressions |= dummies
    if one_row(connection, f"FROM {UNITS} SELECT max(other_hours) > 0")[0]:
        expressions["other_hours"] = "coalesce(shared.other_hours, units.other_hours) / 10"
    _make_shared(connection, academic_subject, len(types))
    _make_rows(connection, academic_subject, expressions, values, types)
    n_students, n_staff, n_schools, norm_low, norm_high = one_row(
        connection,
        "FROM frames.growth_analysis SELECT count(DISTINCT student_id), count(DISTINCT staff_id),"
        " count(DISTINCT school_id), min(norm_sd), max(norm_sd)"
        " WHERE academic_subject = ? AND roster_weight > 0",
        academic_subject,
    )
    return AdjustedSample(
        academic_subject,
        tuple(expressions),
        _groups(connection),
        tuple(reach_of_type(connection, i, pd_type) for i, pd_type in enumerate(types)),
        left_out,
        n_students,
        n_staff,
        n_schools,
        norm_low if norm_low == norm_high else None,
    )


def _pd_types(connection: duckdb.DuckDBPyConnection, academic_subject: str) -> tuple[str, ...]:
    found = connection.execute(
        "FROM frames.teacher_year_exposure SELECT DISTINCT pd_type WHERE academic_subject = ? ORDER BY ALL",
        [academic_subject],
    )
    return tuple(row[0] for row in found.fetchall())


def _make_units(connection: duckdb.DuckDBPyConnection, academic_subject: str, types: Sequence[str]) -> None:
    """One row per teacher, school, school year and window of the sample, with hours_0, hours_1, … by type."""
    hours = [
        f"coalesce(sum(aligned_hours) FILTER (pd_type = ?), 0) AS hours_{i}" for i, _ in enumerate(types)
    ]
    query = (
        f"CREATE OR REPLACE TEMP TABLE {UNITS} AS WITH taught AS (",
        f"FROM frames.growth_analysis SELECT DISTINCT {', '.join(_UNIT_KEY)}",
        "WHERE academic_subject = ? AND roster_weight > 0), exposure AS (",
        "FROM frames.teacher_year_exposure SELECT * WHERE academic_subject = ?), joined AS (",
        "FROM taught LEFT JOIN exposure USING (staff_id, school_year, window_start, window_end)",
        "SELECT",
        ", ".join([*_UNIT_KEY, *hours, "coalesce(sum(other_hours), 0) AS other_hours"]),
        f"GROUP BY {', '.join(_UNIT_KEY)})",
        "FROM joined SELECT *, dense_rank() OVER (ORDER BY school_id) AS school,",
        "dense_rank() OVER (ORDER BY staff_id) AS teacher",
    )
    connection.execute(" ".join(query), [academic_subject, academic_subject, *types])


def _dummies(
    connection: duckdb.DuckDBPyConnection, academic_subject: str
) -> tuple[dict[str, str], list[object]]:
    """Expression by column for each level but the first, and the bound values in their order."""
    expressions: dict[str, str] = {}
    values: list[object] = []
    for factor in _FACTORS:
        levels = connection.execute(
            " ".join(
                (
                    f"FROM frames.growth_analysis SELECT DISTINCT {factor}",
                    "WHERE academic_subject = ? AND roster_weight > 0 ORDER BY ALL",
                )
            ),
            [academic_subject],
        ).fetchall()
        for (level,) in levels[1:]:
            expressions[f"{factor}={level}"] = f"growth.{factor} = ?"
            values.append(level)
    return expressions, values


def _make_shared(connection: duckdb.DuckDBPyConnection, academic_subject: str, n_types: int) -> None:
    """One row per outcome of a student with several teachers: their exposure, weighted by roster share.

    Such a student learnt from all of them. With each row carrying its own teacher's hours alone, the
    colleague's hours would stand in the error and pull the estimate towards zero.
    """
    weight = "sum(growth.roster_weight)"
    means = [f"sum(growth.roster_weight * units.other_hours) / {weight} AS other_hours"]
    for i in range(n_types):
        means.append(f"sum(growth.roster_weight * units.hours_{i}) / {weight} AS hours_{i}")
        means.append(f"sum(growth.roster_weight * (units.hours_{i} > 0)::INT) / {weight} AS share_{i}")
    query = (
        f"CREATE OR REPLACE TEMP TABLE {_SHARED} AS SELECT {', '.join([*_OUTCOME_KEY, *means])}",
        f"FROM frames.growth_analysis AS growth JOIN {UNITS} AS units USING ({', '.join(_UNIT_KEY)})",
        "WHERE growth.academic_subject = ? AND growth.roster_weight > 0 AND growth.roster_weight < 1",
        f"GROUP BY {', '.join(_OUTCOME_KEY)}",
    )
    connection.execute(" ".join(query), [academic_subject])


def _make_rows(
    connection: duckdb.DuckDBPyConnection,
    academic_subject: str,
    expressions: dict[str, str],
    values: Sequence[object],
    types: Sequence[str],
) -> None:
    selected = [
        "score_sd",
        "roster_weight",
        "units.school",
        "units.teacher",
        "growth.school_year AS teacher_year",
    ]
    selected += [f"{expression} AS {quoted_identifier(name)}" for name, expression in expressions.items()]
    for i, pd_type in enumerate(types):
        hours = f"coalesce(shared.hours_{i}, units.hours_{i})"
        share = f"coalesce(shared.share_{i}, (units.hours_{i} > 0)::DOUBLE)"
        selected.append(f"{hours} / 10 AS {quoted_identifier(f'hours:{pd_type}')}")
        selected.append(f"{share} AS {quoted_identifier(f'participated:{pd_type}')}")
    query = (
        f"CREATE OR REPLACE TEMP TABLE {ROWS} AS SELECT",
        ", ".join(selected),
        f"FROM frames.growth_analysis AS growth JOIN {UNITS} AS units USING ({', '.join(_UNIT_KEY)})",
        f"LEFT JOIN {_SHARED} AS shared USING ({', '.join(_OUTCOME_KEY)})",
        "WHERE growth.academic_subject = ? AND growth.roster_weight > 0",
    )
    connection.execute(" ".join(query), [*values, academic_subject])


def _groups(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Levels that can be told apart, innermost first; school is always one.

    teacher_year stands only where some teacher has more than one year, teacher only where some
    school has more than one teacher, and neither where each of its groups has a single row.
    """
    rows, years, teachers, schools = one_row(
        connection,
        f"FROM {ROWS} SELECT count(*), count(DISTINCT (school, teacher, teacher_year)),"
        " count(DISTINCT (school, teacher)), count(DISTINCT school)",
    )
    levels = ["school"]
    if schools < teachers < rows:
        levels.insert(0, "teacher")
        if teachers < years < rows:
            levels.insert(0, "teacher_year")
    return tuple(levels)
