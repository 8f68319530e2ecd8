-- grain: one row per outcome with a percentile
-- question: at which percentile did the student grow, among students of the same year and of the baseline years?
insert into estimates.growth_percentile
with
outcomes as (
    select * from growth_outcome
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
        outcomes.student_id,
        outcomes.assessment_id,
        outcomes.academic_subject,
        outcomes.school_year,
        outcomes.growth_window,
        outcomes.grade_level,
        cohort.sgp,
        cohort.sgp_se,
        cohort.n_priors,
        cohort.norm_group,
        baseline.sgp as sgp_baseline,
        baseline.n_priors as baseline_n_priors
    from outcomes
    left join cohort using (outcome_number)
    left join baseline using (outcome_number)
    where cohort.sgp is not null or baseline.sgp is not null
)

select * from percentiles
