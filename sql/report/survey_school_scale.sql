-- grain: one row per questionnaire, school year, construct, school (none: the district) and role
-- question: which means of schools and roles are of enough people to be shown?
with
means as (
    select * from estimates.survey_school_scale
),

schools as (
    select * from core.school
),

judged as (
    select
        means.*,
        coalesce(schools.school_name, means.school_id) as school_name,
        means.n_responses < $minimum_staff as is_suppressed
    from means
    left join schools using (school_id)
),

disclosed as (
    select
        * replace (
            case when may_be_shown and not is_suppressed then mean end as mean,
            case when may_be_shown and not is_suppressed then std_error end as std_error,
            case when may_be_shown and not is_suppressed then ci_low end as ci_low,
            case when may_be_shown and not is_suppressed then ci_high end as ci_high,
            case when may_be_shown and not is_suppressed then r_wg end as r_wg,
            case when not is_suppressed then n_responses end as n_responses,
            may_be_shown and not is_suppressed as may_be_shown,
            case when is_suppressed then 'of too few people to be shown' else note end as note
        )
    from judged
)

select * from disclosed
