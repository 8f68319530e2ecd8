-- grain: one row per academic subject and step from scores to the growth analysis
-- question: how many students and results are left after each step, and where are they lost?
with
growth as (
    select * from frames.student_growth
),

links as (
    select * from frames.student_teacher_link
),

analysis as (
    select * from frames.growth_analysis
),

linked_growth as (
    select student_id, academic_subject
    from growth
    semi join links using (student_id, academic_subject, school_year)
    where has_growth_window
),

student_steps as (
    select
        student_id,
        academic_subject,
        unnest([1, 2, 3]) as step_number,
        unnest(['scores', 'standardised', 'with prior']) as step,
        unnest([count(*), count(score_sd), count_if(has_growth_window)]) as n_rows
    from growth
    group by student_id, academic_subject
    union all
    select student_id, academic_subject, 4, 'linked to a teacher', count(*)
    from linked_growth
    group by student_id, academic_subject
    union all
    select student_id, academic_subject, 5, 'in the analysis, by teacher', count(*)
    from analysis
    group by student_id, academic_subject
    union all
    select student_id, academic_subject, 6, 'growth over about a school year', count(*)
    from analysis
    where is_design_window
    group by student_id, academic_subject
),

steps as (
    select
        academic_subject,
        cast(step_number as bigint) as step_number,
        step,
        cast(count_if(n_rows > 0) as bigint) as n_students,
        cast(sum(n_rows) as bigint) as n_rows
    from student_steps
    group by academic_subject, step_number, step
)

select * from steps
