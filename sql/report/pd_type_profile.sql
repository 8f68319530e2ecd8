-- grain: one row per PD type and school year that staff attended
-- question: who started each type of PD, and what was it like, weighted by the hours that people spent in it?
with
attended as (
    select * from frames.staff_activity
),

planned as (
    select
        pd_activity_id,
        planned_hours
    from core.pd_activity
),

described as (
    select
        pd_type,
        school_year,
        bool_or(is_connected) as is_connected,
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

plans as (
    select
        activities.pd_type,
        activities.school_year,
        avg(planned.planned_hours) as planned_hours
    from (select distinct pd_type, school_year, pd_activity_id from attended) as activities
    inner join planned using (pd_activity_id)
    group by activities.pd_type, activities.school_year
),

parts as (
    unpivot (
        select
            pd_type,
            school_year,
            staff_id,
            coalesce(initiated_by, 'unknown') as initiator,
            cast(is_curriculum_linked as varchar) as curriculum_linked,
            cast(is_mandatory as varchar) as mandatory,
            cast(research_base in ('strong', 'moderate') as varchar) as research_based
        from attended
    )
    on initiator, curriculum_linked, mandatory, research_based
    into name trait value part
),

people_of_parts as (
    select
        pd_type,
        school_year,
        trait,
        part,
        count(distinct staff_id) as n_people
    from parts
    group by pd_type, school_year, trait, part
),

least_people as (
    pivot people_of_parts
    on trait in ('initiator', 'curriculum_linked', 'mandatory', 'research_based')
    using min(n_people)
    group by pd_type, school_year
),

disclosed_profiles as (
    select
        described.pd_type,
        described.school_year,
        described.is_connected,
        case when n_people >= $minimum_staff then n_activities end as n_activities,
        case when n_people >= $minimum_staff then n_people end as n_people,
        case when n_people >= $minimum_staff then hours end as hours,
        case when n_people >= $minimum_staff then planned_hours end as planned_hours,
        case when initiator >= $minimum_staff then district_share end as district_share,
        case when initiator >= $minimum_staff then school_share end as school_share,
        case when initiator >= $minimum_staff then teacher_share end as teacher_share,
        case when curriculum_linked >= $minimum_staff then curriculum_linked_share end as curriculum_linked_share,
        case when mandatory >= $minimum_staff then mandatory_share end as mandatory_share,
        case when research_based >= $minimum_staff then research_based_share end as research_based_share,
        n_people >= $minimum_staff and least(initiator, curriculum_linked, mandatory, research_based)
        < $minimum_staff as has_small_part,
        n_people < $minimum_staff as is_suppressed
    from described
    inner join plans using (pd_type, school_year)
    inner join least_people using (pd_type, school_year)
)

select * from disclosed_profiles
