-- grain: one row per period, school year and PD type
-- question: which costs may be shown?
with
costs as (
    select * from estimates.cost
),

judged as (
    select
        *,
        n_participants between 1 and $minimum_staff - 1 as is_suppressed,
        n_students < $minimum_cell as has_few_students
    from costs
),

disclosed as (
    select
        period,
        school_year,
        pd_type,
        n_activities,
        case when not is_suppressed then n_participants end as n_participants,
        case when not is_suppressed then hours end as hours,
        case when not is_suppressed and not has_few_students then n_students end as n_students,
        case when not is_suppressed and not has_few_students then n_student_equivalents end as n_student_equivalents,
        case when not is_suppressed then source_cost end as source_cost,
        case when not is_suppressed then priced_cost end as priced_cost,
        case when not is_suppressed then total_cost end as total_cost,
        case when not is_suppressed then covered_cost end as covered_cost,
        case when not is_suppressed then covered_hours end as covered_hours,
        case when not is_suppressed then covered_share end as covered_share,
        case when not is_suppressed then cost_per_participant end as cost_per_participant,
        case when not is_suppressed then cost_per_hour end as cost_per_hour,
        case when not is_suppressed and not has_few_students then cost_per_student end as cost_per_student,
        case
            when not is_suppressed and not has_few_students then cost_per_student_equivalent
        end as cost_per_student_equivalent,
        case when not is_suppressed then personnel_share end as personnel_share,
        is_covered,
        currency,
        price_year,
        case when is_suppressed then 'of too few people to be shown' else note end as note,
        is_suppressed
    from judged
)

select * from disclosed
