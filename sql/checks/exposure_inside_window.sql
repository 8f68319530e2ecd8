-- grain: one row per exposure row that counts more hours than its window has
-- question: could hours after the test, or before the prior test, have been counted as its cause?
-- table: frames.teacher_year_exposure
-- columns: aligned_hours, other_hours
-- severity: critical
-- meaning: Hours count for growth only if they fall after the prior test and not after the test itself.
-- parameter: tolerance = 1e-6
with
exposure as (
    select * from frames.teacher_year_exposure
),

-- An undated participation could lie anywhere, so it is allowed in every window.
attended as (
    select
        participation.staff_id,
        activity.pd_type,
        coalesce(participation.participation_date, pd_session.session_date) as attended_on,
        participation.hours
    from core.pd_participation as participation
    inner join core.pd_activity as activity using (pd_activity_id)
    left join core.pd_session as pd_session using (pd_session_id)
    where coalesce(participation.attendance_status, 'attended') not in ('absent', 'withdrawn')
),

attended_in_window as (
    select
        exposure.staff_id,
        exposure.academic_subject,
        exposure.school_year,
        exposure.window_start,
        exposure.window_end,
        exposure.pd_type,
        any_value(exposure.aligned_hours + exposure.other_hours) as counted_hours,
        coalesce(sum(attended.hours), 0) as attended_hours
    from exposure
    left join attended
        on exposure.staff_id = attended.staff_id
        and exposure.pd_type = attended.pd_type
        and (
            attended.attended_on is null
            or (attended.attended_on > exposure.window_start and attended.attended_on <= exposure.window_end)
        )
    group by all
),

outside as (
    select * from attended_in_window
    where counted_hours > attended_hours + $tolerance
)

select * from outside
