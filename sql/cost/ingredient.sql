-- grain: one row per period, school year, PD type, ingredient and origin
-- question: which ingredients does the spending consist of?
with
items as (
    select * from temp.cost_item
),

by_year as (
    select
        unnest([pd_type, 'all']) as pd_type,
        pd_activity_id,
        school_year as of_year,
        ingredient,
        origin,
        ingredient_class,
        is_personnel,
        amount
    from items
),

by_period as (
    select
        *,
        unnest([
            {
                'period': case when of_year = $report_year then 'report_year' else 'other_year' end,
                'school_year': of_year
            },
            {'period': 'all_years', 'school_year': null}
        ], recursive := true)
    from by_year
),

totals as (
    select
        period,
        school_year,
        pd_type,
        ingredient,
        origin,
        ingredient_class,
        is_personnel,
        sum(amount) as amount,
        count(distinct pd_activity_id) as n_activities
    from by_period
    group by all
),

shares as (
    select *, amount / nullif(sum(amount) over (partition by period, school_year, pd_type), 0) as share
    from totals
)

select * from shares
