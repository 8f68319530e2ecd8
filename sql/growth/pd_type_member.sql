-- grain: one row per row of growth_row with known days and PD type that anybody had aligned hours of in the subject
-- question: had the teacher aligned hours of the type in the days of this growth?
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

members as (
    select
        growth_rows.*,
        types.pd_type,
        exposure.staff_id is not null as is_participant
    from growth_rows
    inner join types using (academic_subject)
    left join exposure
        on growth_rows.staff_id = exposure.staff_id
        and growth_rows.academic_subject = exposure.academic_subject
        and growth_rows.school_year = exposure.school_year
        and growth_rows.window_start = exposure.window_start
        and growth_rows.window_end = exposure.window_end
        and types.pd_type = exposure.pd_type
)

select * from members
