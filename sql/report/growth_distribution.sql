-- grain: one row per kind of group, group, assessment, academic subject, school year and growth window
-- question: how do growth percentiles spread in schools, among students of participants of each PD type, in subgroups?
with
percentiles as (
    select * from estimates.growth_percentile where sgp is not null
),

links as (
    select * from frames.student_teacher_link where roster_weight > 0
),

first_priors as (
    select * from frames.growth_history where prior_number = 1
),

growth_days as (
    select * from frames.student_growth where has_growth_window
),

exposure as (
    select * from frames.teacher_year_exposure where aligned_hours > 0
),

results as (
    select * from frames.scored_result
),

schools as (
    select * from core.school
),

school_medians as (
    select * from estimates.school_growth
),

pd_type_medians as (
    select * from estimates.pd_type_growth where is_participant
),

subgroup_medians as (
    select * from estimates.subgroup_growth
),

linked as (
    select
        percentiles.student_id,
        links.staff_id,
        links.school_id,
        percentiles.assessment_id,
        percentiles.academic_subject,
        percentiles.school_year,
        percentiles.growth_window,
        links.roster_weight,
        percentiles.sgp
    from percentiles
    inner join links using (student_id, academic_subject, school_year)
),

-- Exposure is counted in the windows of student_growth: it belongs to growth from the same prior only.
dated as (
    select
        linked.*,
        growth_days.window_start,
        growth_days.window_end
    from linked
    inner join first_priors using (student_id, assessment_id, academic_subject, school_year, growth_window)
    inner join growth_days
        on linked.student_id = growth_days.student_id
        and linked.assessment_id = growth_days.assessment_id
        and linked.academic_subject = growth_days.academic_subject
        and linked.school_year = growth_days.school_year
        and split_part(linked.growth_window, '_to_', 2) = growth_days.term
        and first_priors.prior_school_year = growth_days.prior_school_year
        and first_priors.prior_term = growth_days.prior_term
),

of_participants as (
    select dated.*, exposure.pd_type
    from dated
    inner join exposure using (staff_id, academic_subject, school_year, window_start, window_end)
),

with_subgroups as (
    select
        linked.*,
        unnest([
            'all',
            'grade_level=' || results.grade_level,
            'is_english_learner=' || results.is_english_learner,
            'is_swd=' || results.is_swd,
            'is_economically_disadvantaged=' || results.is_economically_disadvantaged,
            'is_gifted=' || results.is_gifted,
            'sex=' || results.sex
        ]) as subgroup
    from linked
    left join results
        on linked.student_id = results.student_id
        and linked.assessment_id = results.assessment_id
        and linked.academic_subject = results.academic_subject
        and linked.school_year = results.school_year
        and split_part(linked.growth_window, '_to_', 2) = results.term
),

members as (
    select
        'school' as group_kind, school_id as group_id, student_id, staff_id, assessment_id, academic_subject,
        school_year, growth_window, sgp, roster_weight
    from linked
    union all
    select
        'pd_type', pd_type, student_id, staff_id, assessment_id, academic_subject,
        school_year, growth_window, sgp, roster_weight
    from of_participants
    union all
    select
        'subgroup', subgroup, student_id, staff_id, assessment_id, academic_subject,
        school_year, growth_window, sgp, roster_weight
    from with_subgroups
    where subgroup is not null
),

sizes as (
    select
        group_kind, group_id, assessment_id, academic_subject, school_year, growth_window,
        count(distinct student_id) as n_students,
        count(distinct staff_id) as n_staff
    from members
    group by all
),

weights as (
    select
        group_kind, group_id, assessment_id, academic_subject, school_year, growth_window, sgp,
        sum(roster_weight) as weight
    from members
    group by all
),

-- Share of the weight at a percentile or below it.
shares as (
    select *, sum(weight) over up_to / sum(weight) over whole as share_to
    from weights
    window
        whole as (
            partition by group_kind, group_id, assessment_id, academic_subject, school_year, growth_window
        ),
        up_to as (
            partition by group_kind, group_id, assessment_id, academic_subject, school_year, growth_window
            order by sgp
        )
),

