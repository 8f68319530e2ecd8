-- grain: one row per school (none: the district) and school year
-- question: of the hours whose initiator is known, what share did schools or teachers initiate?
with
hours_by_place as (
    select * from temp.placed_activity where initiated_by is not null
),

shares as (
    select
        school_id,
        school_year,
        sum(case when initiated_by in ('school', 'teacher') then hours else 0 end) / sum(hours) as value,
        sum(case when initiated_by in ('school', 'teacher') then hours else 0 end) as numerator,
        sum(hours) as denominator,
        count(distinct staff_id) as n_persons
    from hours_by_place
    group by school_id, school_year
)

select * from shares
