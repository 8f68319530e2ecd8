-- grain: one row per teacher, assessment, academic subject, school year and growth window
-- question: how did the students of each teacher grow, and what has the teacher added?
with
sizes as (
    select * from temp.teacher_size
),

windows as (
    select * from temp.growth_window
),

percentiles as (
    select * from temp.teacher_percentile
),

shrunk as (
    select * from temp.value_added_teacher
),

models as (
    select * from estimates.value_added_model
),

members as (
    select * from temp.growth_row
),

taught as (
    select
        staff_id,
        assessment_id,
        academic_subject,
        school_year,
        growth_window,
        school_id,
        sum(roster_weight) as weight
    from members
    group by all
),

homes as (
    select
        staff_id,
        assessment_id,
        academic_subject,
        school_year,
        growth_window,
        first(school_id order by weight desc, school_id) as school_id
    from taught
    group by all
),

value_added as (
    select *, n_students >= $minimum_cell as is_shown
    from shrunk
),

growth as (
    select
        staff_id,
        assessment_id,
        academic_subject,
        school_year,
        growth_window,
        homes.school_id,
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
        ) as note
    from sizes
    inner join windows using (window_number)
    left join percentiles using (staff_id, window_number)
    left join value_added using (staff_id, assessment_id, academic_subject, school_year, growth_window)
    left join models using (assessment_id, academic_subject, growth_window)
    left join homes using (staff_id, assessment_id, academic_subject, school_year, growth_window)
)

select * from growth
