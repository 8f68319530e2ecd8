-- grain: one row per norm group, and one per grade of students without a prior
-- question: who was compared with whom, for whom was no percentile possible, and did scores bunch at an end?
insert into estimates.norm_group
with
results as (
    select rowid as result_row, assessment_id, academic_subject, school_year, term, grade_level, scale_score
    from frames.scored_result
    where linked_from is null and grade_level is not null
),

outcomes as (
    select growth_outcome.result_row, growth_outcome.scale_score, growth_path.*
    from growth_outcome
    inner join growth_path using (path_number)
),

fitted as (
    select * from growth_fitted
),

ranges as (
    select
        assessment_id,
        academic_subject,
        school_year,
        term,
        grade_level,
        min(scale_score) as lowest,
        max(scale_score) as highest
    from results
    group by all
),

ends as (
    select
        outcomes.path_number,
        count(*) as n_students,
        count(*) filter (outcomes.scale_score = ranges.lowest) as n_lowest,
        count(*) filter (outcomes.scale_score = ranges.highest) as n_highest
    from outcomes
    inner join ranges using (assessment_id, academic_subject, school_year, term, grade_level)
    group by outcomes.path_number
),

fitted_paths as (
    select
        reference, norm_group, assessment_id, academic_subject, growth_window, school_year, unnest(paths) as path_number
    from fitted
),

fitted_ends as (
    select
        reference,
        norm_group,
        assessment_id,
        academic_subject,
        growth_window,
        school_year,
        sum(n_lowest) / sum(n_students) as floor_share,
        sum(n_highest) / sum(n_students) as ceiling_share
    from fitted_paths
    inner join ends using (path_number)
    group by all
),

described as (
    select
        fitted.assessment_id,
        fitted.academic_subject,
        fitted.school_year,
        fitted.growth_window,
        fitted.reference,
        fitted.norm_group,
        fitted.grade_level,
        fitted.n_priors,
        fitted.n_students,
        fitted.n_distinct,
        fitted.is_estimated,
        fitted_ends.floor_share,
        fitted_ends.ceiling_share,
        fitted.fit_deviation,
        nullif(
            concat_ws(
                '; ',
                fitted.note,
                case
                    when fitted_ends.floor_share > $bunched_share
                        then format(
                            '{:.0f} % of the students have the lowest score: growth below it is not seen',
                            100 * fitted_ends.floor_share
                        )
                end,
                case
                    when fitted_ends.ceiling_share > $bunched_share
                        then format(
                            '{:.0f} % of the students have the highest score: growth beyond it is not seen',
                            100 * fitted_ends.ceiling_share
                        )
                end
            ),
            ''
        ) as note
    from fitted
    left join fitted_ends
        using (reference, norm_group, assessment_id, academic_subject, growth_window, school_year)
),

windows as (
    select distinct assessment_id, academic_subject, school_year, growth_window, term
    from growth_path
),

without_prior as (
    select
        results.assessment_id,
        results.academic_subject,
        results.school_year,
        windows.growth_window,
        'cohort' as reference,
        concat(
            results.school_year, case when results.term <> 'spring' then ' ' || results.term else '' end,
            '/', results.academic_subject, '_', results.grade_level
        ) as norm_group,
        results.grade_level,
        0 as n_priors,
        count(*) as n_students,
        0 as n_distinct,
        false as is_estimated,
        null::double as floor_share,
        null::double as ceiling_share,
        null::double as fit_deviation,
        'no prior score in the window' as note
    from results
    inner join windows using (assessment_id, academic_subject, school_year, term)
    anti join outcomes using (result_row, growth_window)
    group by all
)

select * from described
union all
select * from without_prior
