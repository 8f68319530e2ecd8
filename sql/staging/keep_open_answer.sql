-- grain: one row per response and item with an answer in free text
-- question: what do the open answers of this build say, names and addresses removed? (restricted file only)
insert into landed.restricted.open_answer
with
scrubbed as (
    select * from scrubbed_answers
),

responses as (
    select * from core.survey_response
),

answers as (
    select
        $build_id as build_id,
        scrubbed.response_id,
        responses.survey_id,
        scrubbed.item_id,
        scrubbed.text
    from scrubbed
    left join responses using (response_id)
)

select * from answers
