-- grain: one row per response and item with an answer in free text
-- question: what do the open answers of this build say, names and addresses removed? (restricted file only)
create or replace table landed.restricted.open_answer (
    build_id varchar,
    response_id varchar,
    survey_id varchar,
    item_id varchar,
    text varchar
)
