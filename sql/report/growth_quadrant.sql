-- grain: one row per school, assessment, academic subject, school year and growth window
-- question: where do the students of each school stand, and how did they grow?
with
growth as (
    select * from estimates.school_growth
),

schools as (
    select * from core.school
),

named_growth as (
    select
        growth.*,
        coalesce(schools.school_name, school_id) as school_name,
        growth.n_students < $minimum_cell as is_suppressed
    from growth
    left join schools using (school_id)
),

-- A direction of growth is told only where the interval of the median leaves one.
placed_growth as (
    select
        *,
        case
            when median_sgp is null or mean_score_sd is null then null
            when median_sgp_ci_low > 50 then 'higher'
            when median_sgp_ci_high < 50 then 'lower'
            else 'unclear'
        end as growth,
        case when mean_score_sd >= 0 then 'higher' else 'lower' end as status
    from named_growth
),

quadrants as (
    select
        *,
        case when growth = 'unclear' then growth else status || ' status, ' || growth || ' growth' end as quadrant
    from placed_growth
),

disclosed_growth as (
    select
        school_id,
        school_name,
        assessment_id,
        academic_subject,
        school_year,
        growth_window,
        case when not is_suppressed then n_students end as n_students,
        case when not is_suppressed then mean_score_sd end as mean_score_sd,
        case when not is_suppressed then mean_prior_sd end as mean_prior_sd,
        case when not is_suppressed then median_sgp end as median_sgp,
        case when not is_suppressed then median_sgp_ci_low end as median_sgp_ci_low,
        case when not is_suppressed then median_sgp_ci_high end as median_sgp_ci_high,
        case when not is_suppressed then value_added_sd end as value_added_sd,
        case when not is_suppressed then std_error end as std_error,
        case when not is_suppressed then quadrant end as quadrant,
        is_suppressed
    from quadrants
)

select * from disclosed_growth
