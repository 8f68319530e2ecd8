-- grain: one row per school (none: the district) and school year
-- question: how many hours did a teacher spend in PD that is job-embedded and sustained?
with
teachers as (
    select * from temp.placed_staff
    where is_teacher
),

teacher_hours as (
    select
        staff_id,
        school_year,
        sum(hours) as hours
    from frames.staff_activity
    where is_connected
    group by staff_id, school_year
),

-- A year without any hours on record is a year whose export is missing, not one without PD.
recorded_years as (
    select distinct school_year from frames.staff_activity
),

means as (
    select
        teachers.school_id,
        teachers.school_year,
        coalesce(sum(teacher_hours.hours), 0) / count(*) as value,
        coalesce(sum(teacher_hours.hours), 0) as numerator,
        count(*) as denominator,
        count(*) as n_persons
    from teachers
    inner join recorded_years using (school_year)
    left join teacher_hours using (staff_id, school_year)
    group by teachers.school_id, teachers.school_year
)

select * from means
