-- grain: one row per driver and academic subject
-- question: how do teachers' answers go with growth of schools?
with
associations as (
    select * from estimates.climate_growth
),

shown as (
    select
        driver,
        academic_subject,
        slope_sd,
        ci_low,
        ci_high,
        p_value_bh,
        correlation,
        slope_disattenuated_sd,
        icc1,
        icc2,
        n_schools,
        n_school_years,
        note
    from associations
)

select * from shown
