-- grain: one row per PD type
-- question: what is it worth to find out next?
with
questions as (
    select * from estimates.next_question
)

select * from questions
