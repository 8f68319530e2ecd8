-- grain: one row per student, assessment, academic subject, school year and term
-- question: where does the student stand on this scale, among whom? Also results of an assessment that another one
-- replaced, as what they are worth on the scale of its successor (linked_from).
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
        results.score_sem,
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
        null::varchar as linked_from
    from dated_results
    left join standards using (assessment_id, academic_subject, grade_level, school_year, term)
),

links as (
    select * from frames.assessment_link
),

-- The link maps the last year's scores on the distribution of the first year of the successor: they are
-- standardised with that year's norm.
linked_results as (
    select
        dated_results.* replace (
            links.to_assessment_id as assessment_id,
            links.linked_score as scale_score,
            dated_results.score_sem * links.sd_ratio as score_sem
        ),
        standards.mean as norm_mean,
        standards.sd as norm_sd,
        standards.source as norm_source,
        links.from_assessment_id as linked_from,
        links.n_from
    from dated_results
    inner join links
        on dated_results.assessment_id = links.from_assessment_id
        and dated_results.academic_subject = links.academic_subject
        and dated_results.grade_level = links.grade_level
        and dated_results.school_year = links.last_school_year
        and dated_results.term = links.term
        and dated_results.scale_score = links.scale_score
    left join standards
        on standards.assessment_id = links.to_assessment_id
        and standards.academic_subject = links.academic_subject
        and standards.grade_level = links.grade_level
        and standards.school_year = links.first_school_year
        and standards.term = links.term
),

-- Who sat the successor, too, is known by that score; who sat two tests that one replaced, by the link of most students.
linked_once as (
    select * exclude (n_from)
    from linked_results
    anti join results using (student_id, assessment_id, academic_subject, school_year, term)
    qualify row_number() over (
        partition by student_id, assessment_id, academic_subject, school_year, term
        order by n_from desc, linked_from
    ) = 1
),

all_results as (
    select * from standardised_results
    union all
    select * from linked_once
),

scored as (
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
        (scale_score - norm_mean) / norm_sd as score_sd,
        linked_from,
        is_english_learner,
        is_swd,
        is_economically_disadvantaged,
        is_gifted,
        sex
    from all_results
)

select * from scored
