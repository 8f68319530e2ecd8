-- grain: one row per survey response, kind of scale and scale
-- question: what did each respondent score on each construct and each level of evaluation?
with
surveys as (
    select * from core.survey
),

items as (
    select * from core.survey_item
),

responses as (
    select * from core.survey_response
),

answers as (
    select * from core.survey_answer
),

activities as (
    select * from core.pd_activity
),

staff_years as (
    select * from frames.staff_year
),

survey_years as (
    select
        *,
        cast(year(administered_date) + cast(month(administered_date) >= 7 as integer) as smallint) as school_year
    from surveys
),

-- An item is a question for the role when it is a choice and every answer to it is a role of the contract.
role_items as (
    select
        items.survey_id,
        min(items.item_id) as item_id
    from items
    where
        items.response_type = 'choice'
        and exists (
            from answers inner join responses using (response_id)
            where responses.survey_id = items.survey_id and answers.item_id = items.item_id
        )
        and not exists (
            from answers inner join responses using (response_id)
            where
                responses.survey_id = items.survey_id
                and answers.item_id = items.item_id
                and answers.value is not null
                and answers.value not in (
                    'teacher', 'instructional_coach', 'teacher_leader', 'assistant_principal', 'principal',
                    'central_office', 'other'
                )
        )
    group by items.survey_id
),

said_roles as (
    select
        responses.response_id,
        answers.value as role
    from role_items
    inner join responses using (survey_id)
    inner join answers using (response_id, item_id)
),

scaled_items as (
    select
        survey_id,
        item_id,
        unnest([
            struct_pack(scale_kind := 'construct', scale := construct),
            struct_pack(scale_kind := 'evaluation_level', scale := evaluation_level)
        ], recursive := true),
        scale_min,
        scale_max,
        coalesce(is_reverse_scored, false) as is_reverse_scored
    from items
    where response_type in ('likert', 'number')
),

-- A level of evaluation is averaged over items of one range only: others would mix scales.
scales as (
    select
        survey_id,
        scale_kind,
        scale,
        count(*) as n_items,
        case when count(distinct coalesce(scale_min, -1e300)) = 1 then min(scale_min) end as scale_min,
        case when count(distinct coalesce(scale_max, 1e300)) = 1 then max(scale_max) end as scale_max
    from scaled_items
    where scale is not null
    group by survey_id, scale_kind, scale
),

numbers as (
    select
        response_id,
        item_id,
        try_cast(value as double) as number
    from answers
),

item_scores as (
    select
        responses.response_id,
        responses.survey_id,
        scaled_items.scale_kind,
        scaled_items.scale,
        case
            when not scaled_items.is_reverse_scored then numbers.number
            else scaled_items.scale_min + scaled_items.scale_max - numbers.number
        end as item_score
    from numbers
    inner join responses using (response_id)
    inner join scaled_items
        on responses.survey_id = scaled_items.survey_id and numbers.item_id = scaled_items.item_id
    where
        scaled_items.scale is not null
        and numbers.number is not null
        and numbers.number >= coalesce(scaled_items.scale_min, numbers.number)
        and numbers.number <= coalesce(scaled_items.scale_max, numbers.number)
),

response_scores as (
    select
        response_id,
        survey_id,
        scale_kind,
        scale,
        count(item_score) as n_answered,
        avg(item_score) as mean_score
    from item_scores
    group by response_id, survey_id, scale_kind, scale
),

scores as (
    select
        response_scores.response_id,
        response_scores.survey_id,
        response_scores.scale_kind,
        response_scores.scale,
        survey_years.school_year,
        coalesce(responses.school_id, staff_years.school_id) as school_id,
        case when not coalesce(survey_years.is_anonymous, false) then responses.staff_id end as staff_id,
        coalesce(staff_years.role, said_roles.role) as respondent_role,
        coalesce(responses.pd_activity_id, survey_years.pd_activity_id) as pd_activity_id,
        activities.pd_type,
        scales.n_items,
        response_scores.n_answered,
        case when 2 * response_scores.n_answered >= scales.n_items then response_scores.mean_score end as score,
        case
            when 2 * response_scores.n_answered >= scales.n_items
                then (response_scores.mean_score - scales.scale_min) / (scales.scale_max - scales.scale_min)
        end as score_share
    from response_scores
    inner join scales using (survey_id, scale_kind, scale)
    inner join responses using (response_id)
    inner join survey_years on response_scores.survey_id = survey_years.survey_id
    left join said_roles using (response_id)
    left join staff_years
        on responses.staff_id = staff_years.staff_id
        and survey_years.school_year = staff_years.school_year
        and not coalesce(survey_years.is_anonymous, false)
    left join activities
        on coalesce(responses.pd_activity_id, survey_years.pd_activity_id) = activities.pd_activity_id
)

select * from scores
