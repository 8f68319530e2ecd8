-- grain: one row per PD type and school year that staff attended
-- question: who started each type of PD, and what was it like, weighted by the hours that people spent in it?
with
attended as (
    select * from frames.staff_activity
),

described as (
    select
        pd_type,
        school_year,
        count(distinct pd_activity_id) as n_activities,
        count(distinct staff_id) as n_people,
        sum(hours) as hours,
        coalesce(sum(hours) filter (where initiated_by = 'district'), 0) / sum(hours) as district_share,
        coalesce(sum(hours) filter (where initiated_by = 'school'), 0) / sum(hours) as school_share,
        coalesce(sum(hours) filter (where initiated_by = 'teacher'), 0) / sum(hours) as teacher_share,
        sum(hours * cast(is_curriculum_linked as integer))
        / sum(hours) filter (where is_curriculum_linked is not null) as curriculum_linked_share,
        sum(hours * cast(is_mandatory as integer))
        / sum(hours) filter (where is_mandatory is not null) as mandatory_share,
        sum(hours * cast(research_base in ('strong', 'moderate') as integer))
        / sum(hours) filter (where research_base is not null) as research_based_share
    from attended
    group by pd_type, school_year
),

disclosed_profiles as (
    select
        pd_type,
        school_year,
        case when n_people >= $minimum_staff then n_activities end as n_activities,
        case when n_people >= $minimum_staff then n_people end as n_people,
        case when n_people >= $minimum_staff then hours end as hours,
        case when n_people >= $minimum_staff then district_share end as district_share,
        case when n_people >= $minimum_staff then school_share end as school_share,
        case when n_people >= $minimum_staff then teacher_share end as teacher_share,
        case when n_people >= $minimum_staff then curriculum_linked_share end as curriculum_linked_share,
        case when n_people >= $minimum_staff then mandatory_share end as mandatory_share,
        case when n_people >= $minimum_staff then research_based_share end as research_based_share,
        n_people < $minimum_staff as is_suppressed
    from described
)

select * from disclosed_profiles
