-- grain: one row per response and item with an answer in free text
-- question: which open answers were loaded, as they were written? (in memory only)
create or replace table scratch.staging.open_answer as
with
records as (
    select * from scratch.staging.resolved
),

declared as (
    select * from scratch.staging.declared_survey_response
),

answers as (
    select
        declared.public_id as response_id,
        records.item_id,
        records.text
    from records
    inner join declared on records.response_id = declared.id
    where trim(records.text) <> ''
)

select * from answers
