-- grain: one row per score of an administration
-- question: which scores set the knots of an assessment, subject, grade and term?
select scale_score
from frames.scored_result
where assessment_id = $assessment_id and academic_subject = $academic_subject
    and grade_level = $grade_level and term = $term and list_contains($school_years, school_year)
