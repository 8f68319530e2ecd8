-- grain: one row per response and item with an answer in free text
-- question: what was answered to which question, in which year, about which type of professional development?
with
answers as (
    select * from landed.restricted.open_answer
    where build_id = $build_id
),

surveys as (
    select * from core.survey
),

items as (
    select * from core.survey_item
),

responses as (
    select * from core.survey_response
),

activities as (
    select * from core.pd_activity
),

-- Persons are told apart only where the survey was not anonymous; else each response counts as one.
described as (
    select
        trim(regexp_replace(coalesce(items.wording, answers.item_id), '\s+', ' ', 'g')) as wording,
        cast(
            year(surveys.administered_date) + cast(month(surveys.administered_date) >= 7 as integer) as smallint
        ) as school_year,
        activities.pd_type,
        case
            when not coalesce(surveys.is_anonymous, true) then coalesce(responses.staff_id, answers.response_id)
            else answers.response_id
        end as respondent,
        answers.text
    from answers
    inner join surveys using (survey_id)
    left join items using (survey_id, item_id)
    left join responses using (response_id)
    left join activities
        on coalesce(responses.pd_activity_id, surveys.pd_activity_id) = activities.pd_activity_id
),

-- One question in several surveys, however its case and spaces are written.
questions as (
    select
        *,
        min(wording) over (partition by lower(wording)) as question
    from described
)

select
    question,
    school_year,
    pd_type,
    respondent,
    text
from questions
order by all
