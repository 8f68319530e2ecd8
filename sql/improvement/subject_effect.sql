-- grain: one row per study design, PD type and academic subject
-- question: what did taking part in each type go with, among all students, by each design?
with
effects as (
    select * from estimates.effect
),

subject_effects as (
    select
        design,
        pd_type,
        academic_subject,
        estimate_sd,
        std_error,
        df,
        essa_tier,
        is_struck_out,
        placebo_p_value,
        n_participants,
        note
    from effects
    where subgroup = 'all' and contrast = 'participated'
)

select * from subject_effects
order by pd_type, design, academic_subject
