-- grain: one row per place that a prior can have
-- question: how many years before the outcome, in which term, subject and grade? Numbers stand for these in the rows.
create or replace temp table growth_step as
with
places as (
    select distinct
        school_year - prior_school_year as years_back,
        prior_term as term,
        prior_subject as academic_subject,
        prior_grade_level as grade_level
    from frames.growth_history
)

select row_number() over (order by years_back, term, academic_subject, grade_level) as step_number, *
from places
