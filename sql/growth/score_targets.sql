-- grain: one row per assessment, academic subject and grade level with scores in the report year or a cut score
-- question: between which scores does the scale run, and from which on is a student proficient?
with
results as (
    select * from frames.scored_result
    where school_year = $report_year
),

levels as (
    select * from core.assessment_performance_level
    where school_year <= $report_year and is_proficient
),

ranges as (
    select
        assessment_id, academic_subject, grade_level, min(scale_score) as lowest, max(scale_score) as highest
    from results
    group by all
),

cuts as (
    select assessment_id, academic_subject, grade_level, min(minimum_score) as cut_score
    from levels
    where school_year = (
        select max(latest.school_year)
        from levels as latest
        where latest.assessment_id = levels.assessment_id
            and latest.academic_subject = levels.academic_subject
            and latest.grade_level = levels.grade_level
    )
    group by all
)

select assessment_id, academic_subject, grade_level, lowest, highest, cut_score
from ranges
full join cuts using (assessment_id, academic_subject, grade_level)
