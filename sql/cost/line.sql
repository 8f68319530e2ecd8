-- grain: one row per activity, ingredient and school year
-- question: what does the source list, in which class is it, and what is it in prices of the price year?
-- Without a price year amounts stay as they are; a year that the index lacks has no amount.
with
costs as (
    select * from core.pd_cost
),

activities as (
    select * from core.pd_activity
),

classes as (
    select * from temp.cost_class
),

price_index as (
    select * from temp.cost_price_index
),

lines as (
    select
        costs.pd_activity_id,
        costs.school_year,
        activities.pd_type,
        costs.ingredient,
        classes.ingredient_class,
        classes.is_personnel,
        costs.amount as listed_amount,
        costs.amount * case when $has_price_year then price_index.factor else 1 end as amount
    from costs
    inner join activities using (pd_activity_id)
    inner join classes using (ingredient)
    left join price_index using (school_year)
)

select * from lines
