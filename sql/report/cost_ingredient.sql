-- grain: one row per period, school year, PD type, ingredient and origin
-- question: which ingredients may be shown?
with
ingredients as (
    select * from estimates.cost_ingredient
),

costs as (
    select * from report.cost
),

judged as (
    select
        ingredients.*,
        coalesce(costs.is_suppressed, false) as is_suppressed
    from ingredients
    left join costs
        on ingredients.period = costs.period
        and ingredients.school_year is not distinct from costs.school_year
        and ingredients.pd_type = costs.pd_type
),

disclosed as (
    select
        period,
        school_year,
        pd_type,
        ingredient,
        origin,
        ingredient_class,
        is_personnel,
        case when not is_suppressed then amount end as amount,
        case when not is_suppressed then share end as share,
        n_activities,
        is_suppressed
    from judged
)

select * from disclosed
