-- grain: one row per school (none: the district), school year and initiator, and one for all initiators
-- question: how many hours did a teacher spend on average in PD that the district, the school or a teacher initiated?
with
staff_by_place as (
    select * from temp.placed_staff where is_teacher
),

activities as (
    select * from frames.staff_activity
),

categories as (
    select unnest(['all', 'district', 'school', 'teacher', 'unknown']) as category
),

-- In a year without any attendance on file hours are missing, not zero.
recorded_years as (
    select
        school_year,
        count(initiated_by) > 0 as has_initiator
    from activities
    group by school_year
),

teachers as (
    select
        school_id,
        school_year,
        count(*) as n_teachers
    from staff_by_place
    group by school_id, school_year
),

initiator_hours as (
    select
        staff_by_place.school_id,
        school_year,
        coalesce(activities.initiated_by, 'unknown') as initiator,
        sum(activities.hours) as hours
    from staff_by_place
    inner join activities using (staff_id, school_year)
    group by staff_by_place.school_id, school_year, initiator
),

means as (
    select
        teachers.school_id,
        teachers.school_year,
        categories.category,
        coalesce(sum(initiator_hours.hours), 0) / max(teachers.n_teachers) as value,
        coalesce(sum(initiator_hours.hours), 0) as numerator,
        max(teachers.n_teachers) as denominator,
        max(teachers.n_teachers) as n_persons
    from teachers
    inner join recorded_years using (school_year)
    inner join categories on recorded_years.has_initiator or categories.category in ('all', 'unknown')
    left join initiator_hours
        on teachers.school_year = initiator_hours.school_year
        and teachers.school_id is not distinct from initiator_hours.school_id
        and categories.category in ('all', initiator_hours.initiator)
    group by teachers.school_id, teachers.school_year, categories.category
)

select * from means
