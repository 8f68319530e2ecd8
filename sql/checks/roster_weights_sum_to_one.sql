-- grain: one row per student, academic subject and school year whose roster weights are wrong
-- question: does each student count once per subject and year, however many teachers shared the teaching?
-- table: frames.student_teacher_link
-- columns: roster_weight
-- severity: critical
-- meaning: Each student counts once per subject and school year: the shares of the student's teachers are positive and sum to 1.
-- parameter: tolerance = 1e-6
select
    student_id,
    academic_subject,
    school_year
from frames.student_teacher_link
group by student_id, academic_subject, school_year
having abs(sum(roster_weight) - 1) > $tolerance or min(roster_weight) <= 0
