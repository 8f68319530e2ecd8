-- grain: one row per school, academic subject and school year with students in the growth analysis
-- question: how far did the students of each school move against the norm from prior to score?
with
analysis as (
    select * from frames.growth_analysis
),

schools as (
    select * from core.school
),

school_growth as (
    select
        school_id,
        academic_subject,
        school_year,
        count(distinct student_id) as n_students,
        sum(roster_weight * (score_sd - prior_score_sd)) / sum(roster_weight) as mean_growth_sd
    from analysis
    group by school_id, academic_subject, school_year
),

disclosed_growth as (
    select
        school_id,
        coalesce(schools.school_name, school_id) as school_name,
        school_growth.academic_subject,
        school_growth.school_year,
        case when school_growth.n_students >= $minimum_cell then school_growth.n_students end as n_students,
        case when school_growth.n_students >= $minimum_cell then school_growth.mean_growth_sd end as mean_growth_sd,
        school_growth.n_students < $minimum_cell as is_suppressed
    from school_growth
    left join schools using (school_id)
)

select * from disclosed_growth
