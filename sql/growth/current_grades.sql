-- grain: one row per assessment, academic subject, growth window and grade level with scores in the report year
-- question: whose growth can go on? Only windows of a year: what goes before next spring's score in a window of
-- months is not known yet.
with
results as (
    select assessment_id, academic_subject, term, grade_level
    from frames.scored_result
    where school_year = $report_year and linked_from is null and grade_level is not null
),

windows as (
    select distinct assessment_id, academic_subject, growth_window, term
    from growth_path
    where split_part(growth_window, '_to_', 1) = term
)

select distinct assessment_id, academic_subject, growth_window, term, grade_level
from results
inner join windows using (assessment_id, academic_subject, term)
order by all
