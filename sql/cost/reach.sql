-- grain: one row per school year and PD type (all: every type together) with costs or attended hours
-- question: how many people and students did the activities reach, and those with costs?
with
attendance as (
    select * from temp.cost_attendance
),

activities as (
    select * from estimates.cost_activity
),

links as (
    select * from frames.student_teacher_link
),

participants as (
    select
        unnest([attendance.pd_type, 'all']) as pd_type,
        attendance.staff_id,
        attendance.school_year,
        attendance.hours,
        activities.status = 'covered' as is_covered
    from attendance
    inner join activities using (pd_activity_id, school_year)
),

people as (
    select
        pd_type,
        school_year,
        staff_id,
        sum(hours) as hours,
        sum(hours) filter (where is_covered) as covered_hours,
        bool_or(is_covered) as is_covered
    from participants
    group by all
),

reached_people as (
    select
        pd_type,
        school_year,
        count(*) as n_participants,
        count(*) filter (where is_covered) as n_covered_participants,
        sum(hours) as hours,
        coalesce(sum(covered_hours), 0) as covered_hours
    from people
    group by all
),

-- A kind of PD is a bit of a number, so that a student is looked at once, not once for each kind.
kinds as (
    select pd_type, 1::hugeint << cast(row_number() over (order by pd_type) - 1 as integer) as bit
    from (select distinct pd_type from people)
),

teachers as (
    select
        people.staff_id,
        people.school_year,
        bit_or(kinds.bit) as kinds,
        bit_or(case when people.is_covered then kinds.bit else 0 end) as covered_kinds
    from people
    inner join kinds using (pd_type)
    group by people.staff_id, people.school_year
),

students as (
    select
        links.student_id,
        links.school_year,
        count(distinct links.academic_subject) as n_subjects,
        bit_or(coalesce(teachers.kinds, 0)) as kinds,
        bit_or(coalesce(teachers.covered_kinds, 0)) as covered_kinds
    from links
    left join teachers using (staff_id, school_year)
    group by links.student_id, links.school_year
),

student_counts as (
    select
        kinds.pd_type,
        students.school_year,
        count(*) as n_students,
        count(*) filter (where students.covered_kinds & kinds.bit <> 0) as n_covered_students
    from students
    inner join kinds on students.kinds & kinds.bit <> 0
    group by kinds.pd_type, students.school_year
),

-- A student's instruction is shared out over the subjects and, in each, over the teachers.
taught as (
    select
        links.staff_id,
        links.school_year,
        sum(links.roster_weight / students.n_subjects) as n_student_equivalents
    from links
    inner join students using (student_id, school_year)
    group by links.staff_id, links.school_year
),

equivalents as (
    select
        people.pd_type,
        people.school_year,
        sum(taught.n_student_equivalents) as n_student_equivalents,
        coalesce(sum(taught.n_student_equivalents) filter (where people.is_covered), 0)
            as n_covered_student_equivalents
    from people
    inner join taught using (staff_id, school_year)
    group by people.pd_type, people.school_year
),

reached_students as (
    select *
    from student_counts
    inner join equivalents using (pd_type, school_year)
),

spending as (
    select
        unnest([pd_type, 'all']) as pd_type,
        school_year,
        status,
        source_cost,
        priced_cost,
        total_cost,
        time_hours
    from activities
),

spent as (
    select
        pd_type,
        school_year,
        count(*) as n_activities,
        sum(source_cost) as source_cost,
        sum(priced_cost) as priced_cost,
        sum(total_cost) as total_cost,
        sum(total_cost) filter (where status = 'covered') as covered_cost,
        sum(time_hours) as time_hours,
        count(*) filter (where status = 'cost_without_hours') as n_without_hours,
        count(*) filter (where status = 'hours_without_cost') as n_without_cost,
        count(*) filter (where status = 'no_price_index') as n_without_price
    from spending
    group by all
),

reach as (
    select
        pd_type,
        school_year,
        spent.* exclude (pd_type, school_year),
        coalesce(reached_people.n_participants, 0) as n_participants,
        coalesce(reached_people.n_covered_participants, 0) as n_covered_participants,
        coalesce(reached_people.hours, 0) as hours,
        coalesce(reached_people.covered_hours, 0) as covered_hours,
        coalesce(reached_students.n_students, 0) as n_students,
        coalesce(reached_students.n_covered_students, 0) as n_covered_students,
        coalesce(reached_students.n_student_equivalents, 0) as n_student_equivalents,
        coalesce(reached_students.n_covered_student_equivalents, 0) as n_covered_student_equivalents
    from spent
    left join reached_people using (pd_type, school_year)
    left join reached_students using (pd_type, school_year)
)

select * from reach
