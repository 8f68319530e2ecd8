-- grain: one row per questionnaire, school year and construct
-- question: may answers be averaged to schools?
with
aggregations as (
    select * from estimates.survey_aggregation
)

select * from aggregations
