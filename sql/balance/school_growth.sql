-- grain: one row per school and school year with value-added
-- question: in which subjects is a school's value-added clearly below zero?
with
growth as (
    select * from estimates.school_growth
    where value_added_sd is not null and ci_high is not null and n_students >= $minimum_students
),

-- A year's window goes before one inside a year, which leaves out what summer does; then the one of most students.
windows as (
    select
        academic_subject,
        school_year,
        assessment_id,
        growth_window
    from growth
    group by academic_subject, school_year, assessment_id, growth_window
    qualify row_number() over (
        partition by academic_subject, school_year
        order by
            split_part(growth_window, '_to_', 1) <> split_part(growth_window, '_to_', 2),
            sum(n_students) desc,
            assessment_id,
            growth_window
    ) = 1
),

told as (
    select
        growth.school_id,
        growth.school_year,
        count(*) as n_growth_subjects,
        string_agg(growth.academic_subject, ', ' order by growth.academic_subject)
            filter (where growth.ci_high < 0) as growth_below
    from growth
    inner join windows using (academic_subject, school_year, assessment_id, growth_window)
    group by growth.school_id, growth.school_year
)

select * from told
