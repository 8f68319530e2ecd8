-- grain: one row per school (none: the district), school year and source of the ratings, and one for all sources
-- question: by how many points do ratings of need exceed ratings of fit?
with
ratings as (
    select * from core.school_priority_rating
),

staff_years as (
    select * from frames.staff_year
),

sourced_ratings as (
    select
        school_id,
        school_year,
        need,
        fit,
        unnest(['all', coalesce(source, 'unknown')]) as category
    from ratings
),

-- A priority counts by how much it is needed.
school_gaps as (
    select
        school_id,
        school_year,
        category,
        sum(need * (need - fit)) as numerator,
        sum(need) as denominator,
        sum(need * (need - fit)) / sum(need) as value
    from sourced_ratings
    group by school_id, school_year, category
),

school_sizes as (
    select
        school_id,
        school_year,
        count(*) as n_persons
    from staff_years
    where school_id is not null
    group by school_id, school_year
),

school_rows as (
    select
        school_gaps.school_id,
        school_gaps.school_year,
        school_gaps.category,
        school_gaps.value,
        school_gaps.numerator,
        school_gaps.denominator,
        cast(null as double) as ci_low,
        cast(null as double) as ci_high,
        coalesce(school_sizes.n_persons, 0) as n_persons
    from school_gaps
    left join school_sizes using (school_id, school_year)
),

-- In the district each school counts once.
district_means as (
    select
        school_year,
        category,
        avg(value) as value,
        sum(value) as numerator,
        count(*) as denominator,
        stddev_samp(value) / sqrt(count(*)) as std_error
    from school_gaps
    group by school_year, category
),

district_rows as (
    select
        cast(null as varchar) as school_id,
        district_means.school_year,
        district_means.category,
        district_means.value,
        district_means.numerator,
        district_means.denominator,
        district_means.value - quantiles.quantile * district_means.std_error as ci_low,
        district_means.value + quantiles.quantile * district_means.std_error as ci_high,
        cast(null as bigint) as n_persons
    from district_means
    left join temp.t_quantile as quantiles on quantiles.df = least(district_means.denominator - 1, 1000)
),

gaps as (
    select * from school_rows
    union all
    select * from district_rows
)

select * from gaps
