-- grain: one row per school (none: the district) and school year with hours
-- question: which share of the hours is in types with evidence that they go with higher growth?
with
staff_pd as (
    select * from frames.teacher_year_pd
),

recommendations as (
    select * from estimates.recommendation
),

schools as (
    select * from core.school
),

place_hours as (
    select
        staff_pd.school_id,
        staff_pd.school_year,
        grouping(staff_pd.school_id) = 1 as is_district,
        sum(case when recommendations.any_design_tier <= 3 then staff_pd.hours else 0 end) as numerator,
        sum(staff_pd.hours) as denominator,
        count(distinct staff_pd.staff_id) as n_persons
    from staff_pd
    left join recommendations using (pd_type)
    group by grouping sets ((staff_pd.school_id, staff_pd.school_year), (staff_pd.school_year))
),

shares as (
    select
        place_hours.school_id,
        place_hours.school_year,
        place_hours.is_district,
        place_hours.numerator / nullif(place_hours.denominator, 0) as value,
        place_hours.numerator,
        place_hours.denominator,
        place_hours.n_persons,
        schools.school_level
    from place_hours
    left join schools using (school_id)
    where place_hours.is_district or place_hours.school_id is not null
),

-- The other schools of the same level, all their hours together.
peers as (
    select
        own.school_id,
        own.school_year,
        sum(others.numerator) / nullif(sum(others.denominator), 0) as peer_value
    from shares as own
    inner join shares as others
        on
            own.school_year = others.school_year
            and own.school_level = others.school_level
            and own.school_id != others.school_id
    group by own.school_id, own.school_year
),

compared as (
    select
        shares.school_id,
        shares.school_year,
        shares.value,
        shares.numerator,
        shares.denominator,
        shares.n_persons,
        case when shares.is_district then before.value else peers.peer_value end as comparison_value
    from shares
    left join shares as before
        on
            shares.is_district
            and before.is_district
            and before.school_year = shares.school_year - 1
    left join peers
        on
            shares.school_id = peers.school_id
            and shares.school_year = peers.school_year
)

select * from compared
