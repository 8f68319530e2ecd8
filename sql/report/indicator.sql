-- grain: one row per indicator, school (none: the district), school year and category
-- question: which indicators may be shown, and what stands in place of the others?
with
indicators as (
    select * from estimates.indicator
),

definitions as (
    select * from estimates.indicator_definition
),

schools as (
    select * from core.school
),

judged as (
    select
        definitions.idea,
        indicators.indicator,
        definitions.label,
        definitions.unit,
        indicators.school_id,
        coalesce(schools.school_name, indicators.school_id) as school_name,
        indicators.school_year,
        indicators.category,
        indicators.value,
        indicators.numerator,
        indicators.denominator,
        indicators.ci_low,
        indicators.ci_high,
        indicators.comparison_value,
        indicators.status,
        indicators.n_persons,
        indicators.note,
        coalesce(indicators.n_persons < $minimum_staff, false) as is_suppressed
    from indicators
    inner join definitions using (indicator)
    left join schools using (school_id)
),

disclosed as (
    select
        idea,
        indicator,
        label,
        unit,
        school_id,
        school_name,
        school_year,
        category,
        case when not is_suppressed then value end as value,
        case when not is_suppressed then numerator end as numerator,
        case when not is_suppressed then denominator end as denominator,
        case when not is_suppressed then ci_low end as ci_low,
        case when not is_suppressed then ci_high end as ci_high,
        case when not is_suppressed then comparison_value end as comparison_value,
        case when is_suppressed then 'described' else status end as status,
        case when not is_suppressed then n_persons end as n_persons,
        case when is_suppressed then 'of too few people to be shown' else note end as note,
        is_suppressed
    from judged
)

select * from disclosed
