-- grain: one row per teacher, outcome subject, school year, growth window and PD type with hours in it or before it
-- question: how many hours of which PD could have worked on the growth that this window measures?
with
analysis as (
    select * from frames.growth_analysis
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

windows as (
    select distinct staff_id, academic_subject, school_year, window_start, window_end
    from analysis
),

-- A number stands for the five columns of a window where millions of rows are grouped by it.
numbered_windows as (
    select *, row_number() over () as window_number
    from windows
),

-- Summed by day before the windows meet them, so that the join below grows with days, not with records.
attended_days as (
    select
        participations.staff_id,
        activities.pd_type,
        nullif(activities.academic_subject, 'all') as activity_subject,
        coalesce(participations.participation_date, pd_sessions.session_date) as attended_on,
        sum(participations.hours) as hours,
        count(*) as n_participations
    from participations
    inner join activities using (pd_activity_id)
    left join pd_sessions using (pd_session_id)
    where participations.attendance_status in ('attended', 'partial')
    group by all
),

window_hours as (
    select
        numbered_windows.window_number,
        attended_days.pd_type,
        attended_days.hours,
        attended_days.n_participations,
        coalesce(attended_days.activity_subject = numbered_windows.academic_subject, true) as is_aligned,
        attended_days.attended_on > numbered_windows.window_start as is_in_window
    from numbered_windows
    inner join attended_days
        on numbered_windows.staff_id = attended_days.staff_id
        and attended_days.attended_on <= numbered_windows.window_end
        and numbered_windows.window_start - attended_days.attended_on
        < numbered_windows.window_end - numbered_windows.window_start
),

exposure as (
    select
        window_number,
        pd_type,
        sum(case when is_in_window and is_aligned then hours else 0 end) as aligned_hours,
        sum(case when is_in_window and not is_aligned then hours else 0 end) as other_hours,
        sum(case when is_aligned and not is_in_window then hours else 0 end) as lagged_hours,
        sum(case when is_in_window then n_participations else 0 end) as n_participations
    from window_hours
    group by window_number, pd_type
),

exposure_with_hours as (
    select
        numbered_windows.staff_id,
        numbered_windows.academic_subject,
        numbered_windows.school_year,
        numbered_windows.window_start,
        numbered_windows.window_end,
        exposure.pd_type,
        exposure.aligned_hours,
        exposure.other_hours,
        exposure.lagged_hours,
        cast(exposure.n_participations as bigint) as n_participations
    from exposure
    inner join numbered_windows using (window_number)
    where exposure.aligned_hours + exposure.other_hours + exposure.lagged_hours > 0
)

select * from exposure_with_hours
