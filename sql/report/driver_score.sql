-- grain: one row per driver, school (none: the district), school year and role
-- question: which mean answers may be shown?
with
scores as (
    select * from estimates.driver_score
),

schools as (
    select * from core.school
),

judged as (
    select
        scores.driver,
        scores.school_id,
        coalesce(schools.school_name, scores.school_id) as school_name,
        scores.school_year,
        scores.role,
        scores.mean_score,
        scores.ci_low,
        scores.ci_high,
        scores.n_persons,
        scores.n_schools,
        scores.note,
        scores.n_persons < $minimum_staff or scores.is_withheld as is_suppressed
    from scores
    left join schools using (school_id)
),

disclosed as (
    select
        driver,
        school_id,
        school_name,
        school_year,
        role,
        case when not is_suppressed then mean_score end as mean_score,
        case when not is_suppressed then ci_low end as ci_low,
        case when not is_suppressed then ci_high end as ci_high,
        case when not is_suppressed then n_persons end as n_persons,
        case when not is_suppressed then n_schools end as n_schools,
        case when is_suppressed then 'of too few people to be shown' else note end as note,
        is_suppressed
    from judged
)

select * from disclosed
