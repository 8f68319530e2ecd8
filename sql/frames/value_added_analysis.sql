-- grain: one row per student, teacher, assessment, academic subject, school year and growth window with a prior
-- question: on which outcomes, priors, covariates and roster weights does value-added stand?
with
results as (
    select * from frames.scored_result
    where score_sd is not null
),

first_priors as (
    select * from frames.growth_history
    where prior_number = 1 and prior_score_sd is not null
),

links as (
    select * from frames.student_teacher_link
),

outcomes as (
    select
        results.student_id,
        results.assessment_id,
        results.academic_subject,
        results.school_year,
        first_priors.growth_window,
        results.grade_level,
        results.score_sd,
        first_priors.prior_school_year,
        first_priors.prior_term,
        first_priors.prior_score_sd,
        first_priors.prior_score_sem / first_priors.prior_norm_sd as prior_sem_sd,
        results.is_english_learner,
        results.is_swd,
        results.is_economically_disadvantaged,
        results.is_gifted,
        results.sex
    from results
    inner join first_priors using (student_id, assessment_id, academic_subject, school_year)
    where results.linked_from is null
        and results.grade_level is not null
        and results.term = split_part(first_priors.growth_window, '_to_', 2)
),

other_results as (
    select
        outcomes.student_id,
        outcomes.assessment_id,
        outcomes.academic_subject,
        outcomes.school_year,
        outcomes.growth_window,
        results.academic_subject as other_subject,
        results.score_sd as other_prior_sd,
        results.score_sem / results.norm_sd as other_prior_sem_sd
    from outcomes
    inner join results
        on outcomes.student_id = results.student_id
        and outcomes.assessment_id = results.assessment_id
        and outcomes.prior_school_year = results.school_year
        and outcomes.prior_term = results.term
        and outcomes.academic_subject <> results.academic_subject
),

subject_counts as (
    select assessment_id, academic_subject, growth_window, other_subject, count(*) as n_students
    from other_results
    group by all
),

usual_subjects as (
    select
        assessment_id,
        academic_subject,
        growth_window,
        arg_min(other_subject, struct_pack(rank := -n_students, other_subject)) as other_subject
    from subject_counts
    group by all
),

other_priors as (
    select * from other_results
    semi join usual_subjects using (assessment_id, academic_subject, growth_window, other_subject)
),

analysis as (
    select
        outcomes.student_id,
        links.staff_id,
        links.school_id,
        outcomes.assessment_id,
        outcomes.academic_subject,
        outcomes.school_year,
        outcomes.growth_window,
        outcomes.grade_level,
        links.roster_weight,
        outcomes.score_sd,
        outcomes.prior_score_sd,
        outcomes.prior_sem_sd,
        other_priors.other_prior_sd,
        other_priors.other_prior_sem_sd,
        outcomes.is_english_learner,
        outcomes.is_swd,
        outcomes.is_economically_disadvantaged,
        outcomes.is_gifted,
        case
            when lower(trim(outcomes.sex)) in ('f', 'female') then true
            when lower(trim(outcomes.sex)) in ('m', 'male') then false
        end as is_female
    from outcomes
    inner join links using (student_id, academic_subject, school_year)
    left join other_priors using (student_id, assessment_id, academic_subject, school_year, growth_window)
)

select * from analysis
