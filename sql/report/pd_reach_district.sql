-- grain: one row per school year and PD type that staff attended
-- question: how many staff of the district did each type of PD reach, with how many hours?
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

reached as (
    select
        staff_pd.school_year,
        staff_pd.pd_type,
        any_value(staff_pd.is_connected) as is_connected,
        count(*) as n_staff,
        count(teachers.staff_id) as n_teachers_reached,
        count(distinct staff_pd.school_id) as n_schools,
        sum(staff_pd.hours) as hours
    from staff_pd
    left join teachers using (staff_id, school_year)
    group by staff_pd.school_year, staff_pd.pd_type
),

reach as (
    select
        school_year,
        reached.pd_type,
        reached.is_connected,
        reached.n_schools,
        reached.n_staff,
        reached.n_teachers_reached,
        coalesce(district_teachers.n_teachers, 0) as n_teachers,
        reached.n_teachers_reached / district_teachers.n_teachers as share_of_teachers,
        reached.hours,
        reached.hours / reached.n_staff as hours_per_participant,
        reached.n_staff < $minimum_staff as is_suppressed,
        reached.n_teachers_reached < $minimum_staff as is_share_suppressed
    from reached
    left join district_teachers using (school_year)
),

disclosed_reach as (
    select
        school_year,
        pd_type,
        is_connected,
        case when not is_suppressed then n_schools end as n_schools,
        case when not is_suppressed then n_staff end as n_staff,
        case when not is_share_suppressed then n_teachers_reached end as n_teachers_reached,
        case when n_teachers >= $minimum_staff then n_teachers end as n_teachers,
        case when not is_share_suppressed then share_of_teachers end as share_of_teachers,
        case when not is_suppressed then hours end as hours,
        case when not is_suppressed then hours_per_participant end as hours_per_participant,
        is_suppressed
    from reach
)

select * from disclosed_reach
