-- grain: one row per school (none: the district) and school year
-- question: what share of teachers was observed and got feedback in time at least once in the year?
with
teachers as (
    select * from temp.placed_staff
    where is_teacher
),

observations as (
    select * from temp.placed_observation
),

observed_years as (
    select distinct school_year from observations
),

with_cycle as (
    select distinct
        staff_id,
        school_year
    from observations
    where days_to_feedback <= $feedback_days
),

counts as (
    select
        teachers.school_id,
        teachers.school_year,
        count(with_cycle.staff_id) as numerator,
        count(*) as denominator
    from teachers
    inner join observed_years using (school_year)
    left join with_cycle using (staff_id, school_year)
    group by teachers.school_id, teachers.school_year
),

shares as (
    select
        school_id,
        school_year,
        numerator / denominator as value,
        numerator,
        denominator,
        wilson_low(numerator, denominator) as ci_low,
        wilson_high(numerator, denominator) as ci_high,
        denominator as n_persons
    from counts
)

select * from shares
