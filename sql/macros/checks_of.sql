-- grain: one row per estimate with a number and check that was made of it
-- question: what speaks against an estimate, and what must a check show for it to stand?
-- parameters: effect_id
with
estimates_with_number as (
    select *
    from estimates.effect as effects
    where effects.estimate_sd is not null and ($effect_id is null or effects.effect_id = $effect_id)
),

sensitivity as (
    select * from estimates.sensitivity
),

event_study_checks as (
    select * from estimates.event_study_check
),

calibration as (
    select * from estimates.calibration
),

stored_with_estimate as (
    select
        effects.effect_id,
        unnest([
            {'check_name': 'placebo', 'value': effects.placebo_sd, 'low': null, 'high': null,
            'p_value': effects.placebo_p_value, 'stands_where': 'near 0: growth of the year before the PD'},
            {'check_name': 'baseline', 'value': effects.baseline_g_max, 'low': null, 'high': null,
            'p_value': null, 'stands_where': 'below 0.05, or below 0.25 where adjusted for (WWC)'},
            {'check_name': 'attrition_overall', 'value': effects.attrition_overall, 'low': null, 'high': null,
            'p_value': null, 'stands_where': 'low together with attrition_differential (WWC)'},
            {'check_name': 'attrition_differential', 'value': effects.attrition_differential, 'low': null,
            'high': null, 'p_value': null, 'stands_where': 'near 0'}
        ]) as found
    from estimates_with_number as effects
),

sensitivity_checks as (
    select
        effects.effect_id,
        unnest([
            {'check_name': 'robustness_value', 'value': sensitivity.robustness_value, 'low': null, 'high': null,
            'p_value': null, 'stands_where': 'large against benchmark_partial_r2_*: what is left out would have to be this strong'},
            {'check_name': 'robustness_value_alpha', 'value': sensitivity.robustness_value_alpha, 'low': null,
            'high': null, 'p_value': null, 'stands_where': 'large; the same for the 95 % interval to reach 0'},
            {'check_name': 'benchmark_partial_r2_treatment', 'value': sensitivity.benchmark_partial_r2_treatment,
            'low': null, 'high': null, 'p_value': null, 'stands_where': 'small against robustness_value'},
            {'check_name': 'benchmark_partial_r2_outcome', 'value': sensitivity.benchmark_partial_r2_outcome,
            'low': null, 'high': null, 'p_value': null, 'stands_where': 'small against robustness_value'},
            {'check_name': 'leave_one_school_out', 'value': effects.estimate_sd,
            'low': sensitivity.leave_one_out_low_sd, 'high': sensitivity.leave_one_out_high_sd,
            'p_value': null, 'stands_where': 'low and high of one sign'},
            {'check_name': 'e_value', 'value': sensitivity.e_value, 'low': sensitivity.e_value_ci, 'high': null,
            'p_value': null, 'stands_where': 'well above 1'},
            {'check_name': 'specifications_same_sign', 'value': sensitivity.share_same_sign, 'low': null,
            'high': null, 'p_value': null, 'stands_where': 'near 1'},
            {'check_name': 'specifications_significant', 'value': sensitivity.share_significant, 'low': null,
            'high': null, 'p_value': null, 'stands_where': 'well above 0.05'}
        ]) as found
    from estimates_with_number as effects
    inner join sensitivity on effects.effect_id = sensitivity.effect_id
),

design_checks as (
    select
        effects.effect_id,
        {'check_name': event_study_checks.check_name, 'value': coalesce(event_study_checks.estimate_sd, event_study_checks.statistic),
        'low': event_study_checks.ci_low, 'high': event_study_checks.ci_high, 'p_value': event_study_checks.p_value,
        'stands_where': case event_study_checks.check_name
            when 'pre_trend' then 'p_value large: those who start did not change before'
            when 'breakdown' then 'bound (Mbar) of 1 or more'
            when 'relative_magnitude' then 'low and high of one sign'
            else 'near the estimate'
        end} as found
    from estimates_with_number as effects
    inner join event_study_checks on effects.effect_id = event_study_checks.effect_id
),

calibration_checks as (
    select
        effects.effect_id,
        {'check_name': 'calibration_coverage', 'value': calibration.coverage, 'low': calibration.coverage_ci_low,
        'high': calibration.coverage_ci_high, 'p_value': null,
        'stands_where': 'near 0.95: intervals of effects planted into this data hold them'} as found
    from estimates_with_number as effects
    inner join calibration
        on
            effects.design = calibration.design
            and effects.pd_type = calibration.pd_type
            and effects.academic_subject = calibration.academic_subject
            and effects.contrast = calibration.contrast
    where effects.subgroup = 'all' and calibration.planted_sd = 0
),

checks as (
    from stored_with_estimate
    union all
    from sensitivity_checks
    union all
    from design_checks
    union all
    from calibration_checks
),

done as (
    select
        checks.effect_id,
        checks.found.check_name as check_name,
        checks.found.value as value,
        checks.found.low as low,
        checks.found.high as high,
        checks.found.p_value as p_value,
        checks.found.stands_where as stands_where
    from checks
    where coalesce(checks.found.value, checks.found.low, checks.found.high, checks.found.p_value) is not null
)

select * from done