-- Where a share is reached exactly, its quantile lies midway to the next percentile, as the median of estimates.
quantiles as (
    select
        group_kind, group_id, assessment_id, academic_subject, school_year, growth_window,
        (min(sgp) filter (share_to >= 0.1 - $rounding) + min(sgp) filter (share_to > 0.1 + $rounding)) / 2 as sgp_p10,
        (min(sgp) filter (share_to >= 0.25 - $rounding) + min(sgp) filter (share_to > 0.25 + $rounding)) / 2 as sgp_p25,
        (min(sgp) filter (share_to >= 0.5 - $rounding) + min(sgp) filter (share_to > 0.5 + $rounding)) / 2 as sgp_p50,
        (min(sgp) filter (share_to >= 0.75 - $rounding) + min(sgp) filter (share_to > 0.75 + $rounding)) / 2 as sgp_p75,
        (min(sgp) filter (share_to >= 0.9 - $rounding) + min(sgp) filter (share_to > 0.9 + $rounding)) / 2 as sgp_p90
    from shares
    group by all
),

medians as (
    select
        'school' as group_kind, school_id as group_id, assessment_id, academic_subject, school_year,
        growth_window, median_sgp_ci_low, median_sgp_ci_high
    from school_medians
    union all
    select
        'pd_type', pd_type, assessment_id, academic_subject, school_year,
        growth_window, median_sgp_ci_low, median_sgp_ci_high
    from pd_type_medians
    union all
    select
        'subgroup', subgroup, assessment_id, academic_subject, school_year,
        growth_window, median_sgp_ci_low, median_sgp_ci_high
    from subgroup_medians
),

names as (
    select 'school' as group_kind, school_id as group_id, school_name as group_name
    from schools
    union all
    select 'subgroup', unnest(names.subgroup), unnest(names.group_name)
    from (
        select
            [
                'all', 'is_english_learner=true', 'is_english_learner=false', 'is_swd=true', 'is_swd=false',
                'is_economically_disadvantaged=true', 'is_economically_disadvantaged=false',
                'is_gifted=true', 'is_gifted=false'
            ] as subgroup,
            [
                'All students', 'English learners', 'Not English learners', 'Students with disabilities',
                'Students without disabilities', 'Economically disadvantaged', 'Not economically disadvantaged',
                'Gifted', 'Not gifted'
            ] as group_name
    ) as names
),

-- The students of very few participants would tell how one teacher's students grew.
sized_quantiles as (
    select
        *,
        n_students < $minimum_cell or (group_kind = 'pd_type' and n_staff < $minimum_staff) as is_suppressed
    from quantiles
    inner join sizes using (group_kind, group_id, assessment_id, academic_subject, school_year, growth_window)
),

disclosed_quantiles as (
    select
        group_kind,
        group_id,
        coalesce(
            names.group_name,
            case
                when group_kind = 'pd_type' then upper(left(group_id, 1)) || replace(group_id[2:], '_', ' ')
                when group_kind = 'subgroup'
                    then replace(replace(group_id, 'grade_level=', 'Grade '), 'sex=', 'Sex: ')
                else group_id
            end
        ) as group_name,
        assessment_id,
        academic_subject,
        school_year,
        growth_window,
        case when not is_suppressed then n_students end as n_students,
        case when not is_suppressed then sgp_p10 end as sgp_p10,
        case when not is_suppressed then sgp_p25 end as sgp_p25,
        case when not is_suppressed then sgp_p50 end as sgp_p50,
        case when not is_suppressed then sgp_p75 end as sgp_p75,
        case when not is_suppressed then sgp_p90 end as sgp_p90,
        case when not is_suppressed then medians.median_sgp_ci_low end as median_sgp_ci_low,
        case when not is_suppressed then medians.median_sgp_ci_high end as median_sgp_ci_high,
        is_suppressed
    from sized_quantiles
    left join medians using (group_kind, group_id, assessment_id, academic_subject, school_year, growth_window)
    left join names using (group_kind, group_id)
)

select * from disclosed_quantiles
