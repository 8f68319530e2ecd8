-- grain: one row per PD type and school year
-- question: how many schools had taken up each type by each year, and how many live it in the year?
with
school_adoptions as (
    select * from estimates.school_adoption
),

spread as (
    select
        pd_type,
        school_year,
        count(*) as n_schools,
        count(*) filter (where adoption_year <= school_year) as n_adopted,
        count(*) filter (where adoption_year <= school_year) / count(*) as share,
        count(*) filter (where adoption_year = school_year) as n_new,
        count(*) filter (where is_practising) as n_practising
    from school_adoptions
    group by pd_type, school_year
    order by pd_type, school_year
)

select * from spread
