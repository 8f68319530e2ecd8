-- grain: one row per school year, initiator and PD type with attended hours or costs
-- question: how many hours and how much money went from each initiator to each kind of PD?
with
attended as (
    select * from frames.staff_activity
),

activity_costs as (
    select * from estimates.cost_activity
),

activities as (
    select * from core.pd_activity
),

flows_of_hours as (
    select
        school_year,
        coalesce(initiated_by, 'unknown') as initiated_by,
        pd_type,
        count(distinct pd_activity_id) as n_activities,
        count(distinct staff_id) as n_staff,
        sum(hours) as hours
    from attended
    group by all
),

flows_of_money as (
    select
        activity_costs.school_year,
        coalesce(activities.initiated_by, 'unknown') as initiated_by,
        activity_costs.pd_type,
        count(*) as n_activities,
        sum(activity_costs.total_cost) as cost
    from activity_costs
    inner join activities using (pd_activity_id)
    group by all
),

counted as (
    select
        school_year,
        initiated_by,
        pd_type,
        coalesce(flows_of_money.n_activities, flows_of_hours.n_activities) as n_activities,
        coalesce(flows_of_hours.n_staff, 0) as n_staff,
        coalesce(flows_of_hours.hours, 0) as hours,
        flows_of_money.cost
    from flows_of_hours
    full join flows_of_money using (school_year, initiated_by, pd_type)
),

judged as (
    select
        *,
        -- a kind's hours are shown elsewhere: with one flow hidden the others would give it away
        coalesce(
            min(nullif(n_staff, 0)) over (partition by school_year, pd_type) < $minimum_staff, false
        ) as is_suppressed
    from counted
),

disclosed as (
    select
        school_year,
        initiated_by,
        pd_type,
        case when not is_suppressed then n_activities end as n_activities,
        case when not is_suppressed then n_staff end as n_staff,
        case when not is_suppressed then hours end as hours,
        case when not is_suppressed then cost end as cost,
        is_suppressed
    from judged
)

select * from disclosed
