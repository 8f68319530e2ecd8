-- grain: one row per school year and school, or (school_id none: the district) purpose of observation
-- question: how many observations followed by feedback in time did a teacher have in the year?
with
teachers as (
    select * from temp.placed_staff
    where is_teacher
),

observations as (
    select * from temp.placed_observation
),

by_purpose as (
    select
        school_id,
        school_year,
        unnest(case when school_id is null then ['all', purpose] else ['all'] end) as category,
        days_to_feedback
    from observations
),

totals as (
    select
        school_id,
        school_year,
        category,
        count(*) filter (where days_to_feedback <= $feedback_days) as n_cycles
    from by_purpose
    group by school_id, school_year, category
),

counts as (
    select
        school_id,
        school_year,
        count(*) as n_teachers
    from teachers
    group by school_id, school_year
),

-- A year without any observation is a year whose export is missing.
categories as (
    select distinct
        school_year,
        category
    from totals
    where school_id is null
),

means as (
    select
        counts.school_id,
        counts.school_year,
        categories.category,
        coalesce(totals.n_cycles, 0) / counts.n_teachers as value,
        coalesce(totals.n_cycles, 0) as numerator,
        counts.n_teachers as denominator,
        counts.n_teachers as n_persons
    from counts
    inner join categories
        on
            counts.school_year = categories.school_year
            and (counts.school_id is null or categories.category = 'all')
    left join totals
        on
            counts.school_id is not distinct from totals.school_id
            and counts.school_year = totals.school_year
            and categories.category = totals.category
)

select * from means
