-- grain: one row per academic subject, school and school year with growth and a principal on record
-- question: how did the students of a school grow, beyond what is expected of them, with the same principal or another?
with
teacher_years as (
    select * from estimates.teacher_year_growth
),

changes as (
    select * from temp.principal_change
),

school_years as (
    select
        academic_subject,
        school_id,
        school_year,
        sum(weight) as weight,
        sum(n_students) as n_students,
        sum(weight * growth_sd) / sum(weight) as growth_sd,
        sum(weight * prior_mean_sd) / sum(weight) as prior_mean_sd
    from teacher_years
    where weight > 0
    group by academic_subject, school_id, school_year
),

led_years as (
    select
        school_years.*,
        changes.change_school_year,
        coalesce(school_years.school_year >= changes.change_school_year, false) as is_after_change
    from school_years
    inner join changes using (school_id)
    where school_years.school_year >= changes.first_school_year
)

select * from led_years
order by academic_subject, school_id, school_year
