-- grain: one row per step from results of one academic subject to the design rows
-- question: how many results, students, teachers and schools are left after each step?
with
growth as (
    select * from frames.student_growth where academic_subject = $academic_subject
),

links as (
    select * from frames.student_teacher_link where academic_subject = $academic_subject
),

design_rows as (
    select * from temp.design_row
),

linked_growth as (
    select growth.student_id, links.staff_id, links.school_id
    from growth
    inner join links using (student_id, academic_subject, school_year)
    where growth.has_growth_window
),

steps as (
    select 1 as step_number, 'results' as step, student_id, null as staff_id, school_id from growth
    union all
    select 2, 'with a standardised score', student_id, null, school_id from growth where score_sd is not null
    union all
    select 3, 'with a prior score', student_id, null, school_id from growth where has_growth_window
    union all
    select 4, 'with a teacher of the subject, one row each', student_id, staff_id, school_id from linked_growth
    union all
    select 5, 'growth over about a school year', student_id, staff_id, school_id from design_rows
),

counted as (
    select
        step_number,
        step,
        count(*) as n_rows,
        count(distinct student_id) as n_students,
        nullif(count(distinct staff_id), 0) as n_staff,
        count(distinct school_id) as n_schools
    from steps
    group by step_number, step
)

select * from counted order by step_number
