-- grain: one row per school, priority and school year that somebody rated
-- question: how much does each school need a priority, how well does the offer fit, and do hours go where the need is?
with
ratings as (
    select * from core.school_priority_rating
),

priorities as (
    select * from core.priority
),

schools as (
    select * from core.school
),

staff_years as (
    select * from frames.staff_year
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

school_sizes as (
    select
        school_id,
        school_year,
        count(*) as n_staff,
        count(*) filter (where is_teacher) as n_teachers
    from staff_years
    where school_id is not null
    group by school_id, school_year
),

school_hours as (
    select
        school_id,
        school_year,
        sum(hours) as hours
    from activities
    group by school_id, school_year
),

priority_hours as (
    select
        activities.school_id,
        activities.school_year,
        activities.priority_id,
        sum(activities.hours) as hours,
        sum(activities.hours) filter (where staff_years.is_teacher) as teacher_hours
    from activities
    left join staff_years using (staff_id, school_year)
    where activities.priority_id is not null
    group by activities.school_id, activities.school_year, activities.priority_id
),

described as (
    select
        ratings.school_id,
        ratings.priority_id,
        ratings.school_year,
        coalesce(schools.school_level, 'unknown') as school_level,
        coalesce(ratings.source, 'unknown') as source,
        coalesce(priorities.title, ratings.priority_id) as priority_title,
        priorities.level as priority_level,
        ratings.need,
        ratings.fit,
        ratings.need - ratings.fit as gap,
        coalesce(school_sizes.n_staff, 0) as n_staff,
        coalesce(school_sizes.n_teachers, 0) as n_teachers,
        case
            when recorded_years.school_year is not null and school_sizes.n_teachers > 0
                then coalesce(priority_hours.teacher_hours, 0) / school_sizes.n_teachers
        end as hours_per_teacher,
        case
            when recorded_years.school_year is not null
                then coalesce(priority_hours.hours, 0) / school_hours.hours
        end as hours_share
    from ratings
    left join priorities using (priority_id)
    left join schools on ratings.school_id = schools.school_id
    left join school_sizes
        on ratings.school_id = school_sizes.school_id and ratings.school_year = school_sizes.school_year
    left join recorded_years on ratings.school_year = recorded_years.school_year
    left join school_hours
        on ratings.school_id = school_hours.school_id and ratings.school_year = school_hours.school_year
    left join priority_hours
        on ratings.school_id = priority_hours.school_id
        and ratings.school_year = priority_hours.school_year
        and ratings.priority_id = priority_hours.priority_id
),

with_peers as (
    select
        *,
        case when count(hours_per_teacher) over peers >= $minimum_peers then median(hours_per_teacher) over peers end
            as peer_hours_per_teacher
    from described
    window peers as (partition by priority_id, school_year, school_level)
),

placed as (
    select
        *,
        case when need >= $high_need then 'high need' else 'lower need' end
        || ', '
        || case when hours_per_teacher >= peer_hours_per_teacher then 'many hours' else 'few hours' end
            as need_and_hours
    from with_peers
),

told as (
    select
        * replace (
            case when hours_per_teacher is not null and peer_hours_per_teacher is not null then need_and_hours end
            as need_and_hours
        )
    from placed
)

select * from told
