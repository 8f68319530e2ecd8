-- grain: one row per school and step of the report year
-- question: what should each school do next?
with
steps as (
    select * from estimates.next_step
),

schools as (
    select * from core.school
),

named as (
    select
        steps.school_id,
        coalesce(schools.school_name, steps.school_id) as school_name,
        steps.school_year,
        steps.priority,
        steps.rule,
        steps.practice,
        steps.step,
        steps.reason
    from steps
    left join schools using (school_id)
)

select * from named
