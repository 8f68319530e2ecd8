-- grain: one row per PD type with answers about it in the report year
-- question: what do those who attended say of it, from 0 (worst) to 1 (best possible)?
with
scores as (
    select * from frames.survey_score
),

reactions as (
    select
        pd_type,
        count(*) as n_responses,
        avg(score_share) as mean_share,
        stddev_samp(score_share) as sd_share
    from scores
    where
        scale_kind = 'evaluation_level'
        and scale = 'reaction'
        and school_year = $report_year
        and pd_type is not null
        and score_share is not null
    group by pd_type
)

select * from reactions
order by pd_type
