-- grain: one row per response to a questionnaire in a school year
-- question: who answered, as far as that may be known?
select
    respondent.response_id,
    respondent.survey_id,
    respondent.school_id,
    respondent.respondent_role,
    survey_weight.weight
from frames.survey_respondent as respondent
left join survey_weight using (response_id)
where respondent.questionnaire_id = $questionnaire_id and respondent.school_year = $school_year
order by respondent.survey_id, respondent.response_id
