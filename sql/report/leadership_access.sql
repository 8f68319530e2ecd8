-- grain: one row per stage, kind of group, group and school year
-- question: whose access to the leadership pathways may be shown?
with
access as (
    select * from estimates.leadership_access
),

ranked as (
    select
        *,
        n_staff < $minimum_staff as is_small,
        count(*) filter (where n_staff < $minimum_staff) over (
            partition by stage, group_kind, school_year
        ) as n_small,
        row_number() over (partition by stage, group_kind, school_year order by n_staff, group_name) as place
    from access
),

-- One hidden group could be told by subtraction from another kind of group: the next smallest hides it.
judged as (
    select
        *,
        is_small or (n_small = 1 and place = 2) as is_suppressed
    from ranked
),

references_shown as (
    select
        stage,
        group_kind,
        school_year,
        group_name as reference_group,
        not is_suppressed as is_reference_shown
    from judged
    where group_name = reference_group
),

disclosed as (
    select
        judged.stage,
        judged.group_kind,
        judged.group_name,
        judged.school_year,
        case when not is_suppressed then n_staff_years end as n_staff_years,
        case when not is_suppressed then n_reached end as n_reached,
        case when not is_suppressed then rate end as rate,
        case when not is_suppressed then ci_low end as ci_low,
        case when not is_suppressed then ci_high end as ci_high,
        judged.reference_group,
        case when not is_suppressed and is_reference_shown then ratio end as ratio,
        case when not is_suppressed and is_reference_shown then ratio_ci_low end as ratio_ci_low,
        case when not is_suppressed and is_reference_shown then ratio_ci_high end as ratio_ci_high,
        case when not is_suppressed and is_reference_shown then p_value_bh end as p_value_bh,
        is_suppressed
    from judged
    left join references_shown using (stage, group_kind, school_year, reference_group)
)

select * from disclosed
