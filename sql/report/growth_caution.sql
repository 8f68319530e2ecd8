-- grain: one row per assessment, academic subject, school year, growth window, topic and group that it is about
-- question: what limits the growth percentiles of the report year?
with
build as (
    select report_year from meta.build
),

norm_groups as (
    select norm_group.*
    from estimates.norm_group as norm_group
    semi join build on norm_group.school_year = build.report_year
    where norm_group.reference = 'cohort'
),

results as (
    select * from frames.scored_result where linked_from is null
),

histories as (
    select growth_history.*
    from frames.growth_history as growth_history
    semi join build on growth_history.school_year = build.report_year
),

-- A group of more priors is part of the group of its first: it leaves nobody without a percentile.
grades as (
    select
        assessment_id,
        academic_subject,
        school_year,
        growth_window,
        grade_level,
        sum(n_students) as n_tested
    from norm_groups
    where n_priors <= 1
    group by all
),

bunched as (
    select
        assessment_id, academic_subject, school_year, growth_window,
        unnest(['floor', 'ceiling']) as topic,
        norm_group as group_name,
        grade_level,
        unnest([floor_share, ceiling_share]) as share,
        unnest(['lowest', 'highest']) as score,
        unnest(['below', 'above']) as beyond,
        n_students as n_group
    from norm_groups
    where is_estimated
),

at_an_end as (
    select
        assessment_id, academic_subject, school_year, growth_window, topic, group_name,
        round(share * n_group)::bigint as n_students,
        share,
        'Grade ' || grade_level || ': {who} ({share}) have the ' || score
        || ' score that the test gives; growth ' || beyond || ' it is not seen.' as text
    from bunched
    where share > $bunched_share
),

-- In groups of few students a cell of prior decile by percentile decile deviates by chance.
poorly_fitted as (
    select
        assessment_id, academic_subject, school_year, growth_window,
        'fit' as topic,
        norm_group as group_name,
        n_students,
        null::double as share,
        'Grade ' || grade_level || ': percentiles are not spread evenly at every prior score; a tenth of them'
        || ' misses its 10% by ' || round(100 * fit_deviation)::bigint || ' points.' as text
    from norm_groups
    where is_estimated
    and fit_deviation > $fit_deviation + $fit_errors * sqrt(0.09 * 10 / n_students)
),

without_prior as (
    select
        assessment_id, academic_subject, school_year, growth_window,
        'no_prior' as topic,
        'grade ' || grade_level as group_name,
        sum(n_students)::bigint as n_students,
        sum(n_students) / any_value(grades.n_tested) as share,
        'Grade ' || grade_level || ': {who} ({share}) have no earlier score that growth could start from.' as text
    from norm_groups
    inner join grades using (assessment_id, academic_subject, school_year, growth_window, grade_level)
    where n_priors = 0
    group by all
),

in_small_groups as (
    select
        assessment_id, academic_subject, school_year, growth_window,
        'small_norm_group' as topic,
        'grade ' || grade_level as group_name,
        sum(n_students)::bigint as n_students,
        sum(n_students) / any_value(grades.n_tested) as share,
        'Grade ' || grade_level || ': {who} ({share}) came by a path that too few others took; they have no'
        || ' percentile among students of the same year.' as text
    from norm_groups
    inner join grades using (assessment_id, academic_subject, school_year, growth_window, grade_level)
    where n_priors = 1 and not is_estimated
    group by all
),

with_history as (
    select
        assessment_id, academic_subject, school_year, growth_window,
        count(distinct student_id) as n_history
    from histories
    group by all
),

with_linked_prior as (
    select
        assessment_id, academic_subject, school_year, growth_window,
        'linked' as topic,
        prior_linked_from as group_name,
        count(distinct student_id) as n_students,
        count(distinct student_id) / any_value(with_history.n_history) as share,
        'For {who} ({share}) an earlier score is from ' || prior_linked_from || ', put on the scale of '
        || assessment_id || ' by equal ranks; their growth carries the error of that link.' as text
    from histories
    inner join with_history using (assessment_id, academic_subject, school_year, growth_window)
    where prior_linked_from is not null
    group by all
),

windows as (
    select distinct assessment_id, academic_subject, school_year, growth_window
    from norm_groups
),

outcomes as (
    select
        windows.*,
        results.student_id
    from windows
    inner join results
        on windows.assessment_id = results.assessment_id
        and windows.academic_subject = results.academic_subject
        and windows.school_year = results.school_year
        and split_part(windows.growth_window, '_to_', 2) = results.term
),

without_history as (
    select *
    from outcomes
    anti join histories using (student_id, assessment_id, academic_subject, school_year, growth_window)
),

ended as (
    select
        assessment_id as ended_assessment_id,
        academic_subject,
        max(school_year) as last_school_year
    from results
    group by all
),

earlier as (
    select distinct
        student_id,
        assessment_id as ended_assessment_id,
        academic_subject,
        school_year
    from results
),

with_unlinked_score as (
    select
        assessment_id, academic_subject, school_year, growth_window,
        'not_linked' as topic,
        ended_assessment_id as group_name,
        count(distinct student_id) as n_students,
        null::double as share,
        '{who} have a score of the year before on ' || ended_assessment_id || ', which is not linked to '
        || assessment_id || ': their growth begins anew.' as text
    from without_history
    inner join ended using (academic_subject)
    semi join earlier
        on without_history.student_id = earlier.student_id
        and without_history.academic_subject = earlier.academic_subject
        and ended.ended_assessment_id = earlier.ended_assessment_id
        and without_history.school_year - 1 = earlier.school_year
    where ended.last_school_year < without_history.school_year
    and ended.ended_assessment_id <> without_history.assessment_id
    group by all
),

cautions as (
    select * from at_an_end
    union all
    select * from poorly_fitted
    union all
    select * from without_prior
    union all
    select * from in_small_groups
    union all
    select * from with_linked_prior
    union all
    select * from with_unlinked_score
),

disclosed_cautions as (
    select
        assessment_id,
        academic_subject,
        school_year,
        growth_window,
        topic,
        group_name,
        case when n_students >= $minimum_cell then n_students end as n_students,
        case when n_students >= $minimum_cell then share end as share,
        replace(
            replace(
                text,
                '{who}',
                case
                    when n_students >= $minimum_cell then format('{:,} students', n_students)
                    else 'fewer than ' || $minimum_cell || ' students'
                end
            ),
            ' ({share})',
            case
                when n_students < $minimum_cell or share is null then ''
                when round(100 * share) = 0 then ' (under 1%)'
                else ' (' || round(100 * share)::bigint || '%)'
            end
        ) as text
    from cautions
)

select * from disclosed_cautions
