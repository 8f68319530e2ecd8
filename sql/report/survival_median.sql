-- grain: one row per process, category and school year
-- question: which median times may be shown?
with
medians as (
    select * from estimates.survival_median
),

judged as (
    select
        *,
        n_people < $minimum_staff as is_suppressed
    from medians
),

disclosed as (
    select
        process,
        category,
        school_year,
        case when not is_suppressed then median_days end as median_days,
        case when not is_suppressed then ci_low_days end as ci_low_days,
        case when not is_suppressed then ci_high_days end as ci_high_days,
        case when not is_suppressed then n_people end as n_people,
        case when not is_suppressed then n_events end as n_events,
        case when not is_suppressed then n_left_out end as n_left_out,
        case when is_suppressed then 'of too few people to be shown' else note end as note,
        is_suppressed
    from judged
)

select * from disclosed
