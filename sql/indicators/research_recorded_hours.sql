-- grain: one row per school (none: the district) and school year
-- question: for what share of PD hours does the catalogue say what research stands behind the activity?
with
hours_by_place as (
    select * from temp.placed_activity
),

judged as (
    select
        hours_by_place.school_id,
        hours_by_place.school_year,
        hours_by_place.staff_id,
        hours_by_place.hours,
        research_base is not null as counts
    from hours_by_place
),

shares as (
    select
        school_id,
        school_year,
        sum(case when counts then hours else 0 end) / sum(hours) as value,
        sum(case when counts then hours else 0 end) as numerator,
        sum(hours) as denominator,
        count(distinct staff_id) as n_persons
    from judged
    group by school_id, school_year
)

select * from shares
