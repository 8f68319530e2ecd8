-- grain: one row per school (none: the district) and school year
-- question: what share of PD hours went into activities with a strong or moderate research base?
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
        research_base in ('strong', 'moderate') as counts
    from hours_by_place
    where research_base is not null
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
