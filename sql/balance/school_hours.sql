-- grain: one row per school with teachers and school year with attendance on file
-- question: whose ideas did a school's hours follow, how many were they, and on how few things did they go?
with
activities as (
    select * from frames.staff_activity
),

staff_years as (
    select * from frames.staff_year where school_id is not null
),

recorded_years as (
    select
        school_year,
        count(priority_level) > 0 as has_priority_level,
        count(priority_id) > 0 as has_priority
    from activities
    group by school_year
),

school_sizes as (
    select
        school_id,
        school_year,
        count(*) as n_staff,
        count(*) filter (where is_teacher) as n_teachers
    from staff_years
    group by school_id, school_year
    having n_teachers > 0
),

teacher_hours as (
    select
        staff_years.school_id,
        school_year,
        sum(activities.hours) as teacher_hours
    from staff_years
    inner join activities using (staff_id, school_year)
    where staff_years.is_teacher
    group by staff_years.school_id, school_year
),

judged as (
    select
        *,
        priority_level = 'school' and priority_school_id = school_id as serves_own_priority,
        priority_level = 'school' and priority_school_id <> school_id as serves_stranger
    from activities
    where school_id is not null
),

school_sums as (
    select
        school_id,
        school_year,
        sum(hours) as hours,
        count(distinct pd_activity_id) as n_activities,
        coalesce(sum(hours) filter (where priority_level = 'district'), 0) as district_priority_hours,
        coalesce(sum(hours) filter (where serves_own_priority), 0) as own_priority_hours,
        coalesce(sum(hours) filter (where serves_stranger), 0) as stranger_hours,
        coalesce(sum(hours) filter (where initiated_by in ('school', 'teacher') or serves_own_priority), 0)
            as local_hours,
        coalesce(sum(hours) filter (where initiated_by is not null or serves_own_priority), 0) as told_hours
    from judged
    group by school_id, school_year
),

priority_sums as (
    select
        school_id,
        school_year,
        sum(hours) as hours,
        row_number() over (partition by school_id, school_year order by sum(hours) desc, priority_id) as place
    from judged
    where priority_id is not null and not coalesce(serves_stranger, false)
    group by school_id, school_year, priority_id
),

top_sums as (
    select
        school_id,
        school_year,
        sum(hours) as top_two_hours
    from priority_sums
    where place <= 2
    group by school_id, school_year
),

shares as (
    select
        school_sizes.school_id,
        school_year,
        school_sizes.n_staff,
        school_sizes.n_teachers,
        coalesce(school_sums.n_activities, 0) as n_activities,
        coalesce(school_sums.hours, 0) as hours,
        case when recorded_years.has_priority_level then school_sums.district_priority_hours / school_sums.hours end
            as alignment,
        school_sums.local_hours / nullif(school_sums.told_hours, 0) as differentiation,
        case when recorded_years.has_priority then coalesce(top_sums.top_two_hours, 0) / school_sums.hours end
            as coherence,
        case when recorded_years.has_priority_level then school_sums.own_priority_hours / school_sums.hours end
            as own_priority_share,
        case when recorded_years.has_priority_level then school_sums.stranger_hours / school_sums.hours end
            as other_school_share,
        coalesce(teacher_hours.teacher_hours, 0) / school_sizes.n_teachers as hours_per_teacher
    from school_sizes
    inner join recorded_years using (school_year)
    left join school_sums using (school_id, school_year)
    left join teacher_hours using (school_id, school_year)
    left join top_sums using (school_id, school_year)
)

select * from shares
