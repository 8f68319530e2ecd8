-- grain: one row per student, assessment, academic subject, school year and growth window with an outcome
-- question: which scores went before this one, and through which subjects, terms and grades?
create or replace temp table growth_outcome as
with
results as (
    select * from frames.scored_result
    where linked_from is null and grade_level is not null
),

histories as (
    select * from frames.growth_history
),

pasts as (
    select
        student_id,
        assessment_id,
        academic_subject,
        school_year,
        growth_window,
        list(
            struct_pack(
                years_back := school_year - prior_school_year,
                term := prior_term,
                academic_subject := prior_subject,
                grade_level := prior_grade_level
            )
            order by prior_number
        ) as steps,
        list(prior_scale_score order by prior_number) as priors,
        list(prior_score_sem order by prior_number) as prior_errors
    from histories
    group by all
),

outcomes as (
    select
        results.student_id,
        results.assessment_id,
        results.academic_subject,
        results.school_year,
        results.term,
        results.grade_level,
        pasts.growth_window,
        results.scale_score,
        results.score_sem,
        pasts.steps,
        pasts.priors,
        pasts.prior_errors
    from results
    inner join pasts using (student_id, assessment_id, academic_subject, school_year)
    where results.term = split_part(pasts.growth_window, '_to_', 2)
),

-- A path is what students of one norm group have in common: many students, few paths.
distinct_paths as (
    select distinct assessment_id, academic_subject, growth_window, term, grade_level, steps
    from outcomes
),

paths as (
    select
        *,
        row_number() over (
            order by assessment_id, academic_subject, growth_window, term, grade_level, steps
        ) as path_number
    from distinct_paths
)

select outcomes.*, paths.path_number, row_number() over () as outcome_number
from outcomes
inner join paths using (assessment_id, academic_subject, growth_window, term, grade_level, steps)
