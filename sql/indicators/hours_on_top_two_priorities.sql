-- grain: one row per school (none: the district) and school year
-- question: what share of PD hours went to the two priorities with most hours, hours without a priority counted below the line?
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
        case when strangers.staff_id is null then hours_by_place.priority_id end as priority_id
    from hours_by_place
    inner join recorded_years using (school_year)
    left join strangers using (staff_id, pd_activity_id, school_year)
),

priority_sums as (
    select
        school_id,
        school_year,
        priority_id,
        sum(hours) as hours
    from judged
    group by school_id, school_year, priority_id
),

ranked as (
    select
        *,
        row_number() over (
            partition by school_id, school_year
            order by priority_id is null, hours desc, priority_id
        ) as place
    from priority_sums
),

top_sums as (
    select
        school_id,
        school_year,
        sum(case when place <= 2 and priority_id is not null then hours else 0 end) as numerator,
        sum(hours) as denominator
    from ranked
    group by school_id, school_year
),

persons as (
    select
        school_id,
        school_year,
        count(distinct staff_id) as n_persons
    from judged
    group by school_id, school_year
),

shares as (
    select
        top_sums.school_id,
        top_sums.school_year,
        top_sums.numerator / top_sums.denominator as value,
        top_sums.numerator,
        top_sums.denominator,
        persons.n_persons
    from top_sums
    inner join persons
        on top_sums.school_year = persons.school_year
        and top_sums.school_id is not distinct from persons.school_id
)

select * from shares
