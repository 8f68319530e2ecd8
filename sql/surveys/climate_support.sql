-- grain: one row per PD type and school year (none: all)
-- question: how supported are teachers in the schools of those who took part, by the climate surveys?
with
scores as (
    select * from frames.survey_score
),

attended as (
    select * from frames.staff_activity
),

staff_years as (
    select * from frames.staff_year
),

school_support as (
    select
        school_id,
        school_year,
        avg(score_share) as support,
        list(distinct survey_id) as survey_ids
    from scores
    where
        scale_kind = 'evaluation_level'
        and scale = 'organization_support'
        and pd_type is null
        and school_id is not null
        and score_share is not null
    group by school_id, school_year
    having count(*) >= $least_persons
),

-- A school's mean goes to the teachers who took part; no response is joined to a person.
participants as (
    select distinct
        attended.pd_type,
        attended.staff_id,
        attended.school_year,
        attended.school_id
    from attended
    inner join staff_years using (staff_id, school_year)
    where staff_years.is_teacher
),

supported as (
    select
        participants.pd_type,
        participants.staff_id,
        participants.school_year,
        participants.school_id,
        school_support.support,
        school_support.survey_ids
    from participants
    inner join school_support using (school_id, school_year)
),

by_year_and_all as (
    select * from supported
    union all by name
    select * exclude (school_year), cast(null as smallint) as school_year from supported
),

means as (
    select
        pd_type,
        school_year,
        avg(support) as mean_support,
        count(*) as n_rows,
        count(distinct staff_id) as n_persons,
        len(list_distinct(flatten(list(survey_ids)))) as n_surveys
    from by_year_and_all
    group by pd_type, school_year
),

clusters as (
    select
        by_year_and_all.pd_type,
        by_year_and_all.school_year,
        by_year_and_all.school_id,
        sum(by_year_and_all.support - means.mean_support) as deviation
    from by_year_and_all
    inner join means
        on by_year_and_all.pd_type = means.pd_type
        and by_year_and_all.school_year is not distinct from means.school_year
    group by all
),

variances as (
    select
        pd_type,
        school_year,
        count(*) as n_clusters,
        sum(deviation * deviation) as sum_of_squares
    from clusters
    group by pd_type, school_year
),

estimated as (
    select
        means.pd_type,
        means.school_year,
        'organization_support' as level,
        means.mean_support as value,
        sqrt(variances.n_clusters / nullif(variances.n_clusters - 1, 0) * variances.sum_of_squares)
        / means.n_rows as std_error,
        variances.n_clusters,
        means.n_persons,
        means.n_surveys
    from means
    inner join variances
        on means.pd_type = variances.pd_type and means.school_year is not distinct from variances.school_year
)

select * from estimated
order by all
