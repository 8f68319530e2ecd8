-- grain: one row per row of growth_row and subgroup that the student belongs to
-- question: in which subgroups does this growth count?
with
growth_rows as (
    select * from temp.growth_row
),

results as (
    select * from frames.scored_result
),

attributes as (
    select
        growth_rows.*,
        unnest([
            'all',
            'grade_level=' || results.grade_level,
            'is_english_learner=' || results.is_english_learner,
            'is_swd=' || results.is_swd,
            'is_economically_disadvantaged=' || results.is_economically_disadvantaged,
            'is_gifted=' || results.is_gifted,
            'sex=' || results.sex
        ]) as subgroup
    from growth_rows
    left join results
        on growth_rows.student_id = results.student_id
        and growth_rows.assessment_id = results.assessment_id
        and growth_rows.academic_subject = results.academic_subject
        and growth_rows.school_year = results.school_year
        and split_part(growth_rows.growth_window, '_to_', 2) = results.term
),

members as (
    select * from attributes where subgroup is not null
)

select * from members
