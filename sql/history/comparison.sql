-- grain: one row per PD type and academic subject of the main comparison
-- question: which comparisons does this report lead with, and what do its verdicts rest on?
with
builds as (
    select * from meta.build
),

effects as (
    select * from estimates.effect
),

remembered as (
    select
        builds.build_id,
        builds.report_year,
        effects.pd_type,
        effects.academic_subject,
        effects.design,
        effects.contrast,
        effects.estimate_sd,
        effects.std_error,
        effects.df,
        effects.ci_low,
        effects.ci_high,
        effects.p_value_bh,
        effects.essa_tier,
        case when effects.n_students >= $minimum_cell then effects.n_students end as n_students,
        case when effects.n_participants >= $minimum_staff then effects.n_participants end as n_participants,
        effects.is_struck_out,
        effects.note
    from builds
    cross join effects
    where effects.design = $design and effects.contrast = $contrast and effects.subgroup = 'all'
)

select * from remembered
