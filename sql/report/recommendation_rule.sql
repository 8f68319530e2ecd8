-- grain: one row per rule
-- question: by which rules are PD types recommended?
with
rules as (
    select * from estimates.recommendation_rule
)

select * from rules
