-- grain: one row per staff member, activity and school year with attended hours
-- question: how many of the hours took a teacher out of class, if sessions on school days did?
-- A school day is any weekday outside July: at which time of the day a session was is not known.
with
hours as (
    select * from frames.staff_activity
),

participations as (
    select * from core.pd_participation
),

pd_sessions as (
    select * from core.pd_session
),

staff_years as (
    select * from frames.staff_year
),

attended_days as (
    select
        participations.staff_id,
        participations.pd_activity_id,
        participations.hours,
        coalesce(participations.participation_date, pd_sessions.session_date) as attended_on
    from participations
    left join pd_sessions using (pd_session_id)
    where participations.attendance_status in ('attended', 'partial') and participations.hours > 0
),

school_days as (
    select
        staff_id,
        pd_activity_id,
        year(attended_on) + cast(month(attended_on) >= 7 as integer) as school_year,
        sum(hours) as school_day_hours
    from attended_days
    where isodow(attended_on) <= 5 and month(attended_on) <> 7
    group by all
),

attendance as (
    select
        hours.staff_id,
        hours.pd_activity_id,
        hours.school_year,
        hours.school_id,
        hours.pd_type,
        hours.academic_subject,
        coalesce(staff_years.is_teacher, false) as is_teacher,
        hours.hours,
        case when is_teacher then coalesce(school_days.school_day_hours, 0) else 0 end as school_day_hours
    from hours
    left join staff_years using (staff_id, school_year)
    left join school_days using (staff_id, pd_activity_id, school_year)
)

select * from attendance
