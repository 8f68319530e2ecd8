-- grain: one row per staff member, PD type and cohort that places were drawn by lot for
-- question: who was offered which PD by lot, and which school year's growth is the first that it can show in?
with
assignments as (
    select * from core.pd_assignment
),

analysis as (
    select * from frames.growth_analysis
),

year_ends as (
    select school_year, max(window_end) as last_window_end
    from analysis
    group by school_year
),

lottery_days as (
    select distinct assignment_date
    from assignments
    where assignment_date is not null
),

first_years as (
    select
        lottery_days.assignment_date,
        min(year_ends.school_year) as school_year
    from lottery_days
    inner join year_ends on lottery_days.assignment_date < year_ends.last_window_end
    group by lottery_days.assignment_date
),

-- A cohort counts as a school year only if it is nothing else: 2025 or 2024-25, not "wave 2025".
cohort_years as (
    select
        *,
        case
            when regexp_full_match(cohort, '\d{4}') then cast(cohort as smallint)
            when regexp_full_match(cohort, '\d{4}-(\d{2}|\d{4})') then cast(left(cohort, 4) as smallint) + 1
        end as cohort_school_year
    from assignments
),

offers as (
    select
        cohort_years.staff_id,
        cohort_years.pd_type,
        cohort_years.cohort,
        cohort_years.block,
        cohort_years.assigned as is_offered,
        cohort_years.assignment_date,
        cast(
            case
                when cohort_years.assignment_date is null then cohort_years.cohort_school_year
                else first_years.school_year
            end as smallint
        ) as outcome_school_year
    from cohort_years
    left join first_years using (assignment_date)
)

select * from offers
