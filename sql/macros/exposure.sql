-- grain: one row per teacher, outcome subject, school year, growth window and PD type with hours in it or before it
-- question: which hours of which PD does a teacher carry into the growth of the students?
-- parameters: staff_id, school_year
with
exposures as (
    select * from frames.teacher_year_exposure
),

teacher_years as (
    select * from frames.teacher_year
),

types as (
    select * from core.pd_type
),

placed as (
    select
        exposures.staff_id,
        exposures.school_year,
        teacher_years.school_id,
        exposures.academic_subject,
        exposures.window_start,
        exposures.window_end,
        exposures.pd_type,
        types.is_connected,
        exposures.aligned_hours,
        exposures.other_hours,
        exposures.lagged_hours,
        exposures.n_participations
    from exposures
    left join teacher_years
        on exposures.staff_id = teacher_years.staff_id and exposures.school_year = teacher_years.school_year
    left join types on exposures.pd_type = types.pd_type
    where
        ($staff_id is null or exposures.staff_id = $staff_id)
        and ($school_year is null or exposures.school_year = $school_year)
)

select * from placed
