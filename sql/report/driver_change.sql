-- grain: one row per driver and role
-- question: which changes per year may be shown?
with
changes as (
    select * from estimates.driver_change
),

judged as (
    select
        *,
        n_persons < $minimum_staff as is_suppressed
    from changes
),

disclosed as (
    select
        driver,
        role,
        case when not is_suppressed then change_per_year end as change_per_year,
        case when not is_suppressed then ci_low end as ci_low,
        case when not is_suppressed then ci_high end as ci_high,
        case when not is_suppressed then p_value_bh end as p_value_bh,
        first_year,
        last_year,
        n_years,
        case when not is_suppressed then n_schools end as n_schools,
        case when is_suppressed then 'of too few people to be shown' else note end as note,
        is_suppressed
    from judged
)

select * from disclosed
