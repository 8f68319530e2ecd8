-- grain: one row per two administrations of the same items of a construct, matched and unmatched apart
-- question: which changes may be shown?
with
changes as (
    select * from estimates.survey_change
),

judged as (
    select
        *,
        least(n_first, n_later) < $minimum_staff as is_suppressed
    from changes
),

disclosed as (
    select
        * replace (
            case when is_reported and not is_suppressed then mean_first end as mean_first,
            case when is_reported and not is_suppressed then mean_later end as mean_later,
            case when is_reported and not is_suppressed then change end as change,
            case when is_reported and not is_suppressed then std_error end as std_error,
            case when is_reported and not is_suppressed then df end as df,
            case when is_reported and not is_suppressed then ci_low end as ci_low,
            case when is_reported and not is_suppressed then ci_high end as ci_high,
            case when is_reported and not is_suppressed then sd_change end as sd_change,
            case when is_reported and not is_suppressed then direction else 'not_computed' end as direction,
            case
                when is_suppressed then 'of too few people to be shown'
                when not is_reported then 'not reported: its items do not hang together'
                else note
            end as note
        )
    from judged
)

select * from disclosed
