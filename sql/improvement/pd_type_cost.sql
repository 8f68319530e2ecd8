-- grain: one row per PD type with a cost in the report year
-- question: what did each type cost, in all and per student whose teacher took part?
with
costs as (
    select * from estimates.cost
),

type_costs as (
    select
        pd_type,
        cost_per_student,
        total_cost,
        note
    from costs
    where period = 'report_year'
)

select * from type_costs
order by pd_type
