-- grain: one row per PD type
-- question: how did observed ratings change, as far as it may be shown?
with
changes as (
    select * from estimates.guskey_observation
),

judged as (
    select
        *,
        least(n_participants, n_comparison) < $minimum_staff and greatest(n_participants, n_comparison) > 0
            as is_suppressed
    from changes
),

disclosed as (
    select
        pd_type,
        unit,
        case when not is_suppressed then participants_before end as participants_before,
        case when not is_suppressed then participants_after end as participants_after,
        case when not is_suppressed then comparison_before end as comparison_before,
        case when not is_suppressed then comparison_after end as comparison_after,
        case when not is_suppressed then difference end as difference,
        case when not is_suppressed then ci_low end as ci_low,
        case when not is_suppressed then ci_high end as ci_high,
        case when not is_suppressed then p_value_bh end as p_value_bh,
        case when not is_suppressed then n_participants end as n_participants,
        case when not is_suppressed then n_comparison end as n_comparison,
        note,
        is_suppressed
    from judged
)

select * from disclosed
