-- grain: one row per observation and place: the district (no school_id), and the school where there is one
-- question: when was which teacher observed for which purpose, and how many days later was there feedback?
with
observations as (
    select * from core.observation
),

staff_years as (
    select * from frames.staff_year
),

-- An observation has a row for each domain of the rubric; feedback is given once for all of them.
observed as (
    select
        observation_id,
        min(staff_id) as staff_id,
        min(observation_date) as observation_date,
        min(feedback_date) filter (where feedback_date >= observation_date) as feedback_date,
        coalesce(min(purpose), 'not recorded') as purpose
    from observations
    group by observation_id
),

-- What is not on record by then may still come.
last_day as (
    select max(greatest(observation_date, coalesce(feedback_date, observation_date))) as last_day
    from observations
),

dated as (
    select
        observed.*,
        cast(year(observation_date) + cast(month(observation_date) >= 7 as integer) as smallint) as school_year,
        feedback_date - observation_date as days_to_feedback,
        last_day.last_day - observation_date as days_on_record
    from observed
    cross join last_day
),

places as (
    select unnest(['district', 'school']) as place
),

placed as (
    select
        case when places.place = 'school' then staff_years.school_id end as school_id,
        dated.school_year,
        dated.observation_id,
        dated.staff_id,
        dated.purpose,
        dated.days_to_feedback,
        dated.days_on_record
    from dated
    inner join staff_years using (staff_id, school_year)
    cross join places
    where
        staff_years.is_teacher
        and (places.place = 'district' or staff_years.school_id is not null)
)

select * from placed
