-- grain: one row per PD type, school year (none: all) and level of evaluation that surveys about the type ask for
-- question: what did participants answer at each of Guskey's levels, and how sure is the mean?
with
scores as (
    select * from frames.survey_score
),

-- An anonymous response has no staff_id here; it counts as one person.
of_types as (
    select
        pd_type,
        scale as level,
        school_year,
        survey_id,
        coalesce(pd_activity_id, survey_id) as cluster_id,
        coalesce(staff_id, response_id) as respondent,
        score_share
    from scores
    where scale_kind = 'evaluation_level' and pd_type is not null and score_share is not null
),

by_year_and_all as (
    select * from of_types
    union all by name
    select * exclude (school_year), cast(null as smallint) as school_year from of_types
),

means as (
    select
        pd_type,
        school_year,
        level,
        avg(score_share) as mean_share,
        count(*) as n_responses,
        count(distinct respondent) as n_persons,
        count(distinct survey_id) as n_surveys
    from by_year_and_all
    group by pd_type, school_year, level
),

-- Answers about one activity are alike: the sum of deviations of each activity is what varies.
clusters as (
    select
        by_year_and_all.pd_type,
        by_year_and_all.school_year,
        by_year_and_all.level,
        by_year_and_all.cluster_id,
        sum(by_year_and_all.score_share - means.mean_share) as deviation
    from by_year_and_all
    inner join means
        on by_year_and_all.pd_type = means.pd_type
        and by_year_and_all.school_year is not distinct from means.school_year
        and by_year_and_all.level = means.level
    group by all
),

variances as (
    select
        pd_type,
        school_year,
        level,
        count(*) as n_clusters,
        sum(deviation * deviation) as sum_of_squares
    from clusters
    group by pd_type, school_year, level
),

estimated as (
    select
        means.pd_type,
        means.school_year,
        means.level,
        means.mean_share as value,
        sqrt(variances.n_clusters / nullif(variances.n_clusters - 1, 0) * variances.sum_of_squares)
        / means.n_responses as std_error,
        variances.n_clusters,
        means.n_persons,
        means.n_surveys
    from means
    inner join variances
        on means.pd_type = variances.pd_type
        and means.school_year is not distinct from variances.school_year
        and means.level = variances.level
)

select * from estimated
order by all
