-- grain: one row per academic subject in which most scores that could have a prior have none
-- question: does the growth sample still stand for the students who were tested?
-- table: frames.student_growth
-- columns: has_growth_window
-- severity: warning
-- meaning: At least half of the scores of each subject, those of a test's first term aside, have an earlier score on the same scale to measure growth from.
-- detail: subject and share
-- parameter: maximum_share = 0.5
with
scores as (
    select
        assessment_id,
        academic_subject,
        has_growth_window,
        3 * school_year + list_position(['fall', 'winter', 'spring'], term) as term_number
    from frames.student_growth
),

first_terms as (
    select
        assessment_id,
        academic_subject,
        min(term_number) as term_number
    from scores
    group by assessment_id, academic_subject
),

shares as (
    select
        academic_subject,
        count(*) as n_scores,
        count(*) filter (where not has_growth_window) as n_without
    from scores
    anti join first_terms using (assessment_id, academic_subject, term_number)
    group by academic_subject
),

uncovered as (
    select
        format('{}: {:,} of {:,} scores after the first term have no prior', academic_subject, n_without, n_scores)
            as detail
    from shares
    where n_without > $maximum_share * n_scores
)

select * from uncovered
