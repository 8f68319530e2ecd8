-- grain: one row per subgroup, assessment, academic subject, school year and growth window
-- question: how did the students of each subgroup grow?
with
sizes as (
    select * from temp.subgroup_size
),

windows as (
    select * from temp.growth_window
),

percentiles as (
    select * from temp.subgroup_percentile
),

gains as (
    select * from temp.subgroup_gain
),

growth as (
    select
        subgroup,
        assessment_id,
        academic_subject,
        school_year,
        growth_window,
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
                end
            ),
            ''
        ) as note
    from sizes
    inner join windows using (window_number)
    left join percentiles using (subgroup, window_number)
    left join gains using (subgroup, window_number)
)

select * from growth
