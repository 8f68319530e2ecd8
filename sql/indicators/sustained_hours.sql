-- grain: one row per school (none: the district) and school year
-- question: what share of participations added up to enough hours in the year?
with
participations as (
    select * from temp.placed_activity
),

shares as (
    select
        school_id,
        school_year,
        avg(case when hours >= $sustained_hours then 1 else 0 end) as value,
        count(*) filter (where hours >= $sustained_hours) as numerator,
        count(*) as denominator,
        count(distinct staff_id) as n_persons
    from participations
    group by school_id, school_year
)

select * from shares
