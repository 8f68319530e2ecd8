-- grain: one row per school with 5 teachers or more, school year and PD type that staff of any school attended
-- question: what share of a school's teachers did each type of PD reach, beside schools of its level and the year before?
with
staff_pd as (
    select * from frames.teacher_year_pd
),

teachers as (
    select * from frames.teacher_year
),

schools as (
    select * from core.school
),

school_years as (
    select
        school_id,
        school_year,
        count(*) as n_teachers
    from teachers
    where school_id is not null
    group by school_id, school_year
    having count(*) >= $minimum_staff
),

types as (
    select distinct
        school_year,
        pd_type
    from staff_pd
),

reached as (
    select
        teachers.school_id,
        teachers.school_year,
        staff_pd.pd_type,
        count(*) as n_reached,
        sum(staff_pd.hours) as hours
    from staff_pd
    inner join teachers using (staff_id, school_year)
    group by teachers.school_id, teachers.school_year, staff_pd.pd_type
),

pairs as (
    select
        school_years.school_id,
        school_years.school_year,
        types.pd_type,
        schools.school_level,
        coalesce(reached.n_reached, 0) / school_years.n_teachers as share_of_teachers,
        reached.hours / reached.n_reached as hours_per_participant,
        coalesce(reached.n_reached, 0) between 1 and $minimum_staff - 1 as is_suppressed,
        1 / school_years.n_teachers as least_if_hidden,
        ($minimum_staff - 1) / school_years.n_teachers as most_if_hidden
    from school_years
    inner join types using (school_year)
    left join reached using (school_id, school_year, pd_type)
    left join schools using (school_id)
),

-- A median of shares can be the share of one school. What is told of the schools of a level holds whatever the
-- hidden shares are: it is made from those that are shown and from the numbers of teachers, which are shown too.
bounded_pairs as (
    select
        school_year,
        pd_type,
        school_level,
        case when is_suppressed then least_if_hidden else share_of_teachers end as least_share,
        case when is_suppressed then most_if_hidden else share_of_teachers end as most_share
    from pairs
),

peers as (
    select
        school_year,
        pd_type,
        school_level,
        count(*) as n_peers,
        quantile_cont(least_share, 0.25) as peer_quarter_low,
        quantile_cont(least_share, 0.5) as peer_middle_low,
        quantile_cont(most_share, 0.5) as peer_middle_high,
        quantile_cont(most_share, 0.75) as peer_quarter_high
    from bounded_pairs
    group by school_year, pd_type, school_level
    having count(*) >= $minimum_schools
),

disclosed_pairs as (
    select
        school_id,
        school_year,
        pd_type,
        school_level,
        case when not is_suppressed then share_of_teachers end as share_of_teachers,
        case when not is_suppressed then hours_per_participant end as hours_per_participant,
        is_suppressed
    from pairs
),

beside_peers as (
    select
        disclosed_pairs.school_id,
        disclosed_pairs.school_year,
        disclosed_pairs.pd_type,
        disclosed_pairs.share_of_teachers,
        before.share_of_teachers as share_before,
        peers.n_peers,
        peers.peer_quarter_low,
        peers.peer_middle_low,
        peers.peer_middle_high,
        peers.peer_quarter_high,
        disclosed_pairs.hours_per_participant,
        disclosed_pairs.is_suppressed
    from disclosed_pairs
    left join disclosed_pairs as before
        on
            disclosed_pairs.school_id = before.school_id
            and disclosed_pairs.pd_type = before.pd_type
            and disclosed_pairs.school_year = before.school_year + 1
    left join peers
        on
            disclosed_pairs.school_year = peers.school_year
            and disclosed_pairs.pd_type = peers.pd_type
            and disclosed_pairs.school_level is not distinct from peers.school_level
)

select * from beside_peers
