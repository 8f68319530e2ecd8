-- grain: one row per school, school year, rated practice and record that it is held against
-- question: which ratings differ from what is on record, and what may be shown of that?
with
checks as (
    select * from estimates.self_assessment_check
),

definitions as (
    select * from estimates.indicator_definition
),

schools as (
    select * from core.school
),

judged as (
    select
        checks.*,
        coalesce(schools.school_name, checks.school_id) as school_name,
        coalesce(definitions.label, checks.indicator) as label,
        coalesce(definitions.unit, '') as unit,
        coalesce(checks.n_persons < $minimum_staff, false) as is_suppressed
    from checks
    left join schools using (school_id)
    left join definitions using (indicator)
),

disclosed as (
    select
        school_id,
        school_name,
        school_year,
        practice,
        label,
        unit,
        indicator,
        rating,
        case when not is_suppressed then value end as value,
        floor_value,
        lower_quartile,
        upper_quartile,
        n_schools,
        case when is_suppressed then 'not_comparable' else verdict end as verdict,
        is_little and not is_suppressed as is_little,
        case when is_suppressed then 'of too few people to be shown' else note end as note,
        is_suppressed
    from judged
)

select * from disclosed
