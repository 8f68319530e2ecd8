-- grain: one row per score that lies impossibly far from the mean
-- question: are scores of another scale, or missing codes such as 9999, among the scores?
-- table: frames.student_growth
-- columns: score_sd
-- severity: warning
-- meaning: No score lies more than {maximum_sd:g} standard deviations from the mean of its test; one that does is often a missing code.
-- parameter: maximum_sd = 6
select
    student_id,
    assessment_id,
    academic_subject,
    school_year
from frames.student_growth
where abs(score_sd) > $maximum_sd
