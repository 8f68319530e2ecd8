-- grain: one row per student and school year with results of several grades
-- question: are several students under one id, or results filed under a wrong grade?
-- table: core.assessment_result
-- columns: grade_level
-- severity: warning
-- meaning: A student's tests of one school year are of one grade.
select
    student_id,
    school_year
from core.assessment_result
group by student_id, school_year
having min(grade_level) < max(grade_level)
