-- grain: one row per school (none: the district) and school year
-- question: what share of staff who were on no leadership pathway were identified for one in the year?
with
entries as (
    select * from temp.leadership_entry
    where stage = 'identified'
),

scopes as (
    select unnest([true, false]) as is_district
),

counts as (
    select
        case when not scopes.is_district then entries.school_id end as school_id,
        case when not scopes.is_district then any_value(entries.school_level) end as school_level,
        entries.school_year,
        count(*) filter (where entries.is_reached) as numerator,
        count(*) as denominator
    from entries
    cross join scopes
    where scopes.is_district or entries.school_id is not null
    group by scopes.is_district, case when not scopes.is_district then entries.school_id end, entries.school_year
),

level_counts as (
    select
        school_level,
        school_year,
        sum(numerator) as level_numerator,
        sum(denominator) as level_denominator
    from counts
    where school_level is not null
    group by school_level, school_year
),

shares as (
    select
        counts.school_id,
        counts.school_year,
        counts.numerator / counts.denominator as value,
        counts.numerator,
        counts.denominator,
        wilson_low(counts.numerator, counts.denominator) as ci_low,
        wilson_high(counts.numerator, counts.denominator) as ci_high,
        case
            when counts.school_id is null
                then lag(counts.numerator / counts.denominator) over (
                    partition by counts.school_id order by counts.school_year
                )
            else (level_counts.level_numerator - counts.numerator)
                / nullif(level_counts.level_denominator - counts.denominator, 0)
        end as comparison_value,
        counts.denominator as n_persons
    from counts
    left join level_counts using (school_level, school_year)
)

select * from shares
