-- grain: one row per school with teachers and school year
-- question: is somebody on the school's staff ready to follow its principal?
with
staff_years as (
    select * from frames.staff_year
),

assignments as (
    select * from core.staff_assignment
),

pathways as (
    select * from frames.leadership_pathway
    where pathway_level = 'school'
),

events as (
    select * from core.leadership_event
),

logged_years as (
    select year(min(event_date)) + cast(month(min(event_date)) >= 7 as integer) as first_year
    from events
),

schools as (
    select distinct
        staff_years.school_id,
        staff_years.school_year
    from staff_years
    cross join logged_years
    where
        staff_years.is_teacher
        and staff_years.school_id is not null
        and staff_years.school_year >= logged_years.first_year
        and exists (from assignments where assignments.school_year = staff_years.school_year)
),

principals as (
    select distinct
        staff_id,
        school_id,
        school_year
    from assignments
    where role = 'principal'
),

-- Everybody at every school of the year, in whatever role and part of a week.
members as (
    select staff_id, school_id, school_year from staff_years where school_id is not null
    union
    select staff_id, school_id, school_year from assignments
),

ready as (
    select
        members.staff_id,
        members.school_id,
        members.school_year
    from members
    inner join pathways using (staff_id)
    anti join principals
        on members.staff_id = principals.staff_id and members.school_year = principals.school_year
    where
        pathways.completed_on <= make_date(members.school_year, 6, 30)
        and (pathways.placed_by is null or pathways.placed_by > make_date(members.school_year, 6, 30))
),

ready_here as (
    select
        school_id,
        school_year,
        count(*) as n_ready
    from ready
    group by school_id, school_year
),

ready_district as (
    select
        school_year,
        count(distinct staff_id) as n_ready_district
    from ready
    group by school_year
),

described as (
    select
        schools.school_id,
        schools.school_year,
        exists (
            from principals
            where principals.school_id = schools.school_id and principals.school_year = schools.school_year
        ) as has_principal,
        coalesce(ready_here.n_ready, 0) as n_ready,
        coalesce(ready_district.n_ready_district, 0) as n_ready_district,
        coalesce(ready_here.n_ready, 0) > 0 as has_successor
    from schools
    left join ready_here using (school_id, school_year)
    left join ready_district using (school_year)
)

select * from described
order by school_year, school_id
