-- grain: one row per school, neighbour, school year, kind of tie and PD type; both directions
-- question: whose leaders met in small groups, learned in one cohort, or work in the other school?
with
assignments as (
    select * from core.staff_assignment
),

participations as (
    select * from core.pd_participation
),

pd_sessions as (
    select * from core.pd_session
),

activities as (
    select * from core.pd_activity
),

leadership_events as (
    select * from core.leadership_event
),

staff_years as (
    select * from frames.staff_year
),

leaders as (
    select distinct
        staff_id,
        school_id,
        school_year
    from assignments
    where role in ('principal', 'assistant_principal', 'instructional_coach', 'teacher_leader')
),

attended as (
    select
        participations.staff_id,
        activities.pd_type,
        coalesce(participations.pd_session_id, participations.pd_activity_id) as meeting,
        coalesce(participations.participation_date, pd_sessions.session_date) as attended_on
    from participations
    inner join activities using (pd_activity_id)
    left join pd_sessions using (pd_session_id)
    where participations.attendance_status in ('attended', 'partial') and participations.hours > 0
),

-- Leaders at one meeting: a person who leads two schools is there for both.
met as (
    select distinct
        'joint_pd' as kind,
        attended.pd_type,
        attended.meeting,
        leaders.staff_id,
        leaders.school_id,
        leaders.school_year
    from attended
    inner join leaders
        on attended.staff_id = leaders.staff_id
        and leaders.school_year
        = cast(year(attended.attended_on) + cast(month(attended.attended_on) >= 7 as integer) as smallint)
),

events as (
    select distinct
        pathway_level,
        staff_id,
        cast(year(event_date) + cast(month(event_date) >= 7 as integer) as smallint) as school_year
    from leadership_events
    where stage = 'in_training'
),

cohorts as (
    select
        'cohort' as kind,
        cast(null as varchar) as pd_type,
        events.pathway_level as meeting,
        events.staff_id,
        staff_years.school_id,
        events.school_year
    from events
    inner join staff_years using (staff_id, school_year)
    where staff_years.school_id is not null
),

groups as (
    select * from met
    union all
    select * from cohorts
),

-- In a hall everybody meets everybody, and so nobody.
sizes as (
    select
        kind,
        meeting,
        school_year,
        count(distinct staff_id) as n
    from groups
    group by kind, meeting, school_year
    having count(distinct staff_id) between 2 and $largest_group
),

group_ties as (
    select
        one.school_id,
        other.school_id as neighbour_school_id,
        one.school_year,
        one.kind,
        one.pd_type,
        count(distinct one.meeting) as n_ties
    from groups as one
    inner join sizes on one.kind = sizes.kind and one.meeting = sizes.meeting and one.school_year = sizes.school_year
    inner join groups as other
        on one.kind = other.kind
        and one.meeting = other.meeting
        and one.school_year = other.school_year
        and one.staff_id <> other.staff_id
        and one.school_id <> other.school_id
    group by one.school_id, other.school_id, one.school_year, one.kind, one.pd_type
),

-- The year before is the last in which the person led any school.
leader_years as (
    select
        *,
        dense_rank() over (partition by staff_id order by school_year) as turn
    from leaders
),

moves as (
    select
        later.staff_id,
        earlier.school_id as one_school,
        later.school_id as other_school,
        later.school_year
    from leader_years as later
    inner join leader_years as earlier
        on later.staff_id = earlier.staff_id
        and (later.turn = earlier.turn or later.turn = earlier.turn + 1)
        and later.school_id <> earlier.school_id
),

both_ways as (
    select
        staff_id,
        school_year,
        unnest([
            struct_pack(school_id := one_school, neighbour_school_id := other_school),
            struct_pack(school_id := other_school, neighbour_school_id := one_school)
        ], recursive := true)
    from moves
),

shared_leaders as (
    select
        school_id,
        neighbour_school_id,
        school_year,
        'shared_leader' as kind,
        cast(null as varchar) as pd_type,
        count(distinct staff_id) as n_ties
    from both_ways
    group by school_id, neighbour_school_id, school_year
),

ties as (
    select * from group_ties
    union all
    select * from shared_leaders
    order by school_year, kind, pd_type nulls first, school_id, neighbour_school_id
)

select * from ties
