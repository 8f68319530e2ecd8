-- grain: one row per school (none: the district) and school year
-- question: what do respondents score on one scale, from 0 (lowest possible) to 1 (highest possible)?
with
scores as (
    select * from frames.survey_score
    where scale_kind = $scale_kind and scale = $scale and score_share is not null
),

scopes as (
    select unnest([true, false]) as is_district
),

placed as (
    select
        case when not scopes.is_district then scores.school_id end as school_id,
        scores.school_year,
        scores.survey_id,
        scores.score_share
    from scores
    cross join scopes
    where scopes.is_district or scores.school_id is not null
),

-- Answers about one session resemble each other: the error is of surveys, not of answers.
survey_sums as (
    select
        school_id,
        school_year,
        survey_id,
        count(*) as n,
        sum(score_share) as total
    from placed
    group by school_id, school_year, survey_id
),

means as (
    select
        school_id,
        school_year,
        sum(total) / sum(n) as value,
        sum(total) as numerator,
        sum(n) as denominator,
        count(*) as n_surveys
    from survey_sums
    group by school_id, school_year
),

residuals as (
    select
        survey_sums.school_id,
        survey_sums.school_year,
        sum((survey_sums.total - survey_sums.n * means.value) ** 2) as squares
    from survey_sums
    inner join means
        on survey_sums.school_year = means.school_year
        and survey_sums.school_id is not distinct from means.school_id
    group by survey_sums.school_id, survey_sums.school_year
),

errors as (
    select
        means.*,
        sqrt(residuals.squares * means.n_surveys / (means.n_surveys - 1)) / means.denominator as std_error
    from means
    inner join residuals
        on means.school_year = residuals.school_year
        and means.school_id is not distinct from residuals.school_id
    where means.n_surveys > 1
),

intervals as (
    select
        means.school_id,
        means.school_year,
        means.value,
        means.numerator,
        means.denominator,
        greatest(0, means.value - quantiles.quantile * errors.std_error) as ci_low,
        least(1, means.value + quantiles.quantile * errors.std_error) as ci_high,
        cast(means.denominator as bigint) as n_persons,
        case when errors.std_error is null then 'one survey: no interval' end as note
    from means
    left join errors
        on means.school_year = errors.school_year
        and means.school_id is not distinct from errors.school_id
    left join temp.t_quantile as quantiles on quantiles.df = least(errors.n_surveys - 1, 1000)
)

select * from intervals
