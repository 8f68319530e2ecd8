-- grain: one row per PD type that anything is known of and school year; without any years one without a year
-- question: how many hours did each type take, and which share of the teachers did it reach?
with
staff_pd as (
    select * from frames.teacher_year_pd
),

teachers as (
    select * from frames.teacher_year
),

district_teachers as (
    select
        school_year,
        count(*) as n_teachers
    from teachers
    group by school_year
),

type_years as (
    select
        staff_pd.pd_type,
        staff_pd.school_year,
        sum(staff_pd.hours) as hours,
        count(*) as n_staff,
        count(teachers.staff_id) as n_teachers_reached
    from staff_pd
    left join teachers using (staff_id, school_year)
    group by staff_pd.pd_type, staff_pd.school_year
),

effects as (
    select * from estimates.effect
),

decisions as (
    select * from core.decision
),

pd_types as (
    select pd_type from staff_pd
    union
    select pd_type from effects
    union
    select pd_type from decisions
),

years as (
    select school_year from district_teachers
    union
    select school_year from type_years
),

pd_type_years as (
    select
        pd_types.pd_type,
        years.school_year,
        coalesce(type_years.hours, 0.0) as hours,
        coalesce(type_years.n_staff, 0) as n_staff,
        coalesce(type_years.n_teachers_reached, 0) as n_teachers_reached,
        coalesce(district_teachers.n_teachers, 0) as n_teachers
    from pd_types
    left join years on true
    left join type_years using (pd_type, school_year)
    left join district_teachers using (school_year)
)

select * from pd_type_years
order by pd_type, school_year
