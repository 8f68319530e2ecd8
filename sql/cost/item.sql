-- grain: one row per activity, school year, ingredient and origin
-- question: of which ingredients is the cost of an activity made, listed and priced?
with
lines as (
    select * from temp.cost_line
),

activities as (
    select * from estimates.cost_activity
),

items as (
    select
        pd_activity_id,
        school_year,
        pd_type,
        ingredient,
        'source' as origin,
        ingredient_class,
        is_personnel,
        amount
    from lines
    union all
    select
        pd_activity_id,
        school_year,
        pd_type,
        'participants'' time' as ingredient,
        'priced' as origin,
        'teacher_time' as ingredient_class,
        true as is_personnel,
        time_cost as amount
    from activities
    where time_cost > 0
    union all
    select
        pd_activity_id,
        school_year,
        pd_type,
        'substitutes' as ingredient,
        'priced' as origin,
        'substitutes' as ingredient_class,
        true as is_personnel,
        substitute_cost as amount
    from activities
    where substitute_cost > 0
),

-- An activity of which one amount cannot be expressed in prices of the price year has no total.
priced_items as (
    select items.*
    from items
    inner join activities using (pd_activity_id, school_year)
    where activities.total_cost is not null
)

select * from priced_items
