-- grain: one row per survey, and one per questionnaire and school year with several surveys (survey_id empty)
-- question: how many of the invited answered?
with
counted_surveys as (
    select * from survey_size
),

by_survey as (
    select
        survey_id,
        questionnaire_id,
        survey_title as title,
        school_year,
        1 as n_surveys,
        n_invited,
        n_responses,
        invited_from,
        n_responses as n_counted
    from counted_surveys
),

-- Surveys that do not know how many were invited leave numerator and denominator together.
by_questionnaire as (
    select
        null as survey_id,
        questionnaire_id,
        any_value(questionnaire_title) as title,
        school_year,
        count(*) as n_surveys,
        sum(n_invited) as n_invited,
        sum(n_responses) as n_responses,
        min(invited_from) as invited_from,
        sum(n_responses) filter (n_invited is not null) as n_counted
    from counted_surveys
    where questionnaire_id is not null
    group by questionnaire_id, school_year
    having count(*) > 1
),

rates as (
    from by_survey
    union all by name
    from by_questionnaire
),

judged_rates as (
    select
        survey_id,
        questionnaire_id,
        title,
        school_year,
        'invited' as basis,
        'all' as group_kind,
        'all' as group_value,
        n_surveys,
        cast(n_invited as bigint) as n_invited,
        cast(n_responses as bigint) as n_responses,
        invited_from,
        case when n_counted <= n_invited and n_invited > 0 then n_counted / n_invited end as response_rate,
        case when n_counted <= n_invited and n_invited > 0 then wilson_low(n_counted, n_invited) end as ci_low,
        case when n_counted <= n_invited and n_invited > 0 then wilson_high(n_counted, n_invited) end as ci_high,
        case
            when n_invited is null or n_invited = 0 then 'how many were invited is not known'
            when n_counted > n_invited then 'more responses than people invited: no rate'
            when n_counted < n_responses then 'the rate is of surveys that say how many were invited'
        end as note
    from rates
)

select * from judged_rates
