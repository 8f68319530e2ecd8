-- grain: one row per questionnaire, school year and rated item
-- question: how does each item work, where enough people answered to say so?
with
items as (
    select * from estimates.survey_item_statistic
),

judged as (
    select
        *,
        n_answers < $minimum_staff as is_suppressed
    from items
),

disclosed as (
    select
        * replace (
            case when not is_suppressed then mean end as mean,
            case when not is_suppressed then sd end as sd,
            case when not is_suppressed then floor_share end as floor_share,
            case when not is_suppressed then negative_share end as negative_share,
            case when not is_suppressed then neutral_share end as neutral_share,
            case when not is_suppressed then positive_share end as positive_share,
            case when not is_suppressed then ceiling_share end as ceiling_share,
            case when not is_suppressed then item_rest_r end as item_rest_r,
            case when not is_suppressed then scale_alpha end as scale_alpha,
            case when not is_suppressed then alpha_without end as alpha_without,
            case when not is_suppressed then alpha_turned end as alpha_turned,
            case when is_suppressed then 'of too few people to be shown' else note end as note
        )
    from judged
)

select * from disclosed
