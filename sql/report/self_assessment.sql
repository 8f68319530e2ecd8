-- grain: one row per school, school year and practice that the school rated
-- question: what do schools say of their practices, beside peers and the year before?
with
results as (
    select * from estimates.self_assessment_result
),

schools as (
    select * from core.school
),

named as (
    select
        results.school_id,
        coalesce(schools.school_name, results.school_id) as school_name,
        results.school_year,
        results.practice,
        results.rating,
        results.n_peers,
        results.peer_median,
        results.peer_ci_low,
        results.peer_ci_high,
        results.difference,
        results.rating_before,
        results.change
    from results
    left join schools using (school_id)
)

select * from named
