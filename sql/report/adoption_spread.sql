-- grain: one row per PD type
-- question: when had half of the schools taken a type up, and did schools follow their neighbours?
with
spreads as (
    select * from estimates.adoption_spread
),

-- None to all of the neighbours is further than schools differ: a tenth is a step that they take.
shown as (
    select
        pd_type,
        is_connected,
        median_hours,
        half_status,
        half_year,
        n_schools,
        n_adopted,
        n_left_censored,
        n_events,
        exp(log_odds / 10) as odds_ratio,
        exp(ci_low / 10) as ci_low,
        exp(ci_high / 10) as ci_high,
        p_value,
        p_value_bh,
        note
    from spreads
)

select * from shown
