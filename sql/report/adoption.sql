-- grain: one row per PD type and school year
-- question: how has each PD type spread over schools?
with
spread as (
    select * from estimates.adoption
)

select * from spread
