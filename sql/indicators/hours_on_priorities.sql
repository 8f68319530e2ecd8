-- grain: one row per school (none: the district) and school year
-- question: what share of PD hours served a priority of the district or of the person's own school?
with
hours_by_place as (
    select * from temp.placed_activity
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

strangers as (
    select
        staff_id,
        pd_activity_id,
        school_year
    from activities
    where priority_level = 'school' and priority_school_id <> school_id
),

judged as (
    select
        hours_by_place.school_id,
        hours_by_place.school_year,
        hours_by_place.staff_id,
        hours_by_place.hours,
        hours_by_place.priority_id is not null and strangers.staff_id is null as counts
    from hours_by_place
    inner join recorded_years using (school_year)
    left join strangers using (staff_id, pd_activity_id, school_year)
),

shares as (
    select
        school_id,
        school_year,
        sum(case when counts then hours else 0 end) / sum(hours) as value,
        sum(case when counts then hours else 0 end) as numerator,
        sum(hours) as denominator,
        count(distinct staff_id) as n_persons
    from judged
    group by school_id, school_year
)

select * from shares
