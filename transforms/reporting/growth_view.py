"""Growth percentiles of the report year, read from the published tables of one build: aggregates only."""

from __future__ import annotations

import duckdb

from transforms.reporting.catalogue import say
from transforms.reporting.fill import filled
from transforms.reporting.growth_rows import (
    CurveRow,
    DistributionRow,
    GrowthCautionRow,
    GrowthReport,
    QuadrantRow,
)

_DISTRIBUTIONS = """
select group_kind, group_id,
    case when count(distinct group_id) over (partition by group_kind, group_name) > 1
        then group_name || ' (' || group_id || ')' else group_name end as group_name,
    assessment_id, academic_subject, growth_window, n_students, sgp_p10, sgp_p25, sgp_p50, sgp_p75, sgp_p90,
    median_sgp_ci_low, median_sgp_ci_high, is_suppressed
from report.growth_distribution where school_year = $report_year
order by academic_subject, group_kind, group_name, assessment_id, growth_window
"""
_QUADRANTS = """
select case when count(distinct school_id) over (partition by school_name) > 1
        then school_name || ' (' || school_id || ')' else school_name end as school,
    assessment_id, academic_subject, growth_window, n_students, mean_score_sd, mean_prior_sd, median_sgp,
    median_sgp_ci_low, median_sgp_ci_high, value_added_sd, std_error, quadrant, is_suppressed
from report.growth_quadrant where school_year = $report_year
order by academic_subject, school, assessment_id, growth_window
"""
_CURVES = """
select assessment_id, academic_subject, growth_window, grade_level, prior_score, percentile, score, n_students
from report.percentile_curve where school_year = $report_year
order by academic_subject, grade_level, percentile, prior_score, assessment_id, growth_window
"""
_CAUTIONS = """
select assessment_id, academic_subject, growth_window, topic, group_name, n_students, share, text
from report.growth_caution where school_year = $report_year
order by topic, academic_subject, group_name
"""
# A note may count fewer students than may be shown: only the largest group of a subject speaks.
_MISSING = """
select academic_subject || ': ' || note from estimates.norm_group
where school_year = $report_year and reference = 'cohort' and not is_estimated and note is not null
    and n_students >= 10
qualify row_number() over (
    partition by academic_subject order by n_priors = 0, n_students desc, norm_group
) = 1
order by academic_subject
"""
_NOT_LINKED = "select topic || ': ' || reason from meta.unavailable where topic like 'growth%' order by topic"


def read_growth(connection: duckdb.DuckDBPyConnection, report_year: int) -> GrowthReport:
    """Read the growth of ``report_year``, and where no percentile may be shown, the reasons."""
    of_year = {"report_year": report_year}
    growth = GrowthReport(
        filled(connection, DistributionRow, _DISTRIBUTIONS, of_year),
        filled(connection, QuadrantRow, _QUADRANTS, of_year),
        filled(connection, CurveRow, _CURVES, of_year),
        filled(connection, GrowthCautionRow, _CAUTIONS, of_year),
        (),
    )
    if growth.has_percentiles:
        return growth
    reasons = connection.execute(_MISSING, of_year).fetchall() + connection.execute(_NOT_LINKED).fetchall()
    return GrowthReport(
        growth.distributions,
        growth.quadrants,
        growth.curves,
        growth.cautions,
        tuple(reason for (reason,) in reasons) or (say("no student has an earlier score on the same test"),),
    )
