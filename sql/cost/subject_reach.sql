-- grain: one row per PD type and academic subject that has effects
-- question: what did the activities that serve the subject cost, whom did they reach, and with which dose?
-- All years together, as the effects are; a student counts by the share of the subject that participants taught.
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

questions as (
    select distinct pd_type, academic_subject
    from estimates.effect
    where subgroup = 'all'
),

serving as (
    select
        questions.pd_type,
        questions.academic_subject,
        activities.pd_activity_id,
        activities.school_year,
        activities.total_cost,
        activities.hours
    from questions
    inner join activities
        on questions.pd_type = activities.pd_type
        and coalesce(activities.academic_subject, 'all') in ('all', questions.academic_subject)
    where activities.hours > 0
),

hours as (
    select pd_type, academic_subject, sum(hours) as hours
    from serving
    group by all
),

spent as (
    select
        serving.pd_type,
        serving.academic_subject,
        sum(serving.total_cost) as covered_cost,
        sum(serving.hours) as covered_hours
    from serving
    inner join activities using (pd_activity_id, school_year)
    where activities.status = 'covered'
    group by all
),

teachers as (
    select
        serving.pd_type,
        serving.academic_subject,
        serving.school_year,
        attendance.staff_id,
        sum(attendance.hours) as hours
    from serving
    inner join attendance
        on serving.pd_activity_id = attendance.pd_activity_id and serving.school_year = attendance.school_year
    inner join activities
        on serving.pd_activity_id = activities.pd_activity_id and serving.school_year = activities.school_year
    where activities.status = 'covered'
    group by all
),

taught as (
    select
        teachers.pd_type,
        teachers.academic_subject,
        sum(links.roster_weight) as n_student_equivalents,
        sum(links.roster_weight * teachers.hours) / sum(links.roster_weight) as mean_dose_hours,
        count(distinct teachers.staff_id) as n_teachers
    from teachers
    inner join links using (staff_id, school_year, academic_subject)
    group by all
),

subject_reach as (
    select
        questions.pd_type,
        questions.academic_subject,
        spent.covered_cost,
        coalesce(spent.covered_hours, 0) / nullif(hours.hours, 0) as covered_share,
        taught.n_student_equivalents,
        taught.mean_dose_hours,
        taught.n_teachers
    from questions
    left join hours using (pd_type, academic_subject)
    left join spent using (pd_type, academic_subject)
    left join taught using (pd_type, academic_subject)
)

select * from subject_reach
