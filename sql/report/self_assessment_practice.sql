-- grain: one row per school year and practice that any school rated
-- question: how many schools rate themselves at which level?
with
results as (
    select * from estimates.self_assessment_result
),

counts as (
    select
        school_year,
        practice,
        count(*) as n_schools,
        count(*) filter (where rating < 1.5) as n_level_1,
        count(*) filter (where rating >= 1.5 and rating < 2.5) as n_level_2,
        count(*) filter (where rating >= 2.5 and rating < 3.5) as n_level_3,
        count(*) filter (where rating >= 3.5) as n_level_4,
        median(rating) as median_rating
    from results
    group by school_year, practice
)

select * from counts
