-- grain: one row per school year and PD type (all: every type)
-- question: what did PD cost per student of a teacher who took part?
with
costs as (
    select * from estimates.cost
),

district as (
    select
        costs.school_year,
        costs.pd_type as category,
        costs.cost_per_student as value,
        costs.covered_cost as numerator,
        costs.covered_cost / costs.cost_per_student as denominator,
        earlier.cost_per_student as comparison_value,
        costs.n_participants as n_persons,
        costs.note
    from costs
    left join costs as earlier on costs.pd_type = earlier.pd_type and costs.school_year = earlier.school_year + 1
    where costs.school_year is not null and costs.cost_per_student > 0
)

select * from district
