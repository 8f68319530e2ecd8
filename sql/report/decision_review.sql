-- grain: one row per decision
-- question: what came of each decision, and what may be shown of it?
with
reviews as (
    select * from estimates.decision_review
)

select * from reviews
