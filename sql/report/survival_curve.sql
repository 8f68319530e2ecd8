-- grain: one row per process, category and day
-- question: how far may each curve be shown?
with
curves as (
    select * from estimates.survival_curve
),

-- A step of a curve that few people are still followed on is of these few.
disclosed as (
    select
        process,
        category,
        time_days,
        survival,
        ci_low,
        ci_high,
        n_at_risk
    from curves
    where n_at_risk >= $minimum_staff
)

select * from disclosed
