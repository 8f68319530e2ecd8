-- grain: one row per school, priority and school year with a rating
-- question: which ratings of need and fit may be shown?
with
ratings as (
    select * from estimates.school_need_fit
),

schools as (
    select * from core.school
),

judged as (
    select
        ratings.*,
        coalesce(schools.school_name, ratings.school_id) as school_name,
        ratings.n_staff < $minimum_staff as is_suppressed
    from ratings
    left join schools using (school_id)
),

disclosed as (
    select
        school_id,
        priority_id,
        school_year,
        school_name,
        school_level,
        priority_title,
        priority_level,
        source,
        case when not is_suppressed then need end as need,
        case when not is_suppressed then fit end as fit,
        case when not is_suppressed then gap end as gap,
        case when not is_suppressed then hours_per_teacher end as hours_per_teacher,
        case when not is_suppressed then hours_share end as hours_share,
        case when not is_suppressed then peer_hours_per_teacher end as peer_hours_per_teacher,
        case when not is_suppressed then need_and_hours end as need_and_hours,
        is_suppressed
    from judged
)

select * from disclosed
