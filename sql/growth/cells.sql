-- grain: one row per assessment, academic subject, school year and growth window with histories
-- question: which outcomes are there, and how many priors do they have at most?
select assessment_id, academic_subject, school_year, growth_window, max(prior_number) as n_priors
from frames.growth_history
group by all
order by all
