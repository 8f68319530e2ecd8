-- grain: one row per academic subject, PD type, teacher, school and school year of the design sample
-- question: who taught how many students, and with how many hours of each PD type?
with
teacher_year_growth as (
    select * from estimates.teacher_year_growth
),

teacher_year_exposure as (
    select * from frames.teacher_year_exposure
),

-- A year with several growth windows counts once, by the longest.
hours as (
    select
        academic_subject,
        pd_type,
        staff_id,
        school_year,
        max(aligned_hours) as aligned_hours
    from teacher_year_exposure
    group by academic_subject, pd_type, staff_id, school_year
),

pd_types as (
    select distinct
        academic_subject,
        pd_type
    from hours
),

teacher_hours as (
    select
        growth.academic_subject,
        pd_types.pd_type,
        growth.staff_id,
        growth.school_id,
        growth.school_year,
        growth.weight,
        coalesce(hours.aligned_hours, 0) as aligned_hours
    from teacher_year_growth as growth
    inner join pd_types
        on growth.academic_subject = pd_types.academic_subject
    left join hours
        on
            growth.academic_subject = hours.academic_subject
            and pd_types.pd_type = hours.pd_type
            and growth.staff_id = hours.staff_id
            and growth.school_year = hours.school_year
)

select * from teacher_hours
order by academic_subject, pd_type, school_id, staff_id, school_year
