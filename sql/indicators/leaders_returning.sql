-- grain: one row per role and school year, of the district
-- question: of the leaders at a school in the year before, what share is in the same role there this year?
with
assignments as (
    select * from core.staff_assignment
),

role_years as (
    select distinct
        role,
        staff_id,
        school_id,
        school_year
    from assignments
    where role in ('principal', 'assistant_principal', 'instructional_coach')
),

-- Only where the year itself has assignments: else everybody would seem to be gone.
years as (
    select distinct school_year from assignments
),

returns as (
    select
        years.school_year,
        before.role,
        before.staff_id,
        now.staff_id is not null as is_back
    from role_years as before
    inner join years on before.school_year + 1 = years.school_year
    left join role_years as now
        on before.role = now.role
        and before.staff_id = now.staff_id
        and before.school_id = now.school_id
        and years.school_year = now.school_year
),

counts as (
    select
        school_year,
        role as category,
        count(*) filter (where is_back) as numerator,
        count(*) as denominator,
        count(distinct staff_id) as n_persons
    from returns
    group by school_year, role
),

shares as (
    select
        *,
        numerator / denominator as value,
        wilson_low(numerator, denominator) as ci_low,
        wilson_high(numerator, denominator) as ci_high,
        lag(numerator / denominator) over (partition by category order by school_year) as comparison_value
    from counts
)

select * from shares
