-- grain: one row per teacher and school year
-- question: who taught whom in which year, and how much PD did the teacher attend in it?
with
links as (
    select * from frames.student_teacher_link
),

participations as (
    select * from core.pd_participation
),

activities as (
    select * from core.pd_activity
),

pd_sessions as (
    select * from core.pd_session
),

assignments as (
    select * from core.staff_assignment
),

staff as (
    select * from core.staff
),

taught_schools as (
    select
        staff_id,
        school_year,
        school_id,
        sum(days_in_common) as days
    from links
    group by staff_id, school_year, school_id
),

taught_years as (
    select
        staff_id,
        school_year,
        arg_min(school_id, struct_pack(rank := -days, school_id)) as school_id
    from taught_schools
    group by staff_id, school_year
),

students_taught as (
    select
        staff_id,
        school_year,
        count(distinct student_id) as n_students
    from links
    group by staff_id, school_year
),

assigned_years as (
    select
        staff_id,
        school_year,
        arg_min(school_id, struct_pack(entry := coalesce(entry_date, 'infinity'::date), school_id)) as school_id
    from assignments
    where role = 'teacher'
    group by staff_id, school_year
),

attended_days as (
    select
        participations.staff_id,
        activities.pd_type,
        participations.hours,
        coalesce(participations.participation_date, pd_sessions.session_date) as attended_on
    from participations
    inner join activities using (pd_activity_id)
    left join pd_sessions using (pd_session_id)
    where participations.attendance_status in ('attended', 'partial')
),

attended_years as (
    select
        staff_id,
        cast(year(attended_on) + cast(month(attended_on) >= 7 as integer) as smallint) as school_year,
        sum(hours) as pd_hours,
        count(distinct pd_type) as n_pd_types
    from attended_days
    where attended_on is not null
    group by all
),

teacher_years as (
    select
        staff_id,
        school_year,
        coalesce(taught_years.school_id, assigned_years.school_id) as school_id,
        staff.years_experience,
        staff.is_novice,
        coalesce(students_taught.n_students, 0) as n_students,
        coalesce(attended_years.pd_hours, 0.0) as pd_hours,
        coalesce(attended_years.n_pd_types, 0) as n_pd_types
    from taught_years
    full join assigned_years using (staff_id, school_year)
    left join students_taught using (staff_id, school_year)
    left join attended_years using (staff_id, school_year)
    left join staff using (staff_id)
)

select * from teacher_years
