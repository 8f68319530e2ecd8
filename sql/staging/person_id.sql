-- grain: one row per id of a member of staff or a student
-- question: which ids of persons may an open answer hold?
with
staff as (
    select * from scratch.staging.declared_staff
),

students as (
    select * from scratch.staging.declared_student
),

ids as (
    select id from staff
    union
    select id from students
)

select * from ids
