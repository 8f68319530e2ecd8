-- grain: one row per PD type, assessment, academic subject, growth window and school year with a median
-- question: how did students of teachers with aligned hours grow beside the others, before anything is adjusted for?
-- parameters: pd_type, school_year
with
growth as (
    select * from estimates.pd_type_growth
),

participants as (
    select * from growth where is_participant
),

others as (
    select * from growth where not is_participant
),

side_by_side as (
    select
        participants.pd_type,
        participants.assessment_id,
        participants.academic_subject,
        participants.growth_window,
        participants.school_year,
        participants.n_staff,
        participants.n_students,
        participants.median_sgp,
        participants.median_sgp_ci_low,
        participants.median_sgp_ci_high,
        participants.gain_sd,
        participants.gain_std_error,
        others.n_staff as n_staff_others,
        others.n_students as n_students_others,
        others.median_sgp as median_sgp_others,
        others.gain_sd as gain_sd_others,
        others.gain_std_error as gain_std_error_others,
        participants.gain_sd - others.gain_sd as unadjusted_difference_sd
    from participants
    left join others
        on
            participants.pd_type = others.pd_type
            and participants.assessment_id = others.assessment_id
            and participants.academic_subject = others.academic_subject
            and participants.growth_window = others.growth_window
            and participants.school_year = others.school_year
    where
        ($pd_type is null or participants.pd_type = $pd_type)
        and ($school_year is null or participants.school_year = $school_year)
)

select * from side_by_side
