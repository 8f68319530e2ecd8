-- grain: one row per student and school year with enrollments in several grades
-- question: are several students under one id, or an enrollment filed under a wrong year?
-- table: core.student_enrollment
-- columns: grade_level
-- severity: warning
-- meaning: A student is enrolled in one grade in a school year, also after a move between schools.
select
    student_id,
    school_year
from core.student_enrollment
group by student_id, school_year
having min(grade_level) < max(grade_level)
