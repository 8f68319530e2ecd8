-- grain: one row per level, measure, assessment, academic subject, growth window and school year with a year before it
-- question: how far does a teacher's or school's growth of last year tell that of this year?
with
teachers as (
    select * from estimates.teacher_growth
),

schools as (
    select * from estimates.school_growth
),

-- Numbers of fewer than $minimum_cell students are empty there, and so not here.
measured as (
    select
        'teacher' as level,
        staff_id as group_id,
        assessment_id,
        academic_subject,
        school_year,
        growth_window,
        unnest(['gain_sd', 'mean_sgp']) as measure,
        unnest([gain_sd, mean_sgp]) as value
    from teachers
    union all
    select
        'school' as level,
        school_id as group_id,
        assessment_id,
        academic_subject,
        school_year,
        growth_window,
        unnest(['gain_sd', 'mean_sgp']) as measure,
        unnest([gain_sd, mean_sgp]) as value
    from schools
),

known as (
    select * from measured where value is not null
),

pairs as (
    select
        this_year.level,
        this_year.measure,
        this_year.assessment_id,
        this_year.academic_subject,
        this_year.school_year,
        this_year.growth_window,
        this_year.value as value,
        last_year.value as value_before
    from known as this_year
    inner join known as last_year
        on this_year.level = last_year.level
        and this_year.measure = last_year.measure
        and this_year.group_id = last_year.group_id
        and this_year.assessment_id = last_year.assessment_id
        and this_year.academic_subject = last_year.academic_subject
        and this_year.growth_window = last_year.growth_window
        and this_year.school_year - 1 = last_year.school_year
),

correlated as (
    select
        level,
        measure,
        assessment_id,
        academic_subject,
        school_year,
        growth_window,
        count(*) as n_groups,
        case
            when count(*) >= $minimum_cell and stddev_pop(value) > 0 and stddev_pop(value_before) > 0
            then corr(value, value_before)
        end as correlation
    from pairs
    group by all
),

-- Fisher (1921): atanh of a correlation has the standard error 1 / sqrt(n - 3). At 1 it has no end.
stability as (
    select
        level,
        measure,
        assessment_id,
        academic_subject,
        school_year,
        growth_window,
        n_groups,
        correlation,
        case
            when abs(correlation) < 1
            then tanh(atanh(correlation) - $normal_quantile / sqrt(n_groups - 3))
        end as ci_low,
        case
            when abs(correlation) < 1
            then tanh(atanh(correlation) + $normal_quantile / sqrt(n_groups - 3))
        end as ci_high
    from correlated
)

select * from stability
