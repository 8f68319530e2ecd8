-- grain: one row per teacher, school year with hours on record and place (the district, and the school where there is one)
-- question: how many hours of each kind of connected PD did each teacher have, those with none included?
with
teachers as (
    select * from temp.placed_staff
    where is_teacher
),

teacher_hours as (
    select
        staff_id,
        school_year,
        sum(hours) filter (where is_connected) as connected_hours,
        sum(hours) filter (where is_curriculum_linked or pd_type = 'curriculum_based') as curriculum_linked_hours,
        sum(hours) filter (where pd_type = 'collaborative_planning') as collaborative_planning_hours,
        sum(hours) filter (where pd_type in ('coaching', 'feedback_cycle', 'mentoring_induction')) as feedback_hours
    from frames.staff_activity
    group by staff_id, school_year
),

-- A year without any hours on record is a year whose export is missing, not one without PD.
recorded_years as (
    select distinct school_year from frames.staff_activity
),

placed_hours as (
    select
        teachers.school_id,
        school_year,
        staff_id,
        coalesce(teacher_hours.connected_hours, 0) as connected_hours,
        coalesce(teacher_hours.curriculum_linked_hours, 0) as curriculum_linked_hours,
        coalesce(teacher_hours.collaborative_planning_hours, 0) as collaborative_planning_hours,
        coalesce(teacher_hours.feedback_hours, 0) as feedback_hours
    from teachers
    inner join recorded_years using (school_year)
    left join teacher_hours using (staff_id, school_year)
)

select * from placed_hours
