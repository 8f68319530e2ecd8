-- grain: one row per student, assessment, academic subject, school year and term
-- question: where does the student stand, where did the student stand before, and over which window was the growth?
with
scored_results as (
    select * from frames.scored_result
),

-- The prior stands on the last earlier day; of two results of that day it is the later term's.
prior_results as (
    select
        *,
        max(
            struct_pack(
                school_year,
                place := list_position(['fall', 'winter', 'spring'], term),
                term,
                scale_score,
                score_sem,
                score_sd,
                administration_date,
                linked_from
            )
        ) over (
            partition by student_id, assessment_id, academic_subject, score_sd is null
            order by administration_date
            groups between 1 preceding and 1 preceding
        ) as prior
    from scored_results
),

windowed_results as (
    select
        *,
        coalesce(
            score_sd is not null
            and administration_date - prior.administration_date <= $maximum_window_days,
            false
        ) as has_growth_window
    from prior_results
),

growth as (
    select
        student_id,
        assessment_id,
        academic_subject,
        school_year,
        term,
        grade_level,
        school_id,
        administration_date,
        is_date_assumed,
        scale_score,
        score_sem,
        norm_mean,
        norm_sd,
        norm_source,
        score_sd,
        case when has_growth_window then prior.scale_score end as prior_scale_score,
        case when has_growth_window then prior.score_sd end as prior_score_sd,
        case when has_growth_window then prior.score_sem end as prior_score_sem,
        case when has_growth_window then prior.linked_from end as prior_linked_from,
        case when has_growth_window then prior.school_year end as prior_school_year,
        case when has_growth_window then prior.term end as prior_term,
        case when has_growth_window then prior.administration_date end as window_start,
        case when has_growth_window then administration_date end as window_end,
        has_growth_window,
        is_english_learner,
        is_swd,
        is_economically_disadvantaged,
        is_gifted,
        sex
    from windowed_results
    where linked_from is null
)

select * from growth
