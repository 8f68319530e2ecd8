-- grain: one row per school, assessment, academic subject, school year and growth window
-- question: how did the students of each school grow, where do they stand, and what has the school added?
with
sizes as (
    select * from temp.school_size
),

windows as (
    select * from temp.growth_window
),

percentiles as (
    select * from temp.school_percentile
),

shrunk as (
    select * from temp.value_added_school
),

models as (
    select * from estimates.value_added_model
),

analysis as (
    select * from frames.value_added_analysis where roster_weight > 0
),

standing as (
    select
        school_id,
        assessment_id,
        academic_subject,
        school_year,
        growth_window,
        count(distinct student_id) as n_standing,
        sum(roster_weight * score_sd) / sum(roster_weight) as mean_score_sd,
        sum(roster_weight * prior_score_sd) / sum(roster_weight) as mean_prior_sd
    from analysis
    group by all
),

value_added as (
    select *, n_students >= $minimum_cell as is_shown
    from shrunk
),

growth as (
    select
        school_id,
        assessment_id,
        academic_subject,
        school_year,
        growth_window,
        sizes.n_students,
        sizes.n_students_weighted,
        percentiles.mean_sgp,
        percentiles.mean_sgp_se,
        percentiles.mean_sgp_ci_low,
        percentiles.mean_sgp_ci_high,
        percentiles.median_sgp,
        percentiles.median_sgp_ci_low,
        percentiles.median_sgp_ci_high,
        case when is_shown then value_added.value_added_sd end as value_added_sd,
        case when is_shown then value_added.std_error end as std_error,
        case when is_shown then value_added.value_added_sd - $normal_quantile * value_added.std_error end as ci_low,
        case when is_shown then value_added.value_added_sd + $normal_quantile * value_added.std_error end as ci_high,
        case when is_shown then value_added.reliability end as reliability,
        case when is_shown then value_added.gain_sd end as gain_sd,
        case when is_shown then value_added.gain_std_error end as gain_std_error,
        nullif(
            concat_ws(
                '; ',
                case
                    when percentiles.mean_sgp is null
                    then 'no percentiles: fewer than ' || $minimum_cell || ' students with one'
                end,
                case
                    when is_shown then value_added.note
                    when value_added.n_students is not null
                    then 'no value-added: fewer than ' || $minimum_cell || ' students'
                    when models.note like 'refused:%' then 'no value-added: ' || models.note
                    else 'no value-added: no student with a prior in the sample'
                end
            ),
            ''
        ) as note,
        case when standing.n_standing >= $minimum_cell then standing.mean_score_sd end as mean_score_sd,
        case when standing.n_standing >= $minimum_cell then standing.mean_prior_sd end as mean_prior_sd
    from sizes
    inner join windows using (window_number)
    left join percentiles using (school_id, window_number)
    left join value_added using (school_id, assessment_id, academic_subject, school_year, growth_window)
    left join models using (assessment_id, academic_subject, growth_window)
    left join standing using (school_id, assessment_id, academic_subject, school_year, growth_window)
)

select * from growth
