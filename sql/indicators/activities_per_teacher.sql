-- grain: one row per school (none: the district) and school year
-- question: how many different activities did a teacher attend on average in the year?
with
staff_by_place as (
    select * from temp.placed_staff where is_teacher
),

activities as (
    select * from frames.staff_activity
),

attended as (
    select
        staff_id,
        school_year,
        count(distinct pd_activity_id) as n_activities
    from activities
    group by staff_id, school_year
),

-- In a year without any attendance on file activities are missing, not zero.
recorded_years as (
    select distinct school_year from activities
),

means as (
    select
        staff_by_place.school_id,
        school_year,
        sum(coalesce(attended.n_activities, 0)) / count(*) as value,
        sum(coalesce(attended.n_activities, 0)) as numerator,
        count(*) as denominator,
        count(*) as n_persons
    from staff_by_place
    inner join recorded_years using (school_year)
    left join attended using (staff_id, school_year)
    group by staff_by_place.school_id, school_year
)

select * from means
