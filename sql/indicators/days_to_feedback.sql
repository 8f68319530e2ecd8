-- grain: one row per school year and school, or (school_id none: the district) purpose of observation
-- question: how many days after the observation had half of the observed teachers got feedback?
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

-- One without feedback on record waits longer than any other.
medians as (
    select
        school_id,
        school_year,
        category,
        quantile_disc(coalesce(days_to_feedback, 'infinity'::double), 0.5) as median_days,
        count(*) filter (where days_to_feedback is null) as numerator,
        count(*) as denominator,
        count(distinct staff_id) as n_persons
    from by_purpose
    group by school_id, school_year, category
),

reached as (
    select
        school_id,
        school_year,
        category,
        case when isfinite(median_days) then median_days end as value,
        numerator,
        denominator,
        n_persons,
        case
            when not isfinite(median_days)
                then 'not reached: half or more of the observations have no feedback on record'
        end as note
    from medians
)

select * from reached
