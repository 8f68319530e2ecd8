-- grain: one row per school (none: the district) and school year
-- question: what did PD cost per teacher, with PD or without?
with
groups as (
    select * from estimates.cost_equity where grouping = 'school'
),

levels as (
    select distinct school_id, school_year, school_level
    from frames.staff_year
    where school_id is not null
),

district_years as (
    select
        school_year,
        sum(cost) as cost,
        cast(sum(n_teachers) as bigint) as n_teachers
    from groups
    group by school_year
),

district as (
    select
        cast(null as varchar) as school_id,
        district_years.school_year,
        district_years.cost / district_years.n_teachers as value,
        district_years.cost as numerator,
        district_years.n_teachers as denominator,
        earlier.cost / earlier.n_teachers as comparison_value,
        district_years.n_teachers as n_persons
    from district_years
    left join district_years as earlier on district_years.school_year = earlier.school_year + 1
),

-- Peers are the other schools of the level.
schools as (
    select
        groups.group_name as school_id,
        groups.school_year,
        groups.cost_per_teacher as value,
        groups.cost as numerator,
        groups.n_teachers as denominator,
        (sum(groups.cost) over peers - groups.cost)
        / nullif(sum(groups.n_teachers) over peers - groups.n_teachers, 0) as comparison_value,
        groups.n_teachers as n_persons
    from groups
    inner join levels on groups.group_name = levels.school_id and groups.school_year = levels.school_year
    window peers as (partition by groups.school_year, levels.school_level)
),

rows as (
    select * from district
    union all by name
    select * from schools
)

select * from rows
