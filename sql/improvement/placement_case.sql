-- grain: one row per staff member and pathway level with a record of completion
-- question: what was known of each person on completion, and when was the person placed?
with
waits as (
    select * from temp.leadership_process
    where process = 'completed_to_placed' and started_on is not null
),

staff_years as (
    select * from temp.leadership_staff
),

cases as (
    select
        waits.staff_id,
        waits.category as pathway_level,
        waits.started_on,
        waits.reached_by,
        staff_years.experience,
        staff_years.is_novice,
        staff_years.has_advanced_degree,
        staff_years.share_disadvantaged
    from waits
    left join staff_years
        on waits.staff_id = staff_years.staff_id
        and staff_years.school_year
        = year(waits.started_on) + cast(month(waits.started_on) >= 7 as integer)
)

select * from cases
order by pathway_level, staff_id
