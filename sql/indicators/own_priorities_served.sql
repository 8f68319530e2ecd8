-- grain: one row per school year
-- question: in what share of the schools that set a priority of their own did at least one hour serve it?
with
priorities as (
    select * from core.priority where level = 'school' and school_id is not null
),

staff_by_place as (
    select * from temp.placed_staff where school_id is not null
),

activities as (
    select * from frames.staff_activity
),

-- In a year in which no activity names a priority, priorities were not recorded.
recorded_years as (
    select school_year
    from activities
    group by school_year
    having count(priority_id) > 0
),

staffed_schools as (
    select distinct
        school_id,
        school_year
    from staff_by_place
),

-- A priority holds from the year in which it was set; without a year it always did.
setting_schools as (
    select distinct
        staffed_schools.school_id,
        staffed_schools.school_year
    from staffed_schools
    inner join recorded_years using (school_year)
    inner join priorities
        on staffed_schools.school_id = priorities.school_id
        and staffed_schools.school_year >= coalesce(priorities.school_year, staffed_schools.school_year)
),

serving_schools as (
    select distinct
        school_id,
        school_year
    from activities
    where priority_level = 'school' and priority_school_id = school_id
),

shares as (
    select
        school_year,
        count(serving_schools.school_id) / count(*) as value,
        count(serving_schools.school_id) as numerator,
        count(*) as denominator
    from setting_schools
    left join serving_schools using (school_id, school_year)
    group by school_year
)

select * from shares
