-- grain: one row per school (none: the district), school year and whose priority was served
-- question: what share of PD hours served a priority of the district, of the person's own school, of another school, or none?
with
hours_by_place as (
    select * from temp.placed_activity
),

activities as (
    select * from frames.staff_activity
),

categories as (
    select unnest(['district', 'own_school', 'other_school', 'unplaced', 'none']) as category
),

-- In a year in which no activity names a priority, priorities were not recorded.
recorded_years as (
    select school_year
    from activities
    group by school_year
    having count(priority_id) > 0
),

-- The place is the district or the school; whose priority it is depends on the school of the person.
person_schools as (
    select
        staff_id,
        pd_activity_id,
        school_year,
        school_id as person_school_id
    from activities
),

told as (
    select
        hours_by_place.school_id,
        hours_by_place.school_year,
        hours_by_place.staff_id,
        hours_by_place.hours,
        case
            when hours_by_place.priority_id is null then 'none'
            when hours_by_place.priority_level = 'district' then 'district'
            when hours_by_place.priority_school_id = person_schools.person_school_id then 'own_school'
            when hours_by_place.priority_school_id <> person_schools.person_school_id then 'other_school'
            else 'unplaced'
        end as category
    from hours_by_place
    inner join recorded_years using (school_year)
    inner join person_schools using (staff_id, pd_activity_id, school_year)
),

place_sums as (
    select
        school_id,
        school_year,
        sum(hours) as hours,
        count(distinct staff_id) as n_persons
    from told
    group by school_id, school_year
),

category_sums as (
    select
        school_id,
        school_year,
        category,
        sum(hours) as hours
    from told
    group by school_id, school_year, category
),

shares as (
    select
        place_sums.school_id,
        place_sums.school_year,
        categories.category,
        coalesce(category_sums.hours, 0) / place_sums.hours as value,
        coalesce(category_sums.hours, 0) as numerator,
        place_sums.hours as denominator,
        place_sums.n_persons
    from place_sums
    cross join categories
    left join category_sums
        on place_sums.school_year = category_sums.school_year
        and place_sums.school_id is not distinct from category_sums.school_id
        and categories.category = category_sums.category
)

select * from shares
