-- grain: one row per school, school year, assessment, academic subject and growth window; a year without growth has one row
-- question: who teaches in a school, what PD do they attend, and how do its students grow?
-- parameters: school_id
with
schools as (
    select * from core.school
),

teachers as (
    select * from frames.teacher_year as years where years.school_id is not null
),

attended as (
    select * from frames.teacher_year_pd
),

growth as (
    select * from estimates.school_growth
),

staffing as (
    select
        teachers.school_id,
        teachers.school_year,
        count(*) as n_teachers,
        avg(teachers.is_novice::double) as share_novice,
        avg(teachers.pd_hours) as pd_hours_per_teacher,
        avg((teachers.pd_hours > 0)::double) as share_with_pd
    from teachers
    group by teachers.school_id, teachers.school_year
),

connected as (
    select
        teachers.school_id,
        teachers.school_year,
        sum(attended.hours) filter (where attended.is_connected) / nullif(sum(attended.hours), 0)
            as share_of_hours_connected
    from teachers
    inner join attended
        on teachers.staff_id = attended.staff_id and teachers.school_year = attended.school_year
    group by teachers.school_id, teachers.school_year
),

school_years as (
    select
        staffing.school_id,
        staffing.school_year
    from staffing
    union
    select
        growth.school_id,
        growth.school_year
    from growth
),

profile as (
    select
        school_years.school_id,
        schools.school_name,
        schools.school_level,
        school_years.school_year,
        staffing.n_teachers,
        staffing.share_novice,
        staffing.pd_hours_per_teacher,
        staffing.share_with_pd,
        connected.share_of_hours_connected,
        growth.assessment_id,
        growth.academic_subject,
        growth.growth_window,
        growth.n_students,
        growth.median_sgp,
        growth.median_sgp_ci_low,
        growth.median_sgp_ci_high,
        growth.value_added_sd,
        growth.std_error as value_added_std_error,
        growth.reliability as value_added_reliability
    from school_years
    left join schools on school_years.school_id = schools.school_id
    left join staffing
        on school_years.school_id = staffing.school_id and school_years.school_year = staffing.school_year
    left join connected
        on school_years.school_id = connected.school_id and school_years.school_year = connected.school_year
    left join growth
        on school_years.school_id = growth.school_id and school_years.school_year = growth.school_year
    where $school_id is null or school_years.school_id = $school_id
)

select * from profile
