-- grain: one row per unit and PD type with hours in its growth window or before it
-- question: how many hours of which type, in the outcome's subject, in others, and in the window before?
with
units as (
    select * from temp.design_unit
),

exposure as (
    select * from frames.teacher_year_exposure where academic_subject = $academic_subject
),

unit_hours as (
    select
        units.unit,
        exposure.pd_type,
        exposure.aligned_hours,
        exposure.other_hours,
        exposure.lagged_hours
    from units
    inner join exposure using (staff_id, school_year, window_start, window_end)
)

select * from unit_hours order by unit, pd_type
