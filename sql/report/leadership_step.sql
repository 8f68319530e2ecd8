-- grain: one row per pathway level, step and school year
-- question: which steps of the leadership pathways may be shown?
with
steps as (
    select * from estimates.leadership_step
),

judged as (
    select
        *,
        n_reached < $minimum_staff as is_suppressed
    from steps
),

disclosed as (
    select
        pathway_level,
        step,
        school_year,
        case when not is_suppressed then n_reached end as n_reached,
        case when not is_suppressed then n_converted end as n_converted,
        case when not is_suppressed then n_left end as n_left,
        case when not is_suppressed then n_waiting end as n_waiting,
        case when not is_suppressed then conversion end as conversion,
        case when not is_suppressed then ci_low end as ci_low,
        case when not is_suppressed then ci_high end as ci_high,
        case when not is_suppressed then conversion_2y end as conversion_2y,
        case when not is_suppressed then conversion_2y_ci_low end as conversion_2y_ci_low,
        case when not is_suppressed then conversion_2y_ci_high end as conversion_2y_ci_high,
        case when not is_suppressed then others_conversion_2y end as others_conversion_2y,
        case when not is_suppressed then p_value end as p_value,
        case when not is_suppressed then p_value_bh end as p_value_bh,
        not is_suppressed and is_broken as is_broken,
        case when not is_suppressed then reason end as reason,
        case when is_suppressed then 'of too few people to be shown' else note end as note,
        is_suppressed
    from judged
)

select * from disclosed
