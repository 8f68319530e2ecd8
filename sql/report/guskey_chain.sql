-- grain: one row per PD type, school year (none: all), level of evaluation and academic subject
-- question: what is known at each level of Guskey's chain, as far as it may be shown?
with
chain as (
    select * from estimates.guskey_chain
),

judged as (
    select
        *,
        coalesce(n_persons > 0 and n_persons < $minimum_staff, false) as is_suppressed
    from chain
),

disclosed as (
    select
        pd_type,
        school_year,
        level,
        academic_subject,
        basis,
        case when not is_suppressed then value end as value,
        unit,
        case when not is_suppressed then ci_low end as ci_low,
        case when not is_suppressed then ci_high end as ci_high,
        case when not is_suppressed then n_persons end as n_persons,
        case when not is_suppressed then n_surveys end as n_surveys,
        criterion,
        case when is_suppressed then 'not shown' else holds end as holds,
        case when is_suppressed then 'of too few people to be shown' else note end as note,
        is_suppressed
    from judged
)

select * from disclosed
