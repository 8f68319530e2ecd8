-- grain: one row per school year and PD type (all: every type)
-- question: which share of the cost is people's time?
with
costs as (
    select * from estimates.cost
),

district as (
    select
        costs.school_year,
        costs.pd_type as category,
        costs.personnel_share as value,
        costs.personnel_share * costs.total_cost as numerator,
        costs.total_cost as denominator,
        earlier.personnel_share as comparison_value,
        costs.n_participants as n_persons,
        costs.note
    from costs
    left join costs as earlier on costs.pd_type = earlier.pd_type and costs.school_year = earlier.school_year + 1
    where costs.school_year is not null and costs.personnel_share is not null
)

select * from district
