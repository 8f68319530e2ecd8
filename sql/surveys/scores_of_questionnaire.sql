-- grain: one row per usable answer to a rated item of a questionnaire in a school year
-- question: what was said?
select
    response_id,
    item_id,
    score
from frames.survey_item_score
where questionnaire_id = $questionnaire_id and school_year = $school_year
