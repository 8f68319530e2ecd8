-- grain: one row per PD type, group and school in the report year
-- question: how many teachers of a group, and of all others, does each school have, and how many did the type reach?
with
teachers as (
    select * from frames.teacher_year where school_year = $report_year and school_id is not null
),

enrollments as (
    select * from core.student_enrollment where school_year = $report_year
),

reached as (
    select
        pd_type,
        staff_id
    from frames.teacher_year_pd
    where school_year = $report_year
),

pd_types as (
    select distinct pd_type from reached
),

school_poverty as (
    select
        school_id,
        avg(cast(is_economically_disadvantaged as integer)) as share_disadvantaged
    from enrollments
    where is_economically_disadvantaged is not null
    group by school_id
),

top_quarter as (
    select quantile_cont(share_disadvantaged, 0.75) as share_from
    from school_poverty
),

grouped_teachers as (
    select
        teachers.staff_id,
        teachers.school_id,
        unnest([
            struct_pack(
                group_name := 'high_poverty_school',
                is_member := school_poverty.share_disadvantaged >= top_quarter.share_from
            ),
            struct_pack(group_name := 'novice', is_member := teachers.is_novice)
        ], recursive := true)
    from teachers
    left join school_poverty using (school_id)
    cross join top_quarter
),

access as (
    select
        pd_types.pd_type,
        grouped_teachers.group_name,
        grouped_teachers.school_id,
        count(*) filter (where grouped_teachers.is_member) as n_members,
        count(reached.staff_id) filter (where grouped_teachers.is_member) as n_members_reached,
        count(*) filter (where not grouped_teachers.is_member) as n_others,
        count(reached.staff_id) filter (where not grouped_teachers.is_member) as n_others_reached
    from grouped_teachers
    cross join pd_types
    left join reached
        on pd_types.pd_type = reached.pd_type and grouped_teachers.staff_id = reached.staff_id
    where grouped_teachers.is_member is not null
    group by pd_types.pd_type, grouped_teachers.group_name, grouped_teachers.school_id
)

select * from access
order by pd_type, group_name, school_id
