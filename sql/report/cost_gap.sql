-- grain: one row per activity and school year with hours or costs alone
-- question: which activities are not in unit costs, and why?
with
activities as (
    select * from estimates.cost_activity
),

titles as (
    select * from core.pd_activity
),

costs_of_other_years as (
    select
        pd_activity_id,
        string_agg(school_year, ', ' order by school_year) as years
    from activities
    where source_cost is not null
    group by pd_activity_id
),

judged as (
    select
        activities.pd_activity_id,
        activities.school_year,
        titles.title,
        activities.pd_type,
        activities.status,
        activities.n_participants,
        activities.hours,
        activities.source_cost,
        case
            when activities.status = 'hours_without_cost' and costs_of_other_years.years is not null
                then 'costs of the activity are listed in ' || costs_of_other_years.years
        end as note,
        activities.n_participants between 1 and $minimum_staff - 1 as is_suppressed
    from activities
    inner join titles using (pd_activity_id)
    left join costs_of_other_years using (pd_activity_id)
    where activities.status <> 'covered'
),

disclosed as (
    select
        pd_activity_id,
        school_year,
        title,
        pd_type,
        status,
        case when not is_suppressed then n_participants end as n_participants,
        case when not is_suppressed then hours end as hours,
        case when not is_suppressed then source_cost end as source_cost,
        note,
        is_suppressed
    from judged
)

select * from disclosed
