-- grain: one row per leading role, staff member, school and run of school years without a gap
-- question: from when to when was each principal, assistant principal and coach in the role at a school?
with
assignments as (
    select * from core.staff_assignment
),

schools as (
    select * from core.school
),

-- A year without any assignment is a gap of the file, not of a person.
years as (
    select
        school_year,
        row_number() over (order by school_year) as place
    from (select distinct school_year from assignments)
),

role_years as (
    select distinct
        assignments.role,
        assignments.staff_id,
        assignments.school_id,
        assignments.school_year,
        years.place
    from assignments
    inner join years using (school_year)
    where assignments.role in ('principal', 'assistant_principal', 'instructional_coach')
),

runs as (
    select
        *,
        place - row_number() over (partition by role, staff_id, school_id order by place) as run
    from role_years
),

spells as (
    select
        role,
        staff_id,
        school_id,
        min(school_year) as first_school_year,
        max(school_year) as last_school_year
    from runs
    group by role, staff_id, school_id, run
),

described_spells as (
    select
        spells.*,
        schools.school_level,
        spells.first_school_year > (select min(school_year) from years) as is_start_seen
    from spells
    left join schools using (school_id)
)

select * from described_spells
order by role, school_id, staff_id, first_school_year
