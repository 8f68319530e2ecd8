-- grain: one row per response that came with a staff id though its survey does not say that it is not anonymous
-- question: which staff ids have to be dropped before anything else is done with the responses?
insert into scratch.staging.rejected
select
    'survey_response' as entity,
    response.file_number,
    response.source_line,
    'anonymous_staff_id' as rule,
    'staff_id' as column_name,
    'the survey is anonymous, or no survey source says is_anonymous = false; the response went in without its staff id' as reason
from scratch.staging.survey_response as response
where
    response.staff_id is not null
    and not response.is_skipped
    and response.survey_id not in (select survey.survey_id from core.survey as survey where not survey.is_anonymous)
