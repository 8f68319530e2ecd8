-- grain: one row per indicator of the list, school (none: the district), school year and category
-- question: what is each value to be compared with: for a school its peers of the same level, for the district the year before?
with
indicators as (
    select * from estimates.indicator
    where list_contains($indicators::varchar[], indicator)
),

schools as (
    select * from core.school
),

-- A value of fewer people than may be shown must not be told by what others are compared with.
school_values as (
    select
        indicators.indicator,
        indicators.school_id,
        indicators.school_year,
        indicators.category,
        indicators.value,
        schools.school_level
    from indicators
    left join schools using (school_id)
    where
        indicators.school_id is not null
        and indicators.value is not null
        and coalesce(indicators.n_persons >= $minimum_staff, true)
),

peer_medians as (
    select
        own.indicator,
        own.school_id,
        own.school_year,
        own.category,
        median(peers.value) as comparison_value
    from school_values as own
    inner join school_values as peers
        on
            own.indicator = peers.indicator
            and own.school_year = peers.school_year
            and own.category = peers.category
            and own.school_level is not distinct from peers.school_level
            and own.school_id <> peers.school_id
    group by own.indicator, own.school_id, own.school_year, own.category
    having count(*) >= $minimum_peers
),

years_before as (
    select
        own.indicator,
        own.school_id,
        own.school_year,
        own.category,
        before.value as comparison_value
    from indicators as own
    inner join indicators as before
        on
            own.indicator = before.indicator
            and own.category = before.category
            and own.school_year = before.school_year + 1
    where own.school_id is null and before.school_id is null and own.value is not null
),

comparisons as (
    select * from peer_medians
    union all by name
    select * from years_before
)

select * from comparisons
where comparison_value is not null
