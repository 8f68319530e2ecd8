-- grain: one row per school (none: the district) and school year
-- question: what share of PD hours went into one-off events?
with
hours_by_place as (
    select * from temp.placed_activity
),

shares as (
    select
        school_id,
        school_year,
        coalesce(sum(hours) filter (where not is_connected), 0) / sum(hours) as value,
        coalesce(sum(hours) filter (where not is_connected), 0) as numerator,
        sum(hours) as denominator,
        count(distinct staff_id) as n_persons
    from hours_by_place
    where is_connected is not null
    group by school_id, school_year
)

select * from shares
