-- grain: one row per school (none: the district) and school year
-- question: of the hours for which it is on record, what share was mandatory?
with
hours_by_place as (
    select * from temp.placed_activity where is_mandatory is not null
),

shares as (
    select
        school_id,
        school_year,
        sum(case when is_mandatory then hours else 0 end) / sum(hours) as value,
        sum(case when is_mandatory then hours else 0 end) as numerator,
        sum(hours) as denominator,
        count(distinct staff_id) as n_persons
    from hours_by_place
    group by school_id, school_year
)

select * from shares
