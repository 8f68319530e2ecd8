-- grain: one row per estimate of event_study and year before or after the first participation
-- question: did those who start a PD type change before they started, and what came after?
-- parameters: pd_type, academic_subject
with
periods as (
    select * from estimates.event_study_period
),

joint_tests as (
    select * from estimates.event_study_check where check_name = 'pre_trend'
),

leads_and_lags as (
    select
        periods.effect_id,
        periods.pd_type,
        periods.academic_subject,
        periods.event_time,
        periods.event_time < 0 as is_before_start,
        periods.estimate_sd,
        periods.std_error,
        periods.ci_low,
        periods.ci_high,
        periods.p_value,
        periods.n_teachers,
        joint_tests.p_value as p_value_of_all_leads
    from periods
    left join joint_tests on periods.effect_id = joint_tests.effect_id
    where
        ($pd_type is null or periods.pd_type = $pd_type)
        and ($academic_subject is null or periods.academic_subject = $academic_subject)
)

select * from leads_and_lags
