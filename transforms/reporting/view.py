"""What a report is made from: the published tables of one build, read into frozen values.

Only aggregates and the titles of activities are read: no query here touches a table with one row
per person.
"""

from __future__ import annotations

import duckdb

from transforms.reporting.evidence_view import read_evidence
from transforms.reporting.fill import filled
from transforms.reporting.growth_view import read_growth
from transforms.reporting.minimums import minimums
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

_BUILD = """
select build_id, study_name, report_year, started_at, pdeval_version, schema_version, input_fingerprint,
    settings
from meta.build where build_id = $build_id
"""
_EFFECTS = """
select design, pd_type, academic_subject, subgroup, contrast, estimate_sd, std_error, df, ci_low, ci_high,
    p_value, p_value_bh, n_students, n_staff, n_schools, n_clusters, n_participants, n_participant_schools,
    essa_tier, is_primary, estimate_scale_points, std_error_scale_points, std_error_model, note,
    effect_id, robustness_value, placebo_sd, placebo_std_error, placebo_p_value, wwc_rating, wwc_reasons,
    essa_reasons, coalesce(is_struck_out, false) as is_struck_out
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
    builds = filled(connection, Build, _BUILD, {"build_id": build_id})
    if not builds:
        raise LookupError(f"the database holds no build {build_id}")
    of_year = {"report_year": builds[0].report_year}
    return Report(
        build=builds[0],
        effects=filled(connection, EffectRow, _EFFECTS),
        variances=filled(connection, VarianceRow, _VARIANCES),
        intake=filled(connection, IntakeRow, _INTAKE),
        rejected=filled(connection, RejectedRow, _REJECTED),
        sample_flow=filled(connection, SampleStep, _SAMPLE_FLOW),
        reach=filled(connection, ReachRow, _REACH, of_year),
        district_reach=filled(connection, DistrictReachRow, _DISTRICT_REACH),
        growth=filled(connection, GrowthRow, _GROWTH, of_year),
        growth_percentiles=read_growth(connection, builds[0].report_year),
        evidence=read_evidence(connection, minimums(builds[0]).staff),
        validation=filled(connection, ValidationRow, _VALIDATION),
        unavailable=filled(connection, Unavailable, _UNAVAILABLE),
        activity_titles=tuple(connection.execute(_ACTIVITY_TITLES).fetchall()),
        packages=tuple(connection.execute(_PACKAGES).fetchall()),
    )
