-- grain: one row per driver, school (none: the district), school year and role compared with teachers
-- question: which gaps of perception may be shown?
with
gaps as (
    select * from estimates.driver_gap
),

schools as (
    select * from core.school
),

judged as (
    select
        gaps.driver,
        gaps.school_id,
        coalesce(schools.school_name, gaps.school_id) as school_name,
        gaps.school_year,
        gaps.role,
        gaps.gap,
        gaps.ci_low,
        gaps.ci_high,
        gaps.n_schools,
        gaps.n_role,
        gaps.n_teachers,
        gaps.note,
        least(gaps.n_role, gaps.n_teachers) < $minimum_staff as is_suppressed
    from gaps
    left join schools using (school_id)
),

disclosed as (
    select
        driver,
        school_id,
        school_name,
        school_year,
        role,
        case when not is_suppressed then gap end as gap,
        case when not is_suppressed then ci_low end as ci_low,
        case when not is_suppressed then ci_high end as ci_high,
        case when not is_suppressed then n_schools end as n_schools,
        case when not is_suppressed then n_role end as n_role,
        case when not is_suppressed then n_teachers end as n_teachers,
        case when is_suppressed then 'of too few people to be shown' else note end as note,
        is_suppressed
    from judged
)

select * from disclosed
