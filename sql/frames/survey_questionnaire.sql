-- grain: one row per survey
-- question: which surveys asked the same rated items, so that their answers can be read together?
with
surveys as (
    select * from core.survey
),

items as (
    select * from core.survey_item
),

-- Wordings are compared without case and spaces: exports differ in both.
item_signatures as (
    select
        survey_id,
        item_id,
        concat_ws(
            chr(31),
            item_id,
            lower(regexp_replace(trim(wording), '\s+', ' ', 'g')),
            construct,
            coalesce(scale_min::varchar, '?'),
            coalesce(scale_max::varchar, '?'),
            coalesce(is_reverse_scored, false)::varchar
        ) as signature
    from items
    where response_type in ('likert', 'number') and construct is not null
),

survey_signatures as (
    select
        survey_id,
        count(*) as n_items,
        'Q' || left(md5(string_agg(signature, chr(30) order by item_id)), 8) as questionnaire_id
    from item_signatures
    group by survey_id
),

survey_years as (
    select
        surveys.survey_id,
        survey_signatures.questionnaire_id,
        surveys.title as survey_title,
        cast(year(administered_date) + cast(month(administered_date) >= 7 as integer) as smallint) as school_year,
        surveys.administered_date,
        surveys.pd_activity_id,
        surveys.n_invited,
        coalesce(surveys.is_anonymous, true) as is_anonymous,
        coalesce(survey_signatures.n_items, 0) as n_items
    from surveys
    left join survey_signatures using (survey_id)
),

-- What all titles begin with, up to a whole word and without a year: the first and the last title of a
-- sorted list begin alike no longer than all of them do.
title_ends as (
    select
        questionnaire_id,
        min(survey_title) as first_title,
        max(survey_title) as last_title
    from survey_years
    where questionnaire_id is not null
    group by questionnaire_id
),

shared_beginnings as (
    select
        questionnaire_id,
        first_title,
        left(
            first_title,
            len(list_filter(
                range(1, least(len(first_title), len(last_title)) + 1),
                lambda n: left(first_title, n) = left(last_title, n)
            ))
        ) as beginning,
        first_title = last_title as is_one_title
    from title_ends
),

titles as (
    select
        questionnaire_id,
        case
            when is_one_title then first_title
            else rtrim(regexp_replace(regexp_replace(beginning, '\S+$', ''), '[\d\s:–—-]+$', ''))
        end as shared_title,
        first_title
    from shared_beginnings
),

questionnaires as (
    select
        survey_years.survey_id,
        survey_years.questionnaire_id,
        case
            when titles.questionnaire_id is null then survey_years.survey_title
            when len(titles.shared_title) >= 4 then titles.shared_title
            else titles.first_title || ' and others'
        end as questionnaire_title,
        survey_years.survey_title,
        survey_years.school_year,
        survey_years.administered_date,
        survey_years.pd_activity_id,
        survey_years.n_invited,
        survey_years.is_anonymous,
        survey_years.n_items
    from survey_years
    left join titles using (questionnaire_id)
)

select * from questionnaires
