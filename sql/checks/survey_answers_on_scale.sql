-- grain: one row per answer that is no number on the scale of its item
-- question: was an item exported with other codes than its scale says?
-- table: core.survey_answer
-- columns: value
-- severity: warning
-- meaning: Answers to rating and number items are numbers within the scale of the item.
with
scaled_items as (
    select * from core.survey_item
    where response_type in ('likert', 'number')
),

answers as (
    select
        answer.response_id,
        answer.item_id,
        answer.value,
        try_cast(answer.value as double) as number,
        item.scale_min,
        item.scale_max
    from core.survey_answer as answer
    inner join core.survey_response as response using (response_id)
    inner join scaled_items as item
        on response.survey_id = item.survey_id
        and answer.item_id = item.item_id
),

off_scale as (
    select
        response_id,
        item_id
    from answers
    where
        value is not null
        and (number is null or number < scale_min or number > scale_max)
)

select * from off_scale
