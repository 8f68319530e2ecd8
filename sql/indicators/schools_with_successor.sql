-- grain: one row per school (none: the district) and school year
-- question: in what share of schools is somebody ready to follow the principal?
with
successors as (
    select * from estimates.school_successor
),

schools as (
    select * from core.school
),

described as (
    select
        successors.*,
        schools.school_level
    from successors
    left join schools using (school_id)
),

district_counts as (
    select
        school_year,
        count(*) filter (where has_successor) as numerator,
        count(*) as denominator
    from described
    group by school_year
),

district as (
    select
        *,
        numerator / denominator as value,
        wilson_low(numerator, denominator) as ci_low,
        wilson_high(numerator, denominator) as ci_high,
        lag(numerator / denominator) over (order by school_year) as comparison_value
    from district_counts
),

level_counts as (
    select
        school_year,
        school_level,
        count(*) filter (where has_successor) as n_with,
        count(*) as n_schools
    from described
    where school_level is not null
    group by school_year, school_level
),

places as (
    select
        described.school_id,
        described.school_year,
        cast(described.has_successor as integer) as value,
        cast(described.has_successor as integer) as numerator,
        1 as denominator,
        null as ci_low,
        null as ci_high,
        case
            when level_counts.n_schools > 1
                then (level_counts.n_with - cast(described.has_successor as integer)) / (level_counts.n_schools - 1)
        end as comparison_value,
        'described' as status
    from described
    left join level_counts using (school_year, school_level)
    union all by name
    select
        null as school_id,
        school_year,
        value,
        numerator,
        denominator,
        ci_low,
        ci_high,
        comparison_value,
        case
            when ci_low >= $successor_strength then 'strength'
            when ci_high < $successor_concern then 'concern'
            else 'typical'
        end as status
    from district
)

select * from places
