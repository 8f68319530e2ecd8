-- grain: one row per academic subject in which most scores have no prior
-- question: does the growth sample still stand for the students who were tested?
-- table: frames.student_growth
-- columns: has_growth_window
-- severity: warning
-- meaning: At least half of the scores of each subject have an earlier score on the same scale to measure growth from.
-- detail: subject and share
-- parameter: maximum_share = 0.5
select
    format(
        '{}: {:.0f} % of {:,} scores have no prior', academic_subject, 100 * avg(cast(not has_growth_window as integer)), count(*)
    ) as detail
from frames.student_growth
group by academic_subject
having avg(cast(not has_growth_window as integer)) > $maximum_share
