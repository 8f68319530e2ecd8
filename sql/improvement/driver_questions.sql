-- grain: one row per driver whose questions differ between school years
-- question: on which drivers may a change over the years be one of the questions?
with
items as (
    select * from core.survey_item
),

scores as (
    select * from frames.survey_score
),

climate_surveys as (
    select distinct
        survey_id,
        school_year
    from scores
    where scale_kind = 'construct' and pd_activity_id is null
),

year_questions as (
    select
        items.construct as driver,
        climate_surveys.school_year,
        list_sort(list_distinct(list(
            concat_ws('|', lower(trim(items.wording)), items.scale_min, items.scale_max, items.is_reverse_scored)
        ))) as questions
    from items
    inner join climate_surveys using (survey_id)
    where list_contains($drivers, items.construct) and items.response_type in ('likert', 'number')
    group by items.construct, climate_surveys.school_year
),

changed as (
    select driver
    from year_questions
    group by driver
    having count(distinct questions) > 1
    order by driver
)

select * from changed
