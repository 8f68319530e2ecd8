-- grain: one row per response to a survey that does not say that it is not anonymous
-- question: what is left of a response when nobody may learn who gave it?
update scratch.staging.survey_response
set staff_id = null
where
    staff_id is not null
    and (
        survey_id is null
        or survey_id not in (select survey.survey_id from core.survey as survey where not survey.is_anonymous)
    )
