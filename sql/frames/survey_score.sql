-- grain: one row per survey response, kind of scale and scale
-- question: what did each respondent score on each construct and each level of evaluation?
with
respondents as (
    select * from frames.survey_respondent
),

item_scores as (
    select * from frames.survey_item_score
),

items as (
    select * from core.survey_item
    where response_type in ('likert', 'number')
),

scaled_items as (
    select
        survey_id,
        scale_min,
        scale_max,
        unnest([
            struct_pack(scale_kind := 'construct', scale := construct),
            struct_pack(scale_kind := 'evaluation_level', scale := evaluation_level)
        ], recursive := true)
    from items
),

-- Items of different ranges are never averaged: 4 of 5 and 4 of 10 do not mean the same.
scales as (
    select
        survey_id,
        scale_kind,
        scale,
        count(*) as n_items,
        min(scale_min) as scale_min,
        max(scale_max) as scale_max,
        count(distinct struct_pack(low := coalesce(scale_min, -1e300), high := coalesce(scale_max, 1e300)))
        = 1 as has_one_range
    from scaled_items
    where scale is not null
    group by survey_id, scale_kind, scale
),

scale_answers as (
    select
        response_id,
        survey_id,
        score,
        unnest([
            struct_pack(scale_kind := 'construct', scale := construct),
            struct_pack(scale_kind := 'evaluation_level', scale := evaluation_level)
        ], recursive := true)
    from item_scores
),

response_scores as (
    select
        response_id,
        survey_id,
        scale_kind,
        scale,
        count(*) as n_answered,
        avg(score) as mean_score
    from scale_answers
    where scale is not null
    group by response_id, survey_id, scale_kind, scale
),

judged_scores as (
    select
        response_scores.response_id,
        response_scores.survey_id,
        response_scores.scale_kind,
        response_scores.scale,
        scales.n_items,
        response_scores.n_answered,
        case
            when scales.has_one_range and 2 * response_scores.n_answered >= scales.n_items
                then response_scores.mean_score
        end as score,
        scales.scale_min,
        scales.scale_max
    from response_scores
    inner join scales using (survey_id, scale_kind, scale)
),

scores as (
    select
        judged_scores.response_id,
        judged_scores.survey_id,
        judged_scores.scale_kind,
        judged_scores.scale,
        respondents.school_year,
        respondents.school_id,
        respondents.staff_id,
        respondents.respondent_role,
        respondents.pd_activity_id,
        respondents.pd_type,
        judged_scores.n_items,
        judged_scores.n_answered,
        judged_scores.score,
        (judged_scores.score - judged_scores.scale_min)
        / (judged_scores.scale_max - judged_scores.scale_min) as score_share
    from judged_scores
    inner join respondents using (response_id)
)

select * from scores
