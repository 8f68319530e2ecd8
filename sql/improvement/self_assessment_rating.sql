-- grain: one row per school, school year and practice
-- question: what does each school say of each practice, and of which level is it?
with
ratings as (
    select * from core.self_assessment
),

schools as (
    select * from core.school
),

levelled as (
    select
        ratings.school_id,
        schools.school_level,
        ratings.school_year,
        ratings.practice,
        ratings.rating,
        ratings.respondent_role
    from ratings
    left join schools using (school_id)
)

select * from levelled
order by school_id, school_year, practice
