-- grain: one row per outcome with a percentile
-- question: at which percentile did the student grow, among students of the same year and of the baseline years?
insert into estimates.growth_percentile
with
outcomes as (
    select rowid as outcome_number, path_number, result_row
    from growth_outcome
),

paths as (
    select * from growth_path
),

results as (
    select rowid as result_row, student_id
    from frames.scored_result
),

cohort as (
    select * from growth_placed
    where reference = 'cohort'
),

baseline as (
    select * from growth_placed
    where reference = 'baseline'
),

percentiles as (
    select
        results.student_id,
        paths.assessment_id,
        paths.academic_subject,
        paths.school_year,
        paths.growth_window,
        paths.grade_level,
        cohort.sgp,
        cohort.sgp_se,
        cohort.n_priors,
        cohort.norm_group,
        baseline.sgp as sgp_baseline,
        baseline.n_priors as baseline_n_priors
    from outcomes
    inner join paths using (path_number)
    inner join results using (result_row)
    left join cohort using (outcome_number)
    left join baseline using (outcome_number)
    where cohort.sgp is not null or baseline.sgp is not null
)

select * from percentiles
