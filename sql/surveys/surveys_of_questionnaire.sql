-- grain: one row per survey of a questionnaire in a school year
-- question: which surveys are read together?
select
    survey_id,
    survey_title,
    n_invited,
    is_anonymous
from frames.survey_questionnaire
where questionnaire_id = $questionnaire_id and school_year = $school_year
order by administered_date, survey_id
