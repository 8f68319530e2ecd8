-- grain: one row: this build
-- question: what is to be remembered of how this report was made?
with
builds as (
    select * from meta.build
),

teacher_years as (
    select * from frames.teacher_year
),

student_scores as (
    select * from frames.student_growth
),

taken_in as (
    select * from report.intake
),

teachers as (
    select
        count(teacher_years.staff_id) as n_teachers,
        count(distinct teacher_years.school_id) as n_schools
    from builds
    left join teacher_years on builds.report_year = teacher_years.school_year
),

students as (
    select count(distinct student_scores.student_id) as n_students
    from builds
    left join student_scores on builds.report_year = student_scores.school_year
),

records as (
    select
        cast(sum(rows_read) as bigint) as rows_read,
        cast(sum(rows_quarantined) as bigint) as rows_turned_away
    from taken_in
),

remembered as (
    select
        builds.build_id,
        builds.report_year,
        builds.study_name,
        builds.lea_id,
        builds.finished_at as published_at,
        builds.pdeval_version,
        builds.schema_version,
        builds.settings,
        sha256(builds.settings) as settings_sha256,
        cast($design as varchar) as design,
        cast($contrast as varchar) as contrast,
        case when teachers.n_teachers >= $minimum_staff then teachers.n_teachers end as n_teachers,
        case when students.n_students >= $minimum_cell then students.n_students end as n_students,
        teachers.n_schools,
        records.rows_read,
        records.rows_turned_away,
        cast($history_note as varchar) as history_note
    from builds
    cross join teachers
    cross join students
    cross join records
)

select * from remembered
