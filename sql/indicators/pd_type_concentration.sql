-- grain: one row per school (none: the district) and school year
-- question: how far are hours concentrated on few kinds of PD, by the Herfindahl index of their shares?
with
hours_by_place as (
    select * from temp.placed_activity
),

type_sums as (
    select
        school_id,
        school_year,
        pd_type,
        sum(hours) as hours
    from hours_by_place
    group by school_id, school_year, pd_type
),

indices as (
    select
        school_id,
        school_year,
        sum(hours ** 2) / sum(hours) ** 2 as value
    from type_sums
    group by school_id, school_year
),

persons as (
    select
        school_id,
        school_year,
        count(distinct staff_id) as n_persons
    from hours_by_place
    group by school_id, school_year
),

described as (
    select
        indices.school_id,
        indices.school_year,
        indices.value,
        persons.n_persons
    from indices
    inner join persons
        on indices.school_year = persons.school_year
        and indices.school_id is not distinct from persons.school_id
)

select * from described
