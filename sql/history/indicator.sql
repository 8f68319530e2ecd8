-- grain: one row per indicator and category of the district in the report year
-- question: which values of the district does this report show?
with
builds as (
    select * from meta.build
),

indicators as (
    select * from report.indicator
),

remembered as (
    select
        builds.build_id,
        builds.report_year,
        indicators.indicator,
        indicators.category,
        indicators.idea,
        indicators.label,
        indicators.unit,
        indicators.value,
        indicators.numerator,
        indicators.denominator,
        indicators.ci_low,
        indicators.ci_high,
        indicators.status,
        indicators.note
    from builds
    inner join indicators on builds.report_year = indicators.school_year
    where indicators.school_id is null
)

select * from remembered
