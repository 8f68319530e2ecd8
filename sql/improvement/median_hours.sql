-- grain: one row per PD type that teachers took part in
-- question: how many hours of each type does a teacher who takes part have in a year?
with
staff_activities as (
    select * from frames.staff_activity
),

staff_years as (
    select * from frames.staff_year
),

teacher_hours as (
    select
        staff_activities.pd_type,
        staff_activities.staff_id,
        staff_activities.school_year,
        sum(staff_activities.hours) as hours
    from staff_activities
    inner join staff_years using (staff_id, school_year)
    where staff_years.is_teacher
    group by staff_activities.pd_type, staff_activities.staff_id, staff_activities.school_year
),

medians as (
    select
        pd_type,
        median(hours) as median_hours
    from teacher_hours
    group by pd_type
    order by pd_type
)

select * from medians
