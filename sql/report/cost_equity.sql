-- grain: one row per school year, grouping of schools and group
-- question: what may be shown of where the spending went?
with
groups as (
    select * from estimates.cost_equity
),

schools as (
    select * from core.school
),

judged as (
    select
        groups.*,
        case
            when groups.grouping = 'school' then coalesce(schools.school_name, groups.group_name)
            else groups.group_name
        end as label,
        groups.n_teachers < $minimum_staff as is_suppressed,
        coalesce(groups.n_students < $minimum_cell, false) as has_few_students
    from groups
    left join schools on groups.grouping = 'school' and groups.group_name = schools.school_id
),

disclosed as (
    select
        school_year,
        grouping,
        group_name,
        label,
        n_schools,
        case when not is_suppressed then n_teachers end as n_teachers,
        case when not is_suppressed then hours end as hours,
        case when not is_suppressed then cost end as cost,
        case when not is_suppressed then cost_per_teacher end as cost_per_teacher,
        case when not has_few_students then n_students end as n_students,
        case when not has_few_students then disadvantaged_share end as disadvantaged_share,
        currency,
        is_suppressed
    from judged
)

select * from disclosed
