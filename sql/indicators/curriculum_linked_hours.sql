-- grain: one row per school (none: the district) and school year
-- question: how many hours did a teacher spend in PD on the adopted curriculum?
with
teacher_hours as (
    select * from temp.placed_teacher_hours
),

means as (
    select
        school_id,
        school_year,
        sum(curriculum_linked_hours) / count(*) as value,
        sum(curriculum_linked_hours) as numerator,
        count(*) as denominator,
        count(*) as n_persons
    from teacher_hours
    group by school_id, school_year
)

select * from means
