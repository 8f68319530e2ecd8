"""What a report is made from: the published tables of one build, read into frozen values.

Only aggregates and the titles of activities are read: no query here touches a table with one row
per person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

import duckdb

from transforms.reporting.rows import (
    Build,
    DistrictReachRow,
    EffectRow,
    GrowthRow,
    IntakeRow,
    ReachRow,
    RejectedRow,
    Report,
    SampleStep,
    Unavailable,
    ValidationRow,
    VarianceRow,
)

_Row = TypeVar("_Row")


_BUILD = """
select build_id, study_name, report_year, started_at, pdeval_version, schema_version, input_fingerprint,
    settings
from meta.build where build_id = $build_id
"""
_EFFECTS = """
select design, pd_type, academic_subject, subgroup, contrast, estimate_sd, std_error, df, ci_low, ci_high,
    p_value, p_value_bh, n_students, n_staff, n_schools, n_clusters, n_participants, n_participant_schools,
    essa_tier, is_primary, estimate_scale_points, std_error_scale_points, std_error_model, note
from estimates.effect
order by design, academic_subject, contrast, pd_type, subgroup
"""
_VARIANCES = """
select design, academic_subject, contrast, group_name, variance_sd2, icc, n_groups, is_boundary
from estimates.variance_component
order by design, academic_subject, contrast,
    case group_name when 'school' then 1 when 'teacher' then 2 when 'teacher_year' then 3 else 4 end
"""
_INTAKE = """
select entity, rows_read, rows_loaded, rows_duplicate, rows_skipped, rows_quarantined
from report.intake order by rows_read desc, entity
"""
_REJECTED = """
select entity, source_file, rule, example_reason as reason, n_rows, first_line
from report.rejected_by_rule order by n_rows desc, entity, source_file, rule
"""
_SAMPLE_FLOW = """
select academic_subject, step, n_students, n_rows
from report.sample_flow order by academic_subject, step_number
"""
_REACH = """
select case when count(distinct school_id) over (partition by school_name) > 1
        then school_name || ' (' || school_id || ')' else school_name end as school,
    school_year, pd_type, n_teachers_reached as n_participants, n_teachers, share_of_teachers as share,
    hours_per_participant, share_of_teachers is null as is_suppressed
from report.pd_reach where school_year = $report_year order by school, pd_type
"""
_DISTRICT_REACH = """
select school_year, pd_type, n_teachers_reached as n_participants, n_teachers, share_of_teachers as share,
    hours, hours_per_participant, share_of_teachers is null as is_suppressed
from report.pd_reach_district order by school_year, pd_type
"""
_GROWTH = """
select case when count(distinct school_id) over (partition by school_name) > 1
        then school_name || ' (' || school_id || ')' else school_name end as school,
    academic_subject, school_year, n_students, mean_growth_sd as mean_gain_sd, is_suppressed
from report.growth_by_school where school_year = $report_year order by academic_subject, school
"""
_VALIDATION = """
select table_schema, table_name, column_name, rule, meaning, severity, status, n_rows, n_offending, detail
from meta.validation_result order by table_schema, table_name, rule_id
"""
_UNAVAILABLE = "select topic, reason from meta.unavailable order by topic"
_ACTIVITY_TITLES = """
select distinct pd_type, title from core.pd_activity
qualify row_number() over (partition by pd_type order by title) <= 3 order by pd_type, title
"""
_PACKAGES = "select package, version from meta.package_version order by package"


def read_report(connection: duckdb.DuckDBPyConnection, build_id: str) -> Report:
    """Read what the report of ``build_id`` shows; LookupError when the database holds another build."""
    builds = _rows(connection, Build, _BUILD, {"build_id": build_id})
    if not builds:
        raise LookupError(f"the database holds no build {build_id}")
    of_year = {"report_year": builds[0].report_year}
    return Report(
        build=builds[0],
        effects=_rows(connection, EffectRow, _EFFECTS),
        variances=_rows(connection, VarianceRow, _VARIANCES),
        intake=_rows(connection, IntakeRow, _INTAKE),
        rejected=_rows(connection, RejectedRow, _REJECTED),
        sample_flow=_rows(connection, SampleStep, _SAMPLE_FLOW),
        reach=_rows(connection, ReachRow, _REACH, of_year),
        district_reach=_rows(connection, DistrictReachRow, _DISTRICT_REACH),
        growth=_rows(connection, GrowthRow, _GROWTH, of_year),
        validation=_rows(connection, ValidationRow, _VALIDATION),
        unavailable=_rows(connection, Unavailable, _UNAVAILABLE),
        activity_titles=tuple(connection.execute(_ACTIVITY_TITLES).fetchall()),
        packages=tuple(connection.execute(_PACKAGES).fetchall()),
    )


def _rows(
    connection: duckdb.DuckDBPyConnection,
    row_type: type[_Row],
    query: str,
    parameters: Mapping[str, object] | None = None,
) -> tuple[_Row, ...]:
    """Run ``query`` and fill ``row_type`` by column name; a column that the type lacks is a TypeError."""
    cursor = connection.execute(query, parameters) if parameters else connection.execute(query)
    names = [column[0] for column in cursor.description or ()]
    expected = [field.name for field in fields(row_type)]  # type: ignore[arg-type]
    if names != expected:
        raise TypeError(f"{row_type.__name__} wants {expected}, the query gives {names}")
    make: Any = row_type
    return tuple(make(*row) for row in cursor.fetchall())
