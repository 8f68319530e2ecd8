-- grain: one row per rated item of a questionnaire
-- question: which items does the questionnaire have, in words of its first survey?
with
surveys as (
    select * from frames.survey_questionnaire
    where questionnaire_id = $questionnaire_id and school_year = $school_year
),

items as (
    select
        survey_item.item_id,
        survey_item.wording,
        survey_item.construct,
        survey_item.scale_min,
        survey_item.scale_max,
        coalesce(survey_item.is_reverse_scored, false) as is_reverse_scored
    from core.survey_item as survey_item
    inner join surveys using (survey_id)
    where survey_item.response_type in ('likert', 'number')
    qualify row_number() over (partition by survey_item.item_id order by surveys.administered_date, survey_id) = 1
)

select * from items
order by item_id
