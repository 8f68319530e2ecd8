-- grain: one row per school year and PD type that a teacher attended
-- question: how many of the year's teachers did each PD type reach, and for how long?
-- parameters: pd_type, school_year
with
teachers as (
    select * from frames.teacher_year
),

attended as (
    select * from frames.teacher_year_pd
),

types as (
    select * from core.pd_type
),

years as (
    select
        teachers.school_year,
        count(*) as n_teachers
    from teachers
    group by teachers.school_year
),

reached as (
    select
        teachers.school_year,
        attended.pd_type,
        count(*) as n_teachers_reached,
        sum(attended.hours) as hours,
        quantile_cont(attended.hours, 0.25) as hours_quarter,
        median(attended.hours) as hours_median,
        quantile_cont(attended.hours, 0.75) as hours_three_quarters,
        count(*) filter (where attended.hours >= 14) as n_teachers_14_hours
    from teachers
    inner join attended
        on teachers.staff_id = attended.staff_id and teachers.school_year = attended.school_year
    where
        ($pd_type is null or attended.pd_type = $pd_type)
        and ($school_year is null or attended.school_year = $school_year)
    group by teachers.school_year, attended.pd_type
),

shares as (
    select
        reached.school_year,
        reached.pd_type,
        types.is_connected,
        years.n_teachers,
        reached.n_teachers_reached,
        reached.n_teachers_reached / years.n_teachers as share_of_teachers,
        reached.hours,
        reached.hours_quarter,
        reached.hours_median,
        reached.hours_three_quarters,
        reached.n_teachers_14_hours
    from reached
    inner join years on reached.school_year = years.school_year
    left join types on reached.pd_type = types.pd_type
)

select * from shares
