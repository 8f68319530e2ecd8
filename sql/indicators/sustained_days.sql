-- grain: one row per school (none: the district) and school year
-- question: what share of participations went on for weeks, from the first to the last attended day?
with
participations as (
    select * from temp.placed_activity
),

shares as (
    select
        school_id,
        school_year,
        avg(case when last_day - first_day >= $sustained_days then 1 else 0 end) as value,
        count(*) filter (where last_day - first_day >= $sustained_days) as numerator,
        count(*) as denominator,
        count(distinct staff_id) as n_persons
    from participations
    group by school_id, school_year
)

select * from shares
