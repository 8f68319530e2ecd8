-- grain: one row per questionnaire, school year and combination of role, school level and experience
-- question: how many were invited, and how many answered, where both are known by name?
select
    questionnaire_id,
    school_year,
    case role when 'teacher' then 'teachers' when 'not known' then 'role not known' else 'others' end as role,
    school_level,
    novice,
    count(*) as n_invited,
    count(response_id) as n_responses
from survey_invitation
group by all
order by all
