-- grain: one row per student, teacher, assessment, academic subject, school year and term with a growth window
-- question: on which outcomes, priors, covariates and roster weights do the growth models stand?
with
growth as (
    select * from frames.student_growth
),

links as (
    select * from frames.student_teacher_link
),

linked_growth as (
    select
        growth.student_id,
        links.staff_id,
        growth.assessment_id,
        growth.academic_subject,
        growth.school_year,
        growth.term,
        growth.grade_level,
        links.school_id,
        links.roster_weight,
        growth.score_sd,
        growth.prior_score_sd,
        growth.norm_sd,
        growth.is_english_learner,
        growth.is_swd,
        growth.is_economically_disadvantaged,
        growth.is_gifted,
        case
            when lower(trim(growth.sex)) in ('f', 'female') then true
            when lower(trim(growth.sex)) in ('m', 'male') then false
        end as is_female,
        growth.window_start,
        growth.window_end,
        growth.window_end - growth.window_start >= $minimum_design_days as is_year_window
    from growth
    inner join links using (student_id, academic_subject, school_year)
    where growth.has_growth_window
),

class_means as (
    select
        staff_id,
        assessment_id,
        academic_subject,
        school_year,
        term,
        sum(roster_weight * prior_score_sd) / sum(roster_weight) as class_mean_prior_sd
    from linked_growth
    group by staff_id, assessment_id, academic_subject, school_year, term
),

school_means as (
    select
        school_id,
        assessment_id,
        academic_subject,
        school_year,
        term,
        sum(roster_weight * prior_score_sd) / sum(roster_weight) as school_mean_prior_sd
    from linked_growth
    group by school_id, assessment_id, academic_subject, school_year, term
),

analysis as (
    select
        student_id,
        staff_id,
        assessment_id,
        academic_subject,
        school_year,
        term,
        grade_level,
        school_id,
        roster_weight,
        score_sd,
        prior_score_sd,
        norm_sd,
        class_mean_prior_sd,
        school_mean_prior_sd,
        is_english_learner,
        is_swd,
        is_economically_disadvantaged,
        is_gifted,
        is_female,
        window_start,
        window_end,
        is_year_window or not bool_or(is_year_window) over (partition by academic_subject) as is_design_window
    from linked_growth
    inner join class_means using (staff_id, assessment_id, academic_subject, school_year, term)
    inner join school_means using (school_id, assessment_id, academic_subject, school_year, term)
)

select * from analysis
