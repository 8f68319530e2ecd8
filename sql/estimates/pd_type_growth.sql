-- grain: one row per PD type, whether the teacher took part, assessment, academic subject, school year and growth window
-- question: how did students of teachers with aligned hours of the type grow, and how the others?
with
sizes as (
    select * from temp.pd_type_size
),

windows as (
    select * from temp.growth_window
),

percentiles as (
    select * from temp.pd_type_percentile
),

gains as (
    select * from temp.pd_type_gain
),

members as (
    select * from temp.growth_row
),

undated as (
    select
        assessment_id,
        academic_subject,
        school_year,
        growth_window,
        count(distinct student_id) as n_undated
    from members
    where window_end is null
    group by all
),

growth as (
    select
        pd_type,
        is_participant,
        assessment_id,
        academic_subject,
        school_year,
        growth_window,
        sizes.n_staff,
        sizes.n_schools,
        sizes.n_students,
        sizes.n_students_weighted,
        percentiles.mean_sgp,
        percentiles.mean_sgp_se,
        percentiles.mean_sgp_ci_low,
        percentiles.mean_sgp_ci_high,
        percentiles.median_sgp,
        percentiles.median_sgp_ci_low,
        percentiles.median_sgp_ci_high,
        gains.gain_sd,
        gains.gain_std_error,
        gains.gain_ci_low,
        gains.gain_ci_high,
        nullif(
            concat_ws(
                '; ',
                case
                    when percentiles.mean_sgp is null
                    then 'no percentiles: fewer than ' || $minimum_cell || ' students with one'
                end,
                case
                    when gains.gain_sd is null
                    then 'no residual gain: fewer than ' || $minimum_cell || ' students with one'
                end,
                case
                    when percentiles.mean_sgp is not null and percentiles.mean_sgp_se is null
                    or gains.gain_sd is not null and gains.gain_std_error is null
                    then 'one school: no interval'
                end,
                case
                    when undated.n_undated > 0
                    then 'students left out, whose growth has another prior than exposure is counted from: '
                    || case
                        when undated.n_undated < $minimum_cell then 'fewer than ' || $minimum_cell
                        else undated.n_undated::varchar
                    end
                end
            ),
            ''
        ) as note
    from sizes
    inner join windows using (window_number)
    left join percentiles using (pd_type, is_participant, window_number)
    left join gains using (pd_type, is_participant, window_number)
    left join undated using (assessment_id, academic_subject, school_year, growth_window)
)

select * from growth
