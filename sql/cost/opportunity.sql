-- grain: one row per period, school year and PD type (all: every type) with costs and hours
-- question: how much time does the source not price, and what was added for it?
with
activities as (
    select * from estimates.cost_activity where status = 'covered'
),

spent as (
    select
        unnest([pd_type, 'all']) as pd_type,
        school_year as of_year,
        hours,
        school_day_hours,
        is_time_listed,
        substitute_hours,
        substitute_cost,
        time_hours,
        time_cost,
        priced_cost
    from activities
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
    from spent
),

totals as (
    select
        period,
        school_year,
        pd_type,
        sum(hours) as hours,
        coalesce(sum(hours) filter (where is_time_listed), 0) as listed_hours,
        sum(school_day_hours) as school_day_hours,
        sum(substitute_hours) as substitute_hours,
        sum(substitute_cost) as substitute_cost,
        sum(time_hours) as time_hours,
        sum(time_cost) as time_cost,
        sum(priced_cost) as priced_cost,
        coalesce(sum(school_day_hours) filter (where is_time_listed), 0)
        * $substitute_share / $hours_per_substitute_day * $substitute_daily_cost as not_added_cost
    from by_period
    group by period, school_year, pd_type
),

explained as (
    select
        *,
        $currency as currency,
        nullif(concat_ws(
            '; ',
            case when listed_hours > 0 then 'nothing added where the source prices participants'' time' end,
            case
                when time_hours > 0 and $teacher_hourly_cost is null
                    then 'participants'' time not available: set [cost] teacher_hourly_cost'
            end,
            case
                when school_day_hours > 0 and listed_hours < hours and $substitute_daily_cost is null
                    then 'no rate of substitutes: set [cost] substitute_daily_cost'
            end
        ), '') as note
    from totals
)

select * from explained
