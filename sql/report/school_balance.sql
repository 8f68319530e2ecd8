-- grain: one row per school with teachers and school year with attendance on file
-- question: what may be shown of where schools stand?
with
balances as (
    select * from estimates.school_balance
),

schools as (
    select * from core.school
),

judged as (
    select
        balances.*,
        coalesce(schools.school_name, balances.school_id) as school_name,
        balances.n_staff < $minimum_staff as is_suppressed
    from balances
    left join schools using (school_id)
),

disclosed as (
    select
        school_id,
        school_year,
        school_name,
        school_level,
        case when not is_suppressed then n_teachers end as n_teachers,
        case when not is_suppressed then n_activities end as n_activities,
        case when not is_suppressed then hours end as hours,
        case when not is_suppressed then alignment end as alignment,
        case when not is_suppressed then alignment_cut end as alignment_cut,
        case when not is_suppressed then differentiation end as differentiation,
        case when not is_suppressed then differentiation_cut end as differentiation_cut,
        case when not is_suppressed then margin end as margin,
        case when not is_suppressed then coherence end as coherence,
        case when not is_suppressed then coherence_median end as coherence_median,
        case when not is_suppressed then own_priority_share end as own_priority_share,
        case when not is_suppressed then other_school_share end as other_school_share,
        case when not is_suppressed then hours_per_teacher end as hours_per_teacher,
        case when not is_suppressed then hours_top_quarter end as hours_top_quarter,
        case when not is_suppressed then mean_need end as mean_need,
        case when not is_suppressed then mean_fit end as mean_fit,
        case when not is_suppressed then mean_gap end as mean_gap,
        case when not is_suppressed then n_ratings end as n_ratings,
        case when not is_suppressed then climate end as climate,
        case when not is_suppressed then n_responses end as n_responses,
        case when not is_suppressed then sources end as sources,
        case when not is_suppressed then growth_below end as growth_below,
        case when is_suppressed then 'not available' else quadrant end as quadrant,
        is_worth_a_visit and not is_suppressed as is_worth_a_visit,
        case when not is_suppressed then reasons end as reasons,
        case when not is_suppressed then reasons_against end as reasons_against,
        case when not is_suppressed then not_judged end as not_judged,
        is_to_look_at_first and not is_suppressed as is_to_look_at_first,
        case when not is_suppressed then look_at_first_reasons end as look_at_first_reasons,
        case when not is_suppressed then source_disagreement end as source_disagreement,
        is_suppressed
    from judged
)

select * from disclosed
