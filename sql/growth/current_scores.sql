-- grain: one row per student, assessment, academic subject and growth window with a score in the report year
-- question: from which scores, the current one first, does growth go on? Only scores of the subject itself,
-- and only windows of a year: what goes before next spring's score in a window of months is not known yet.
create or replace temp table growth_current as
with
results as (
    select * from frames.scored_result
    where school_year = $report_year and linked_from is null and grade_level is not null
),

outcomes as (
    select * from growth_outcome
    where school_year = $report_year
),

windows as (
    select distinct assessment_id, academic_subject, growth_window, term
    from outcomes
    where split_part(growth_window, '_to_', 1) = term
),

positions as (
    select
        outcomes.student_id,
        outcomes.assessment_id,
        outcomes.academic_subject,
        outcomes.growth_window,
        list_filter(
            range(1, len(outcomes.steps) + 1),
            lambda position: outcomes.steps[position].academic_subject = outcomes.academic_subject
        ) as own
    from outcomes
),

pasts as (
    select
        outcomes.student_id,
        outcomes.assessment_id,
        outcomes.academic_subject,
        outcomes.growth_window,
        list_transform(positions.own, lambda position: outcomes.steps[position].grade_level) as grades,
        list_transform(positions.own, lambda position: outcomes.priors[position]) as scores
    from outcomes
    inner join positions using (student_id, assessment_id, academic_subject, growth_window)
),

current as (
    select
        results.student_id,
        results.assessment_id,
        results.academic_subject,
        windows.growth_window,
        windows.term,
        list_prepend(results.grade_level, coalesce(pasts.grades, [])) as grades,
        list_prepend(results.scale_score, coalesce(pasts.scores, [])) as scores
    from results
    inner join windows using (assessment_id, academic_subject, term)
    left join pasts using (student_id, assessment_id, academic_subject, growth_window)
)

select *, row_number() over () as current_number
from current
