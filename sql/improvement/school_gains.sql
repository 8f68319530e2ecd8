-- grain: one row per academic subject, school and school year
-- question: how much did each school's students gain, by the one assessment and window that pages show?
with
growth as (
    select * from estimates.school_growth
),

-- Shrunken value-added leans to the mean by as much as a school is small: the gain before shrinkage is compared.
gains as (
    select
        academic_subject,
        assessment_id,
        growth_window,
        school_id,
        school_year,
        gain_sd,
        gain_std_error,
        n_students
    from growth
    where gain_sd is not null and gain_std_error > 0
),

-- A year's window goes before one inside a year, then the one with most students.
windows as (
    select
        academic_subject,
        assessment_id,
        growth_window
    from gains
    group by academic_subject, assessment_id, growth_window
    qualify row_number() over (
        partition by academic_subject
        order by
            split_part(growth_window, '_to_', 1) <> split_part(growth_window, '_to_', 2),
            sum(n_students) desc,
            assessment_id,
            growth_window
    ) = 1
),

main_gains as (
    select
        gains.academic_subject,
        gains.assessment_id,
        gains.growth_window,
        gains.school_id,
        gains.school_year,
        gains.gain_sd,
        gains.gain_std_error
    from gains
    inner join windows using (academic_subject, assessment_id, growth_window)
    order by gains.academic_subject, gains.school_id, gains.school_year
)

select * from main_gains
