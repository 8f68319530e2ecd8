-- grain: one row per survey or questionnaire and school year, basis and group
-- question: who answered, in groups large enough to be shown?
with
responses as (
    select * from estimates.survey_response
),

judged as (
    select
        *,
        coalesce(n_invited < $minimum_staff, false) as is_suppressed
    from responses
),

disclosed as (
    select
        * replace (
            case when not is_suppressed then n_invited end as n_invited,
            case when not is_suppressed then n_responses end as n_responses,
            case when not is_suppressed then response_rate end as response_rate,
            case when not is_suppressed then ci_low end as ci_low,
            case when not is_suppressed then ci_high end as ci_high,
            case when not is_suppressed then weight end as weight,
            case when is_suppressed then 'of too few people to be shown' else note end as note
        )
    from judged
)

select * from disclosed
