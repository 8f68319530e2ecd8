-- grain: one row per indicator of this idea, school (none: the district), school year and category with a comparison
-- question: what is the value compared with: for a school the median of its level, for the district the year before?
with
indicators as (
    select indicators.*
    from estimates.indicator as indicators
    inner join estimates.indicator_definition as definitions using (indicator)
    where definitions.idea = 'balance' and indicators.value is not null
),

schools as (
    select * from core.school
),

leveled as (
    select
        indicators.*,
        coalesce(schools.school_level, 'unknown') as school_level
    from indicators
    left join schools using (school_id)
    where indicators.school_id is not null
),

peers as (
    select
        indicator,
        school_id,
        school_year,
        category,
        median(value) over same_level as comparison_value,
        count(*) over same_level as n_schools
    from leveled
    window same_level as (partition by indicator, school_year, category, school_level)
),

districts as (
    select
        later.indicator,
        later.school_id,
        later.school_year,
        later.category,
        earlier.value as comparison_value
    from indicators as later
    inner join indicators as earlier
        on later.indicator = earlier.indicator
        and later.category = earlier.category
        and later.school_year = earlier.school_year + 1
        and earlier.school_id is null
    where later.school_id is null
),

comparisons as (
    select * exclude (n_schools) from peers
    where n_schools >= $minimum_peers
    union all
    select * from districts
)

select * from comparisons
