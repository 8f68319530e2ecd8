-- grain: one row per school year, grouping of schools and group
-- question: to the teachers of which schools did the spending go?
-- The cost of an activity is shared out by attended hours; teachers without PD count.
with
attendance as (
    select * from temp.cost_attendance
),

activities as (
    select * from estimates.cost_activity
),

staff_years as (
    select * from frames.staff_year
),

enrollments as (
    select * from core.student_enrollment
),

years as (
    select distinct school_year
    from activities
    where status = 'covered'
),

spent as (
    select
        attendance.staff_id,
        attendance.school_year,
        sum(attendance.hours) as hours,
        sum(attendance.hours / activities.hours * activities.total_cost) as cost
    from attendance
    inner join activities using (pd_activity_id, school_year)
    where activities.status = 'covered'
    group by all
),

schools as (
    select
        staff_years.school_year,
        staff_years.school_id,
        any_value(staff_years.school_level) as school_level,
        count(*) as n_teachers,
        coalesce(sum(spent.hours), 0) as hours,
        coalesce(sum(spent.cost), 0) as cost
    from staff_years
    semi join years using (school_year)
    left join spent using (staff_id, school_year)
    where staff_years.is_teacher and staff_years.school_id is not null
    group by all
),

students as (
    select
        school_id,
        school_year,
        count(*) filter (where is_economically_disadvantaged) as n_disadvantaged,
        count(is_economically_disadvantaged) as n_known
    from enrollments
    group by all
),

described_schools as (
    select
        schools.*,
        students.n_disadvantaged,
        students.n_known,
        students.n_disadvantaged / nullif(students.n_known, 0) as disadvantaged_share
    from schools
    left join students using (school_id, school_year)
),

-- Thirds of the schools whose students are known; fewer than three schools make none.
thirds as (
    select
        school_id,
        school_year,
        ntile(3) over (partition by school_year order by disadvantaged_share, school_id) as third
    from described_schools
    where n_known >= $minimum_cell
    qualify count(*) over (partition by school_year) >= 3
),

groups as (
    select *, 'school' as grouping, school_id as group_name
    from described_schools
    union all by name
    select *, 'school_level' as grouping, school_level as group_name
    from described_schools
    where school_level is not null
    union all by name
    select described_schools.*, 'poverty_third' as grouping, ['lowest', 'middle', 'highest'][thirds.third] as group_name
    from described_schools
    inner join thirds using (school_id, school_year)
),

totals as (
    select
        school_year,
        grouping,
        group_name,
        count(*) as n_schools,
        cast(sum(n_teachers) as bigint) as n_teachers,
        sum(hours) as hours,
        sum(cost) as cost,
        sum(cost) / sum(n_teachers) as cost_per_teacher,
        cast(sum(n_known) as bigint) as n_students,
        sum(n_disadvantaged) / nullif(sum(n_known), 0) as disadvantaged_share,
        $currency as currency
    from groups
    group by school_year, grouping, group_name
)

select * from totals
