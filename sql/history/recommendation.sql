-- grain: one row per PD type
-- question: what does this report recommend, how sure is it, and why?
with
builds as (
    select * from meta.build
),

recommendations as (
    select * from report.recommendation
),

remembered as (
    select
        builds.build_id,
        builds.report_year,
        recommendations.pd_type,
        recommendations.action,
        recommendations.rule,
        recommendations.expected_effect_sd,
        recommendations.ci_low,
        recommendations.ci_high,
        recommendations.probability_positive,
        recommendations.probability_above_threshold,
        recommendations.design,
        recommendations.evidence_tier,
        recommendations.reasons,
        recommendations.evidence
    from builds
    cross join recommendations
)

select * from remembered
