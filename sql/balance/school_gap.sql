-- grain: one row per school and school year with ratings
-- question: how far does need exceed fit over all rated priorities, and do the sources of the ratings agree?
with
ratings as (
    select * from core.school_priority_rating
),

source_gaps as (
    select
        school_id,
        school_year,
        coalesce(source, 'unknown') as source,
        sum(need * (need - fit)) / sum(need) as gap
    from ratings
    group by school_id, school_year, coalesce(source, 'unknown')
),

source_ends as (
    select
        school_id,
        school_year,
        string_agg(source, ', ' order by source) as sources,
        arg_max(source, gap) as source_high,
        max(gap) as gap_high,
        arg_min(source, gap) as source_low,
        min(gap) as gap_low
    from source_gaps
    group by school_id, school_year
),

-- A priority counts by how much it is needed, in all three, so that the gap is their difference.
weighted as (
    select
        school_id,
        school_year,
        sum(need * need) / sum(need) as mean_need,
        sum(need * fit) / sum(need) as mean_fit,
        sum(need * (need - fit)) / sum(need) as mean_gap,
        count(*) as n_ratings
    from ratings
    group by school_id, school_year
),

gaps as (
    select *
    from weighted
    inner join source_ends using (school_id, school_year)
)

select * from gaps
