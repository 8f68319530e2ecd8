-- grain: one row per PD type and academic subject
-- question: of which kinds of PD may it be shown what growth costs?
with
ratios as (
    select * from estimates.cost_effectiveness
),

judged as (
    select *, coalesce(n_student_equivalents < $minimum_cell, false) as is_suppressed
    from ratios
),

disclosed as (
    select
        pd_type,
        academic_subject,
        design,
        contrast,
        effect_id,
        case when not is_suppressed then mean_dose_hours end as mean_dose_hours,
        effect_sd,
        std_error,
        df,
        effect_ci_low,
        effect_ci_high,
        p_value_bh,
        probability_positive,
        case when not is_suppressed then n_student_equivalents end as n_student_equivalents,
        case when not is_suppressed then cost_per_student end as cost_per_student,
        case when not is_suppressed then cost_per_student_ci_low end as cost_per_student_ci_low,
        case when not is_suppressed then cost_per_student_ci_high end as cost_per_student_ci_high,
        case when not is_suppressed then cost_per_001_sd end as cost_per_001_sd,
        case when not is_suppressed then ci_low end as ci_low,
        case when not is_suppressed then ci_high end as ci_high,
        case when not is_suppressed then sd_per_1000 end as sd_per_1000,
        case when not is_suppressed then sd_per_1000_ci_low end as sd_per_1000_ci_low,
        case when not is_suppressed then sd_per_1000_ci_high end as sd_per_1000_ci_high,
        currency,
        case when is_suppressed then 'of too few students to be shown' else note end as note,
        is_suppressed
    from judged
)

select * from disclosed
