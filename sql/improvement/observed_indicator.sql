-- grain: one row per indicator, school and school year
-- question: what is on record for each practice that schools rate?
with
indicators as (
    select
        indicator,
        school_id,
        school_year,
        value,
        n_persons
    from estimates.indicator
    where list_contains($indicators::varchar[], indicator) and category = 'all'
),

surveyed as (
    select
        'hours_surveyed' as indicator,
        school_id,
        school_year,
        value,
        n_persons
    from temp.hours_surveyed
),

schools as (
    select * from core.school
),

recorded as (
    select * from indicators
    union all
    select * from surveyed
),

levelled as (
    select
        recorded.indicator,
        recorded.school_id,
        schools.school_level,
        recorded.school_year,
        recorded.value,
        recorded.n_persons
    from recorded
    left join schools using (school_id)
    where recorded.school_id is not null and recorded.value is not null
)

select * from levelled
