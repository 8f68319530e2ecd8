-- grain: one row per academic subject in which growth often has no teacher
-- question: do sections, their teachers and their students cover the students with growth?
-- table: frames.student_growth
-- columns: student_id
-- severity: warning
-- meaning: At least four in five scores with growth in a subject are of students with a teacher of that subject on a roster.
-- detail: subject and share
-- parameter: maximum_share = 0.2
with
growth as (
    select * from frames.student_growth
    where has_growth_window
),

links as (
    select * from frames.student_teacher_link
),

scores as (
    select
        academic_subject,
        count(*) as n_scores
    from growth
    group by academic_subject
),

scores_without_teacher as (
    select
        academic_subject,
        count(*) as n_without
    from growth
    anti join links using (student_id, academic_subject, school_year)
    group by academic_subject
),

uncovered as (
    select
        format(
            '{}: {:,} of {:,} scores with growth have no teacher', academic_subject, n_without, n_scores
        ) as detail
    from scores
    inner join scores_without_teacher using (academic_subject)
    where n_without > $maximum_share * n_scores
)

select * from uncovered
