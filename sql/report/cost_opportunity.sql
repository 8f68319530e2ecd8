-- grain: one row per period, school year and PD type of which enough people took part
-- question: how much time does the source not price, and what was added for it?
with
opportunities as (
    select * from estimates.cost_opportunity
),

costs as (
    select * from report.cost
),

disclosed as (
    select opportunities.*
    from opportunities
    inner join costs
        on opportunities.period = costs.period
        and opportunities.school_year is not distinct from costs.school_year
        and opportunities.pd_type = costs.pd_type
    where not costs.is_suppressed
)

select * from disclosed
