-- grain: one row per path and school year
-- question: which paths did students take, and how many students each?
select
    path_number,
    assessment_id,
    academic_subject,
    growth_window,
    term,
    grade_level,
    steps,
    school_year,
    count(*) as n_students
from growth_outcome
group by all
order by path_number, school_year
