-- grain: one row per survey response and rating or number item with a usable answer
-- question: what did each respondent say to each item, a high number meaning much of its construct?
with
respondents as (
    select * from frames.survey_respondent
),

items as (
    select * from core.survey_item
    where response_type in ('likert', 'number')
),

answers as (
    select
        response_id,
        item_id,
        try_cast(value as double) as number
    from core.survey_answer
),

-- A reversed item without a scale cannot be turned round: its answers are not usable.
item_scores as (
    select
        respondents.response_id,
        respondents.survey_id,
        respondents.questionnaire_id,
        respondents.school_year,
        items.item_id,
        items.construct,
        items.evaluation_level,
        items.scale_min,
        items.scale_max,
        case
            when coalesce(items.is_reverse_scored, false) then items.scale_min + items.scale_max - answers.number
            else answers.number
        end as score
    from answers
    inner join respondents using (response_id)
    inner join items
        on respondents.survey_id = items.survey_id and answers.item_id = items.item_id
    where
        isfinite(answers.number)
        and answers.number >= coalesce(items.scale_min, answers.number)
        and answers.number <= coalesce(items.scale_max, answers.number)
),

usable_scores as (
    select * from item_scores
    where score is not null
)

select * from usable_scores
