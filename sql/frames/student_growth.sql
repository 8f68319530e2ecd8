-- grain: one row per student, assessment, academic subject, school year and term
-- question: where does the student stand, where did the student stand before, and over which window was the growth?
with
results as (
    select * from core.assessment_result
),

norms as (
    select * from core.assessment_norm
),

enrollments as (
    select * from core.student_enrollment
),

students as (
    select * from core.student
),

enrollment_lengths as (
    select
        *,
        coalesce(exit_withdraw_date, make_date(school_year, 6, 30))
        - coalesce(entry_date, make_date(school_year - 1, 7, 1)) as days_enrolled
    from enrollments
),

student_years as (
    select
        student_id,
        school_year,
        arg_min(struct_pack(school_id, grade_level), struct_pack(rank := -days_enrolled, school_id)) as longest,
        bool_or(is_english_learner) as is_english_learner,
        bool_or(is_swd) as is_swd,
        bool_or(is_economically_disadvantaged) as is_economically_disadvantaged,
        bool_or(is_gifted) as is_gifted
    from enrollment_lengths
    group by student_id, school_year
),

-- The day on which most others sat the same test says more than the usual day of its term.
usual_days as (
    select
        assessment_id,
        academic_subject,
        school_year,
        term,
        coalesce(
            quantile_disc(administration_date, 0.5),
            case term
                when 'fall' then make_date(school_year - 1, 9, 15)
                when 'winter' then make_date(school_year, 1, 31)
                else make_date(school_year, 5, 1)
            end
        ) as usual_day
    from results
    group by assessment_id, academic_subject, school_year, term
),

dated_results as (
    select
        results.student_id,
        results.assessment_id,
        results.academic_subject,
        results.school_year,
        results.term,
        coalesce(results.grade_level, student_years.longest.grade_level) as grade_level,
        student_years.longest.school_id as school_id,
        coalesce(results.administration_date, usual_days.usual_day) as administration_date,
        results.administration_date is null as is_date_assumed,
        results.scale_score,
        student_years.is_english_learner,
        student_years.is_swd,
        student_years.is_economically_disadvantaged,
        student_years.is_gifted,
        students.sex
    from results
    inner join usual_days using (assessment_id, academic_subject, school_year, term)
    left join student_years using (student_id, school_year)
    left join students using (student_id)
),

-- Without a grade the cell would mix grades; without two different scores it has no spread.
study_norms as (
    select
        assessment_id,
        academic_subject,
        grade_level,
        school_year,
        term,
        avg(scale_score) as mean,
        stddev_pop(scale_score) as sd
    from dated_results
    where grade_level is not null
    group by assessment_id, academic_subject, grade_level, school_year, term
    having max(scale_score) > min(scale_score)
),

standards as (
    select assessment_id, academic_subject, grade_level, school_year, term, mean, sd, 'assessment_norm' as source
    from norms
    union all
    select assessment_id, academic_subject, grade_level, school_year, term, mean, sd, 'study' as source
    from study_norms
    anti join norms using (assessment_id, academic_subject, grade_level, school_year, term)
),

standardised_results as (
    select
        dated_results.*,
        standards.mean as norm_mean,
        standards.sd as norm_sd,
        standards.source as norm_source,
        (dated_results.scale_score - standards.mean) / standards.sd as score_sd
    from dated_results
    left join standards using (assessment_id, academic_subject, grade_level, school_year, term)
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
                score_sd,
                administration_date
            )
        ) over (
            partition by student_id, assessment_id, academic_subject, score_sd is null
            order by administration_date
            groups between 1 preceding and 1 preceding
        ) as prior
    from standardised_results
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
        norm_mean,
        norm_sd,
        norm_source,
        score_sd,
        case when has_growth_window then prior.scale_score end as prior_scale_score,
        case when has_growth_window then prior.score_sd end as prior_score_sd,
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
)

select * from growth
