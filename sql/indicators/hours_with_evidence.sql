-- grain: one row per school (none: the district) and school year
-- question: what share of PD hours went into types that reached an ESSA tier 1, 2 or 3 in the report's main design?
with
hours_by_place as (
    select * from temp.placed_activity
),

effects as (
    select * from temp.main_effect
),

-- Any of five designs would be too easy: only the one that the report answers with counts.
types_with_evidence as (
    select distinct pd_type
    from effects
    where essa_tier <= 3 and not coalesce(is_struck_out, false)
),

judged as (
    select
        hours_by_place.school_id,
        hours_by_place.school_year,
        hours_by_place.staff_id,
        hours_by_place.hours,
        types_with_evidence.pd_type is not null as counts
    from hours_by_place
    left join types_with_evidence using (pd_type)
    where exists (from effects)
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
