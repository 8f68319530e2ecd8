-- grain: one row per school and school year with answers on trust, leadership, capacity building or collaboration
-- question: how do staff rate the four drivers of a system that learns, from 0 (lowest) to 1 (highest)?
with
scores as (
    select * from frames.survey_score
    where
        scale_kind = 'construct'
        and scale in ('trust', 'leadership', 'capacity_building', 'collaboration')
        and school_id is not null
        and score_share is not null
),

response_means as (
    select
        response_id,
        school_id,
        school_year,
        avg(score_share) as score_share
    from scores
    group by response_id, school_id, school_year
),

means as (
    select
        school_id,
        school_year,
        avg(score_share) as climate,
        count(*) as n_responses,
        stddev_samp(score_share) / sqrt(count(*)) as std_error
    from response_means
    group by school_id, school_year
),

intervals as (
    select
        means.school_id,
        means.school_year,
        means.climate,
        means.n_responses,
        greatest(0, means.climate - quantiles.quantile * means.std_error) as climate_low,
        least(1, means.climate + quantiles.quantile * means.std_error) as climate_high
    from means
    left join temp.t_quantile as quantiles on quantiles.df = least(means.n_responses - 1, 1000)
)

select * from intervals
