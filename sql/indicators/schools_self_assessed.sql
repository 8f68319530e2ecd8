-- grain: one row per school year
-- question: what share of schools with teachers handed in a self-assessment?
with
schools as (
    select distinct
        school_id,
        school_year
    from frames.staff_year
    where is_teacher and school_id is not null
),

assessed as (
    select distinct
        school_id,
        school_year
    from core.self_assessment
),

assessed_years as (
    select distinct school_year from assessed
),

shares as (
    select
        schools.school_year,
        count(assessed.school_id) / count(*) as value,
        count(assessed.school_id) as numerator,
        count(*) as denominator
    from schools
    inner join assessed_years using (school_year)
    left join assessed using (school_id, school_year)
    group by schools.school_year
)

select * from shares
