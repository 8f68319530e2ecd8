-- grain: one row per PD type that reached anyone in the report year, and one without a type for those of all teachers
-- question: how many students had a teacher whom the type reached, and how many had none?
with
links as (
    select distinct
        student_id,
        staff_id
    from frames.student_teacher_link
    where school_year = $report_year
),

reached as (
    select
        pd_type,
        staff_id
    from frames.teacher_year_pd
    where school_year = $report_year
),

all_students as (
    select count(distinct student_id) as n_students from links
),

students_reached as (
    select
        reached.pd_type,
        count(distinct links.student_id) as n_students_reached
    from reached
    inner join links using (staff_id)
    group by reached.pd_type
),

counted_students as (
    select
        students_reached.pd_type,
        students_reached.n_students_reached,
        all_students.n_students - students_reached.n_students_reached as n_students_not_reached
    from students_reached
    cross join all_students
    union all
    select
        null as pd_type,
        0 as n_students_reached,
        n_students as n_students_not_reached
    from all_students
)

select * from counted_students
order by pd_type nulls first
