-- grain: one row per school year and PD type (all: every type), and one per school and school year
-- question: what did an hour of PD cost for one participant?
with
costs as (
    select * from estimates.cost
),

schools as (
    select * from estimates.cost_equity
),

levels as (
    select distinct school_id, school_year, school_level
    from frames.staff_year
    where school_id is not null
),

district as (
    select
        cast(null as varchar) as school_id,
        costs.school_year,
        costs.pd_type as category,
        costs.cost_per_hour as value,
        costs.covered_cost as numerator,
        costs.covered_hours as denominator,
        earlier.cost_per_hour as comparison_value,
        costs.n_participants as n_persons,
        costs.note
    from costs
    left join costs as earlier on costs.pd_type = earlier.pd_type and costs.school_year = earlier.school_year + 1
    where costs.school_year is not null and costs.cost_per_hour is not null
),

school_hours as (
    select
        schools.group_name as school_id,
        schools.school_year,
        levels.school_level,
        schools.cost,
        schools.hours,
        schools.n_teachers
    from schools
    inner join levels on schools.group_name = levels.school_id and schools.school_year = levels.school_year
    where schools.grouping = 'school' and schools.hours > 0
),

-- Peers are the other schools of the level.
compared as (
    select
        school_id,
        school_year,
        'all' as category,
        cost / hours as value,
        cost as numerator,
        hours as denominator,
        (sum(cost) over peers - cost) / nullif(sum(hours) over peers - hours, 0) as comparison_value,
        n_teachers as n_persons,
        cast(null as varchar) as note
    from school_hours
    window peers as (partition by school_year, school_level)
),

rows as (
    select * from district
    union all by name
    select * from compared
)

select * from rows
