-- grain: one row per stage, staff member and school year in which the person had not reached the stage before
-- question: who could have been identified, or taken into training, in a year, and who was?
with
pathways as (
    select * from frames.leadership_pathway
),

staff_years as (
    select * from temp.leadership_staff
),

first_days as (
    select
        staff_id,
        min(identified_by) as identified,
        min(in_training_by) as in_training
    from pathways
    group by staff_id
),

logged_years as (
    select
        min(year(identified_by) + cast(month(identified_by) >= 7 as integer)) as first_year,
        max(year(last_day) + cast(month(last_day) >= 7 as integer)) as last_year
    from (
        select
            identified_by,
            greatest(identified_by, in_training_by, completed_by, placed_by, left_role_by) as last_day
        from pathways
    )
),

stages as (
    select unnest(['identified', 'in_training']) as stage
),

staff_stages as (
    select
        stages.stage,
        staff_years.*,
        case stages.stage when 'identified' then first_days.identified else first_days.in_training end as reached_on
    from staff_years
    cross join stages
    cross join logged_years
    left join first_days using (staff_id)
    where staff_years.school_year between logged_years.first_year and logged_years.last_year
),

entries as (
    select
        *,
        coalesce(
            year(reached_on) + cast(month(reached_on) >= 7 as integer) = school_year, false
        ) as is_reached
    from staff_stages
    where reached_on is null or year(reached_on) + cast(month(reached_on) >= 7 as integer) >= school_year
)

select * from entries
