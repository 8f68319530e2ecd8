-- grain: one row per student, teacher, assessment, academic subject, school year and growth window with a percentile or a residual gain
-- question: which growth stands behind the numbers of groups, with which weight, and over which days was it?
with
percentiles as (
    select * from estimates.growth_percentile
),

links as (
    select * from frames.student_teacher_link
),

residuals as (
    select * from temp.value_added_residual
),

first_priors as (
    select * from frames.growth_history where prior_number = 1
),

windows as (
    select * from frames.student_growth where has_growth_window
),

linked_percentiles as (
    select
        percentiles.student_id,
        links.staff_id,
        links.school_id,
        percentiles.assessment_id,
        percentiles.academic_subject,
        percentiles.school_year,
        percentiles.growth_window,
        links.roster_weight,
        percentiles.sgp
    from percentiles
    inner join links using (student_id, academic_subject, school_year)
    where links.roster_weight > 0
),

grown as (
    select
        student_id,
        staff_id,
        assessment_id,
        academic_subject,
        school_year,
        growth_window,
        coalesce(linked_percentiles.school_id, residuals.school_id) as school_id,
        coalesce(linked_percentiles.roster_weight, residuals.roster_weight) as roster_weight,
        linked_percentiles.sgp,
        residuals.residual
    from linked_percentiles
    full join residuals
        using (student_id, staff_id, assessment_id, academic_subject, school_year, growth_window)
),

-- Exposure is counted in the windows of student_growth: the same days only where both have the same prior.
dated as (
    select
        grown.*,
        windows.window_start,
        windows.window_end
    from grown
    left join first_priors using (student_id, assessment_id, academic_subject, school_year, growth_window)
    left join windows
        on grown.student_id = windows.student_id
        and grown.assessment_id = windows.assessment_id
        and grown.academic_subject = windows.academic_subject
        and grown.school_year = windows.school_year
        and split_part(grown.growth_window, '_to_', 2) = windows.term
        and first_priors.prior_school_year = windows.prior_school_year
        and first_priors.prior_term = windows.prior_term
),

-- Numbers stand for ids and windows where rows are grouped by them many times.
students as (
    select student_id, row_number() over () as student_number
    from (select distinct student_id from dated)
),

staff as (
    select staff_id, row_number() over () as staff_number
    from (select distinct staff_id from dated)
),

schools as (
    select school_id, row_number() over () as school_number
    from (select distinct school_id from dated)
),

growth_windows as (
    select *, row_number() over () as window_number
    from (select distinct assessment_id, academic_subject, school_year, growth_window from dated)
),

numbered as (
    select
        dated.*,
        students.student_number,
        staff.staff_number,
        schools.school_number,
        growth_windows.window_number
    from dated
    inner join students using (student_id)
    inner join staff using (staff_id)
    inner join schools using (school_id)
    inner join growth_windows using (assessment_id, academic_subject, school_year, growth_window)
)

select * from numbered
