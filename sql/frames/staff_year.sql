-- grain: one row per staff member and school year
-- question: where did each person work in which year, in which role?
with
assignments as (
    select * from core.staff_assignment
),

teacher_years as (
    select * from frames.teacher_year
),

staff as (
    select * from core.staff
),

schools as (
    select * from core.school
),

-- The assignment with most of the person's time; of equal ones the first in time, then by id.
main_assignments as (
    select
        staff_id,
        school_year,
        school_id,
        role
    from assignments
    qualify row_number() over (
        partition by staff_id, school_year
        order by coalesce(fte, 1) desc, coalesce(entry_date, 'infinity'::date), school_id, role
    ) = 1
),

staff_years as (
    select
        staff_id,
        school_year,
        coalesce(main_assignments.school_id, teacher_years.school_id) as school_id,
        coalesce(main_assignments.role, 'teacher') as role,
        teacher_years.staff_id is not null as is_teacher
    from main_assignments
    full join teacher_years using (staff_id, school_year)
),

described_years as (
    select
        staff_years.staff_id,
        staff_years.school_year,
        staff_years.school_id,
        schools.school_level,
        staff_years.role,
        staff_years.is_teacher,
        staff.is_novice,
        staff.years_experience
    from staff_years
    left join schools using (school_id)
    left join staff using (staff_id)
)

select * from described_years
