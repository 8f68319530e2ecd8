-- grain: one row per scale score of a construct
-- question: what was said when, to the same items?
with
surveys as (
    select * from frames.survey_questionnaire
),

items as (
    select * from core.survey_item
    where response_type in ('likert', 'number') and construct is not null
),

-- The same ids, wordings, scales and directions: a questionnaire may have gained items elsewhere.
construct_signatures as (
    select
        survey_id,
        construct,
        count(*) as n_items,
        md5(string_agg(
            concat_ws(
                chr(31),
                item_id,
                lower(regexp_replace(trim(wording), '\s+', ' ', 'g')),
                coalesce(scale_min::varchar, '?'),
                coalesce(scale_max::varchar, '?'),
                coalesce(is_reverse_scored, false)::varchar
            ),
            chr(30)
            order by item_id
        )) as signature
    from items
    group by survey_id, construct
),

scores as (
    select * from frames.survey_score
    where scale_kind = 'construct' and score is not null
),

change_scores as (
    select
        scores.scale as construct,
        construct_signatures.signature,
        construct_signatures.n_items,
        surveys.questionnaire_id,
        surveys.questionnaire_title,
        scores.survey_id,
        scores.school_year,
        surveys.administered_date,
        surveys.pd_activity_id,
        scores.staff_id,
        scores.score
    from scores
    inner join surveys using (survey_id)
    inner join construct_signatures
        on scores.survey_id = construct_signatures.survey_id and scores.scale = construct_signatures.construct
)

select * from change_scores
order by construct, signature, administered_date, survey_id, staff_id, score
