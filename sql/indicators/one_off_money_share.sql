-- grain: one row per school (none: the district) and school year
-- question: what share of the money for PD went into one-off events?
with
costs as (
    select
        pd_activity_id,
        school_year,
        sum(amount) as amount
    from core.pd_cost
    group by pd_activity_id, school_year
),

kinds as (
    select
        activities.pd_activity_id,
        types.is_connected
    from core.pd_activity as activities
    inner join core.pd_type as types using (pd_type)
    where types.is_connected is not null
),

hours_by_place as (
    select
        school_id,
        school_year,
        pd_activity_id,
        sum(hours) as hours
    from temp.placed_activity
    group by school_id, school_year, pd_activity_id
),

-- A school's part of an activity's cost is its part of the hours that anybody attended in that year.
school_money as (
    select
        hours_by_place.school_id,
        hours_by_place.school_year,
        kinds.is_connected,
        costs.amount * hours_by_place.hours / whole.hours as amount
    from hours_by_place
    inner join hours_by_place as whole
        on
            hours_by_place.pd_activity_id = whole.pd_activity_id
            and hours_by_place.school_year = whole.school_year
            and whole.school_id is null
    inner join costs
        on
            hours_by_place.pd_activity_id = costs.pd_activity_id
            and hours_by_place.school_year = costs.school_year
    inner join kinds on hours_by_place.pd_activity_id = kinds.pd_activity_id
    where hours_by_place.school_id is not null
),

-- The district paid for an activity that nobody attended as well.
district_money as (
    select
        null::varchar as school_id,
        costs.school_year,
        kinds.is_connected,
        costs.amount
    from costs
    inner join kinds using (pd_activity_id)
),

money as (
    select * from school_money
    union all
    select * from district_money
),

persons as (
    select
        school_id,
        school_year,
        count(distinct staff_id) as n_persons
    from temp.placed_activity
    inner join costs using (pd_activity_id, school_year)
    group by school_id, school_year
),

shares as (
    select
        money.school_id,
        money.school_year,
        coalesce(sum(money.amount) filter (where not money.is_connected), 0) / sum(money.amount) as value,
        coalesce(sum(money.amount) filter (where not money.is_connected), 0) as numerator,
        sum(money.amount) as denominator,
        any_value(persons.n_persons) as n_persons
    from money
    left join persons
        on
            money.school_id is not distinct from persons.school_id
            and money.school_year = persons.school_year
    group by money.school_id, money.school_year
    having sum(money.amount) > 0
)

select * from shares
