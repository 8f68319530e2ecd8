-- grain: one row per PD type, academic subject and contrast of all students that any design asked about
-- question: do the designs that could be run say the same?
-- parameters: pd_type, academic_subject
with
effects as (
    select * from estimates.effect where subgroup = 'all'
),

agreement as (
    select
        effects.pd_type,
        effects.academic_subject,
        effects.contrast,
        count(*) as n_designs,
        count(effects.estimate_sd) as n_with_number,
        count(*) filter (where effects.estimate_sd > 0) as n_positive,
        count(*) filter (where effects.ci_low > 0) as n_interval_above_0,
        count(*) filter (where effects.ci_high < 0) as n_interval_below_0,
        count(*) filter (where effects.is_struck_out) as n_struck_out,
        min(effects.estimate_sd) as lowest_sd,
        arg_min(effects.design, row(effects.estimate_sd, effects.design))
            filter (where effects.estimate_sd is not null) as lowest_design,
        max(effects.estimate_sd) as highest_sd,
        arg_max(effects.design, row(effects.estimate_sd, effects.design))
            filter (where effects.estimate_sd is not null) as highest_design,
        max(effects.ci_low) <= min(effects.ci_high) as have_intervals_a_value_in_common
    from effects
    where
        ($pd_type is null or effects.pd_type = $pd_type)
        and ($academic_subject is null or effects.academic_subject = $academic_subject)
    group by all
)

select * from agreement
