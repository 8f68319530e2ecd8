-- grain: one row per student, assessment, academic subject, growth window and one number of years ahead
-- question: which score keeps the student at a percentile, and which percentile reaches the cut score?
insert into estimates.growth_projection
select
    results.student_id,
    results.assessment_id,
    results.academic_subject,
    results.school_year,
    $growth_window,
    $years_ahead,
    $grade_level,
    projected.score_p35,
    projected.score_p50,
    projected.score_p65,
    $cut_score,
    projected.adequate_percentile,
    projected.is_reachable,
    $n_priors
from frames.scored_result as results
inner join projected_rows as projected on results.rowid = projected.result_row
