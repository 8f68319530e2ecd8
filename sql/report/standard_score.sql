-- grain: one row per school (none: the district), school year and principle
-- question: which scores of the standard may be shown?
with
scores as (
    select * from estimates.standard_score
),

schools as (
    select * from core.school
),

judged as (
    select
        scores.*,
        coalesce(schools.school_name, scores.school_id) as school_name,
        coalesce(scores.n_persons < $minimum_staff, false) as is_suppressed
    from scores
    left join schools using (school_id)
),

disclosed as (
    select
        school_id,
        school_year,
        principle,
        school_name,
        case when not is_suppressed then score end as score,
        case when not is_suppressed then score_low end as score_low,
        case when not is_suppressed then score_high end as score_high,
        n_measures_shown,
        n_measures,
        case when is_suppressed then 'of too few people to be shown' else missing end as missing,
        is_suppressed
    from judged
)

select * from disclosed
