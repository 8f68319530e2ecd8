-- grain: one row per teacher, days of growth, academic subject and PD type that anybody had aligned hours of in the subject
-- question: had the teacher aligned hours of the type in those days?
with
growth_rows as (
    select * from temp.growth_row where window_end is not null
),

exposure as (
    select * from frames.teacher_year_exposure where aligned_hours > 0
),

types as (
    select distinct academic_subject, pd_type from exposure
),

units as (
    select distinct
        staff_id,
        staff_number,
        academic_subject,
        school_year,
        window_number,
        window_start,
        window_end
    from growth_rows
),

participations as (
    select
        units.staff_number,
        units.window_number,
        units.window_start,
        units.window_end,
        types.pd_type,
        exposure.staff_id is not null as is_participant
    from units
    inner join types using (academic_subject)
    left join exposure
        on units.staff_id = exposure.staff_id
        and units.academic_subject = exposure.academic_subject
        and units.school_year = exposure.school_year
        and units.window_start = exposure.window_start
        and units.window_end = exposure.window_end
        and types.pd_type = exposure.pd_type
)

select * from participations
