-- grain: one row per PD type and school
-- question: when did each school take up each type?
with
school_adoptions as (
    select * from estimates.school_adoption
),

schools as (
    select * from core.school
),

by_school as (
    select
        pd_type,
        school_id,
        max(adoption_year) as adoption_year,
        bool_or(is_left_censored) as is_left_censored,
        min(n_teachers) < $minimum_staff as is_suppressed
    from school_adoptions
    group by pd_type, school_id
),

disclosed as (
    select
        by_school.pd_type,
        by_school.school_id,
        coalesce(schools.school_name, by_school.school_id) as school_name,
        case when not by_school.is_suppressed then by_school.adoption_year end as adoption_year,
        case when not by_school.is_suppressed then by_school.is_left_censored end as is_left_censored,
        by_school.is_suppressed
    from by_school
    left join schools using (school_id)
)

select * from disclosed
