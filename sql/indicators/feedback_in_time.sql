-- grain: one row per school year and school, or (school_id none: the district) purpose of observation
-- question: of what share of observations did the teacher get feedback within the days that are asked for?
with
observations as (
    select * from temp.placed_observation
),

by_purpose as (
    select
        school_id,
        school_year,
        unnest(case when school_id is null then ['all', purpose] else ['all'] end) as category,
        staff_id,
        days_to_feedback
    from observations
    where days_on_record >= $feedback_days
),

shares as (
    select
        school_id,
        school_year,
        category,
        count(*) filter (where days_to_feedback <= $feedback_days) / count(*) as value,
        count(*) filter (where days_to_feedback <= $feedback_days) as numerator,
        count(*) as denominator,
        count(distinct staff_id) as n_persons
    from by_purpose
    group by school_id, school_year, category
)

select * from shares
