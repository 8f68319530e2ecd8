-- grain: one row per staff member and school year
-- question: what was known of each person and school in that year?
with
staff_years as (
    select * from frames.staff_year
),

staff as (
    select * from core.staff
),

enrollments as (
    select * from core.student_enrollment
),

last_years as (
    select
        staff_id,
        max(school_year) as last_school_year
    from staff_years
    group by staff_id
),

schools_served as (
    select
        school_id,
        school_year,
        count(distinct student_id) filter (where is_economically_disadvantaged)
        / count(distinct student_id) as share_disadvantaged
    from enrollments
    where is_economically_disadvantaged is not null
    group by school_id, school_year
),

poverty_thirds as (
    select
        *,
        ntile(3) over (partition by school_year order by share_disadvantaged, school_id) as poverty_third
    from schools_served
),

-- The staff file says it as of a person's last year here; each year before had a year of experience less.
experience_then as (
    select
        staff_years.*,
        greatest(staff_years.years_experience - (last_school_year - staff_years.school_year), 0) as experience,
        lower(staff.highest_degree) as degree
    from staff_years
    inner join last_years using (staff_id)
    left join staff using (staff_id)
),

described as (
    select
        experience_then.staff_id,
        experience_then.school_year,
        experience_then.school_id,
        experience_then.school_level,
        experience_then.role,
        experience_then.experience,
        case
            when experience_then.experience is not null then experience_then.experience < 3
            else experience_then.is_novice
        end as is_novice,
        case
            when regexp_matches(degree, 'master|specialist|doctor|\bph\.?d|\bed\.?[ds]\b|\bm\.?(a|s|ed|at)\b') then true
            when regexp_matches(degree, 'bachelor|associate|high school|\bb\.?(a|s|ed)\b') then false
        end as has_advanced_degree,
        poverty_thirds.share_disadvantaged,
        poverty_thirds.poverty_third
    from experience_then
    left join poverty_thirds using (school_id, school_year)
)

select * from described
