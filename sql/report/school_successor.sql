-- grain: one row per school with teachers and school year
-- question: which schools have somebody ready to follow their principal?
with
successors as (
    select * from estimates.school_successor
),

schools as (
    select * from core.school
),

-- How many are ready in a school would point to persons; whether anybody is does not.
described as (
    select
        successors.school_id,
        coalesce(schools.school_name, successors.school_id) as school_name,
        schools.school_level,
        successors.school_year,
        successors.has_principal,
        successors.has_successor
    from successors
    left join schools using (school_id)
)

select * from described
