-- grain: one row per teacher, academic subject, PD type and year in which the aligned hours differ from those of the year before
-- question: who changed exposure from one year to the next, and how did growth change with it?
-- parameters: pd_type, academic_subject
with
growth as (
    select * from estimates.teacher_year_growth
),

design_windows as (
    select distinct
        analysis.staff_id,
        analysis.academic_subject,
        analysis.school_year,
        analysis.window_start,
        analysis.window_end
    from frames.growth_analysis as analysis
    where analysis.is_design_window
),

exposures as (
    select * from frames.teacher_year_exposure
),

types as (
    select distinct
        exposures.academic_subject,
        exposures.pd_type
    from exposures
),

-- a teacher of several schools in one year is one teacher
teacher_years as (
    select
        growth.academic_subject,
        growth.staff_id,
        growth.school_year,
        sum(growth.growth_sd * growth.weight) / sum(growth.weight) as growth_sd
    from growth
    group by growth.academic_subject, growth.staff_id, growth.school_year
),

hours as (
    select
        design_windows.staff_id,
        design_windows.academic_subject,
        design_windows.school_year,
        exposures.pd_type,
        max(exposures.aligned_hours) as aligned_hours
    from design_windows
    inner join exposures
        on
            design_windows.staff_id = exposures.staff_id
            and design_windows.academic_subject = exposures.academic_subject
            and design_windows.school_year = exposures.school_year
            and design_windows.window_start = exposures.window_start
            and design_windows.window_end = exposures.window_end
    group by
        design_windows.staff_id, design_windows.academic_subject, design_windows.school_year, exposures.pd_type
),

years_of_types as (
    select
        teacher_years.staff_id,
        teacher_years.academic_subject,
        types.pd_type,
        teacher_years.school_year,
        teacher_years.growth_sd,
        coalesce(hours.aligned_hours, 0) as aligned_hours
    from teacher_years
    inner join types on teacher_years.academic_subject = types.academic_subject
    left join hours
        on
            teacher_years.staff_id = hours.staff_id
            and teacher_years.academic_subject = hours.academic_subject
            and teacher_years.school_year = hours.school_year
            and types.pd_type = hours.pd_type
    where
        ($pd_type is null or types.pd_type = $pd_type)
        and ($academic_subject is null or types.academic_subject = $academic_subject)
),

beside_year_before as (
    select
        years.*,
        lag(years.school_year) over of_teacher as school_year_before,
        lag(years.aligned_hours) over of_teacher as aligned_hours_before,
        lag(years.growth_sd) over of_teacher as growth_before_sd
    from years_of_types as years
    window of_teacher as (
        partition by years.staff_id, years.academic_subject, years.pd_type
        order by years.school_year
    )
),

changes as (
    select
        changed.staff_id,
        changed.academic_subject,
        changed.pd_type,
        changed.school_year_before,
        changed.school_year,
        case
            when changed.aligned_hours_before = 0 then 'started'
            when changed.aligned_hours = 0 then 'stopped'
            when changed.aligned_hours > changed.aligned_hours_before then 'more'
            else 'less'
        end as change,
        changed.aligned_hours_before,
        changed.aligned_hours,
        changed.growth_before_sd,
        changed.growth_sd,
        changed.growth_sd - changed.growth_before_sd as growth_change_sd
    from beside_year_before as changed
    where changed.aligned_hours <> changed.aligned_hours_before
)

select * from changes
