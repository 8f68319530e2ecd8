-- grain: one row per student, assessment, academic subject, school year, growth window and prior score
-- question: which scores went before this one in the window, the most recent first and without a gap?
with
results as (
    select * from frames.scored_result
    where grade_level is not null
),

slots as (
    select unnest(
        $prior_slots::struct(
            growth_window varchar,
            academic_subject varchar,
            prior_number bigint,
            prior_subject varchar,
            years_back bigint,
            prior_term varchar
        )[],
        recursive := true
    )
),

outcomes as (
    select
        results.student_id,
        results.assessment_id,
        results.academic_subject,
        results.school_year,
        slots.growth_window,
        slots.prior_number,
        slots.prior_subject,
        (results.school_year - slots.years_back)::smallint as prior_school_year,
        slots.prior_term
    from results
    inner join slots
        on results.academic_subject = slots.academic_subject
        and results.term = split_part(slots.growth_window, '_to_', 2)
    where results.linked_from is null
),

found as (
    select
        outcomes.*,
        priors.grade_level as prior_grade_level,
        priors.scale_score as prior_scale_score,
        priors.score_sem as prior_score_sem,
        priors.score_sd as prior_score_sd,
        priors.norm_sd as prior_norm_sd,
        priors.linked_from as prior_linked_from
    from outcomes
    inner join results as priors
        on outcomes.student_id = priors.student_id
        and outcomes.assessment_id = priors.assessment_id
        and outcomes.prior_subject = priors.academic_subject
        and outcomes.prior_school_year = priors.school_year
        and outcomes.prior_term = priors.term
),

without_gaps as (
    select *
    from found
    qualify prior_number = row_number() over (
        partition by student_id, assessment_id, academic_subject, school_year, growth_window
        order by prior_number
    )
)

select * from without_gaps
