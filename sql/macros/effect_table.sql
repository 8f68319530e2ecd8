-- grain: one row per study design, PD type, academic subject and contrast of all students
-- question: what was found, how sure is it, what speaks against it, and why is there no number where there is none?
-- parameters: pd_type, academic_subject, design
with
effects as (
    select * from estimates.effect where subgroup = 'all'
),

sensitivity as (
    select * from estimates.sensitivity
),

effects_with_sensitivity as (
    select
        effects.effect_id,
        effects.design,
        effects.pd_type,
        effects.academic_subject,
        effects.contrast,
        effects.estimate_sd,
        effects.std_error,
        effects.df,
        effects.ci_low,
        effects.ci_high,
        effects.p_value,
        effects.p_value_bh,
        effects.n_students,
        effects.n_participants,
        effects.n_participant_schools,
        effects.essa_tier,
        effects.wwc_rating,
        effects.placebo_sd,
        effects.robustness_value,
        sensitivity.leave_one_out_low_sd,
        sensitivity.leave_one_out_high_sd,
        sensitivity.share_same_sign as share_of_specifications_same_sign,
        effects.is_primary,
        effects.is_struck_out,
        effects.note
    from effects
    left join sensitivity on effects.effect_id = sensitivity.effect_id
    where
        ($pd_type is null or effects.pd_type = $pd_type)
        and ($academic_subject is null or effects.academic_subject = $academic_subject)
        and ($design is null or effects.design = $design)
)

select * from effects_with_sensitivity
