-- grain: one row per student, teacher, assessment, school year and term of one academic subject that the designs use
-- question: by which teachers, in which growth window, was the student taught, and where does the row belong?
with
analysis as (
    select *
    from frames.growth_analysis
    where academic_subject = $academic_subject and is_design_window and roster_weight > 0
),

teacher_years as (
    select staff_id, school_year, is_novice, years_experience from frames.teacher_year
),

schools as (
    select school_id, school_level from core.school
),

-- A unit is a teacher in a school, school year and growth window: hours are told by it.
units as (
    select
        *,
        dense_rank() over (order by staff_id, school_id, school_year, window_start, window_end) - 1 as unit
    from analysis
),

-- A student of several teachers learnt from all of them, each by roster share.
shared_outcomes as (
    select
        student_id,
        assessment_id,
        school_year,
        term,
        list(struct_pack(unit := unit, share := roster_weight) order by unit) as mixture
    from units
    group by student_id, assessment_id, school_year, term
    having count(*) > 1
),

placed_rows as (
    select
        units.*,
        shared_outcomes.mixture,
        dense_rank() over (
            order by
                units.unit,
                shared_outcomes.mixture,
                units.grade_level,
                units.assessment_id,
                units.term,
                units.class_mean_prior_sd,
                units.school_mean_prior_sd
        ) - 1 as cell,
        dense_rank() over (order by units.unit, shared_outcomes.mixture) - 1 as exposure,
        dense_rank() over (order by units.student_id) - 1 as student,
        dense_rank() over (order by units.school_id) - 1 as school,
        dense_rank() over (order by units.school_id, units.staff_id) - 1 as teacher,
        teacher_years.is_novice,
        teacher_years.years_experience,
        schools.school_level
    from units
    left join shared_outcomes using (student_id, assessment_id, school_year, term)
    left join teacher_years using (staff_id, school_year)
    left join schools using (school_id)
)

select * from placed_rows
