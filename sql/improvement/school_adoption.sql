-- grain: one row per PD type, school and school year with teachers, from the first to the last year with PD hours
-- question: in which year did enough of a school's teachers take part in a type for the first time?
with
staff_years as (
    select * from frames.staff_year
),

staff_activities as (
    select * from frames.staff_activity
),

types as (
    select distinct pd_type from staff_activities
),

recorded_years as (
    select
        min(school_year) as first_year,
        max(school_year) as last_year
    from staff_activities
),

teachers as (
    select
        staff_years.staff_id,
        staff_years.school_id,
        staff_years.school_year
    from staff_years
    cross join recorded_years
    where
        staff_years.is_teacher
        and staff_years.school_id is not null
        and staff_years.school_year between recorded_years.first_year and recorded_years.last_year
),

school_years as (
    select
        school_id,
        school_year,
        count(*) as n_teachers,
        min(school_year) over (partition by school_id) as first_year
    from teachers
    group by school_id, school_year
),

teacher_hours as (
    select
        staff_id,
        school_year,
        pd_type,
        sum(hours) as hours
    from staff_activities
    group by staff_id, school_year, pd_type
),

reached as (
    select
        teachers.school_id,
        teachers.school_year,
        teacher_hours.pd_type,
        count(*) as n_reached
    from teachers
    inner join teacher_hours using (staff_id, school_year)
    where teacher_hours.hours >= $adoption_hours
    group by teachers.school_id, teachers.school_year, teacher_hours.pd_type
),

shares as (
    select
        types.pd_type,
        school_years.school_id,
        school_years.school_year,
        school_years.first_year,
        school_years.n_teachers,
        coalesce(reached.n_reached, 0) as n_reached,
        coalesce(reached.n_reached, 0) / school_years.n_teachers as share_reached,
        coalesce(reached.n_reached, 0) >= $adoption_share * school_years.n_teachers as is_practising
    from school_years
    cross join types
    left join reached
        on school_years.school_id = reached.school_id
        and school_years.school_year = reached.school_year
        and types.pd_type = reached.pd_type
),

adopted as (
    select
        pd_type,
        school_id,
        school_year,
        n_teachers,
        n_reached,
        share_reached,
        is_practising,
        min(school_year) filter (where is_practising) over (partition by pd_type, school_id) as adoption_year,
        first_year
    from shares
),

censored as (
    select
        pd_type,
        school_id,
        school_year,
        n_teachers,
        n_reached,
        share_reached,
        is_practising,
        adoption_year,
        adoption_year = first_year as is_left_censored
    from adopted
    order by pd_type, school_id, school_year
)

select * from censored
