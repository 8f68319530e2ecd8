-- grain: one row per assumption about costs
-- question: which rates and rules do the costs rest on?
with
assumptions as (
    select * from estimates.cost_assumption
)

select * from assumptions
