-- grain: one row per process, category, school year and number of years
-- question: which shares after some years may be shown?
with
horizons as (
    select * from estimates.survival_horizon
),

judged as (
    select
        *,
        n_people < $minimum_staff as is_suppressed
    from horizons
),

disclosed as (
    select
        process,
        category,
        school_year,
        horizon_years,
        case when not is_suppressed then survival end as survival,
        case when not is_suppressed then ci_low end as ci_low,
        case when not is_suppressed then ci_high end as ci_high,
        case when not is_suppressed then n_people end as n_people,
        case when not is_suppressed and n_followed >= $minimum_staff then n_followed end as n_followed,
        case when is_suppressed then 'of too few people to be shown' else note end as note,
        is_suppressed
    from judged
)

select * from disclosed
