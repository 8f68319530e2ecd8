-- grain: one row per staff member, school year and PD type that the person attended
-- question: which PD did each person attend in which year, at which school?
with
participations as (
    select * from core.pd_participation
),

activities as (
    select * from core.pd_activity
),

pd_sessions as (
    select * from core.pd_session
),

pd_types as (
    select * from core.pd_type
),

assignments as (
    select * from core.staff_assignment
),

teacher_years as (
    select * from frames.teacher_year
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

attended_types as (
    select
        staff_id,
        cast(year(attended_on) + cast(month(attended_on) >= 7 as integer) as smallint) as school_year,
        pd_type,
        sum(hours) as hours,
        count(*) as n_participations
    from attended_days
    where attended_on is not null
    group by all
),

assigned_years as (
    select
        staff_id,
        school_year,
        arg_min(school_id, struct_pack(entry := coalesce(entry_date, 'infinity'::date), school_id)) as school_id
    from assignments
    group by staff_id, school_year
),

staff_year_pd as (
    select
        attended_types.staff_id,
        attended_types.school_year,
        attended_types.pd_type,
        coalesce(teacher_years.school_id, assigned_years.school_id) as school_id,
        pd_types.is_connected,
        attended_types.hours,
        attended_types.n_participations
    from attended_types
    left join teacher_years using (staff_id, school_year)
    left join assigned_years using (staff_id, school_year)
    left join pd_types using (pd_type)
)

select * from staff_year_pd
