-- grain: one row per staff member, activity and school year with attended hours
-- question: who spent how many hours of a year in which activity, who initiated it, and which priority does it serve?
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

priorities as (
    select * from core.priority
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

attended_activities as (
    select
        staff_id,
        pd_activity_id,
        cast(year(attended_on) + cast(month(attended_on) >= 7 as integer) as smallint) as school_year,
        sum(hours) as hours,
        count(distinct attended_on) as n_days,
        min(attended_on) as first_day,
        max(attended_on) as last_day
    from attended_days
    where attended_on is not null
    group by all
),

described_activities as (
    select
        attended_activities.staff_id,
        attended_activities.pd_activity_id,
        attended_activities.school_year,
        staff_years.school_id,
        staff_years.role,
        activities.pd_type,
        pd_types.is_connected,
        activities.academic_subject,
        activities.initiated_by,
        activities.priority_id,
        priorities.level as priority_level,
        priorities.school_id as priority_school_id,
        activities.is_curriculum_linked,
        activities.is_mandatory,
        activities.research_base,
        attended_activities.hours,
        attended_activities.n_days,
        attended_activities.first_day,
        attended_activities.last_day
    from attended_activities
    inner join activities using (pd_activity_id)
    left join staff_years using (staff_id, school_year)
    left join pd_types using (pd_type)
    left join priorities using (priority_id)
)

select * from described_activities
