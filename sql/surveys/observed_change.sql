-- grain: one row per PD type
-- question: did observed ratings change after the first participation by more than those of teachers not yet in it?
with
observations as (
    select * from core.observation
),

attended as (
    select * from frames.staff_activity
),

-- On a scale from 1 to rating_max; where no rating has one, in standard deviations of its rubric and domain.
scaled as (
    select
        staff_id,
        observation_date,
        lower(rubric) as rubric,
        domain,
        rating,
        case
            when rating_max > 1 and rating >= 1 and rating <= rating_max then (rating - 1) / (rating_max - 1)
        end as rating_share
    from observations
),

told as (
    select
        *,
        count(rating_share) over () > 0 as has_scale,
        (rating - avg(rating) over by_domain) / nullif(stddev_pop(rating) over by_domain, 0) as rating_z
    from scaled
    window by_domain as (partition by rubric, domain)
),

rated as (
    select
        staff_id,
        observation_date,
        rubric,
        domain,
        has_scale,
        case when has_scale then rating_share else rating_z end as score
    from told
    where case when has_scale then rating_share else rating_z end is not null
),

-- Less what the rubric and domain account for, so that which domains were rated does not matter.
deviations as (
    select
        staff_id,
        observation_date,
        has_scale,
        score - avg(score) over (partition by rubric, domain) + avg(score) over () as score
    from rated
),

staff_days as (
    select
        staff_id,
        observation_date,
        sum(score) as score,
        count(*) as n
    from deviations
    group by staff_id, observation_date
),

starts as (
    select
        pd_type,
        staff_id,
        min(first_day) as first_day,
        min(school_year) as first_year
    from attended
    group by pd_type, staff_id
),

first_year_seen as (
    select min(school_year) as school_year from attended
),

-- Who took part in the first school year seen may have begun before it.
starters as (
    select
        starts.pd_type,
        starts.staff_id,
        starts.first_day,
        date_trunc('month', starts.first_day) as cohort
    from starts
    cross join first_year_seen
    where starts.first_year > first_year_seen.school_year
),

participants as (
    select
        starters.pd_type,
        starters.cohort,
        starters.staff_id,
        starters.first_day,
        sum(staff_days.score) filter (where staff_days.observation_date < starters.first_day)
        / sum(staff_days.n) filter (where staff_days.observation_date < starters.first_day) as before,
        sum(staff_days.score) filter (where staff_days.observation_date > starters.first_day)
        / sum(staff_days.n) filter (where staff_days.observation_date > starters.first_day) as after
    from starters
    inner join staff_days
        on starters.staff_id = staff_days.staff_id
        and staff_days.observation_date >= starters.first_day - cast($window_days as integer)
        and staff_days.observation_date <= starters.first_day + cast($window_days as integer)
    group by starters.pd_type, starters.cohort, starters.staff_id, starters.first_day
),

seen_participants as (
    select * from participants
    where before is not null and after is not null
),

-- The others are looked at around the middle one of the first days of a cohort's participants.
cohorts as (
    select
        pd_type,
        cohort,
        cast(quantile_disc(first_day, 0.5) as date) as reference_day
    from seen_participants
    group by pd_type, cohort
),

observed_staff as (
    select distinct staff_id from staff_days
),

not_yet as (
    select
        cohorts.pd_type,
        cohorts.cohort,
        cohorts.reference_day,
        observed_staff.staff_id
    from cohorts
    cross join observed_staff
    left join starts
        on cohorts.pd_type = starts.pd_type and observed_staff.staff_id = starts.staff_id
    where starts.first_day is null or starts.first_day > cohorts.reference_day + cast($window_days as integer)
),

others as (
    select
        not_yet.pd_type,
        not_yet.cohort,
        not_yet.staff_id,
        sum(staff_days.score) filter (where staff_days.observation_date < not_yet.reference_day)
        / sum(staff_days.n) filter (where staff_days.observation_date < not_yet.reference_day) as before,
        sum(staff_days.score) filter (where staff_days.observation_date > not_yet.reference_day)
        / sum(staff_days.n) filter (where staff_days.observation_date > not_yet.reference_day) as after
    from not_yet
    inner join staff_days
        on not_yet.staff_id = staff_days.staff_id
        and staff_days.observation_date >= not_yet.reference_day - cast($window_days as integer)
        and staff_days.observation_date <= not_yet.reference_day + cast($window_days as integer)
    group by not_yet.pd_type, not_yet.cohort, not_yet.staff_id
),

cohort_others as (
    select
        pd_type,
        cohort,
        count(*) as n_others,
        avg(before) as before,
        avg(after) as after,
        avg(after - before) as change
    from others
    where before is not null and after is not null
    group by pd_type, cohort
),

compared as (
    select
        seen_participants.pd_type,
        seen_participants.cohort,
        seen_participants.staff_id,
        seen_participants.before,
        seen_participants.after,
        cohort_others.before as other_before,
        cohort_others.after as other_after,
        cohort_others.n_others,
        seen_participants.after - seen_participants.before - cohort_others.change as difference
    from seen_participants
    inner join cohort_others using (pd_type, cohort)
    where cohort_others.n_others >= $least_comparison
),

estimates as (
    select
        pd_type,
        count(*) as n_participants,
        avg(before) as participants_before,
        avg(after) as participants_after,
        avg(other_before) as comparison_before,
        avg(other_after) as comparison_after,
        avg(difference) as difference
    from compared
    group by pd_type
),

cohort_sizes as (
    select
        pd_type,
        cohort,
        count(*) as n_participants,
        any_value(n_others) as n_others
    from compared
    group by pd_type, cohort
),

-- What each teacher adds to the error; one may be a comparison for many cohorts and a participant later.
contributions as (
    select
        compared.pd_type,
        compared.staff_id,
        (compared.difference - estimates.difference) / estimates.n_participants as contribution,
        false as is_comparison
    from compared
    inner join estimates using (pd_type)
    union all by name
    select
        others.pd_type,
        others.staff_id,
        -(cohort_sizes.n_participants / estimates.n_participants)
        * (others.after - others.before - cohort_others.change) / cohort_sizes.n_others as contribution,
        true as is_comparison
    from others
    inner join cohort_sizes using (pd_type, cohort)
    inner join cohort_others using (pd_type, cohort)
    inner join estimates using (pd_type)
    where others.before is not null and others.after is not null
),

teachers as (
    select
        pd_type,
        staff_id,
        sum(contribution) as contribution,
        bool_or(is_comparison) as is_comparison
    from contributions
    group by pd_type, staff_id
),

errors as (
    select
        pd_type,
        count(*) filter (where is_comparison) as n_comparison,
        sqrt(count(*) / nullif(count(*) - 1, 0) * sum(contribution * contribution)) as std_error
    from teachers
    group by pd_type
),

numbers_started as (
    select
        pd_type,
        count(*) as n_started
    from starters
    group by pd_type
),

units as (
    select case when bool_or(has_scale) then 'share of the rating scale' else 'standard deviations of ratings' end as unit
    from rated
),

changes as (
    select
        numbers_started.pd_type,
        units.unit,
        estimates.participants_before,
        estimates.participants_after,
        estimates.comparison_before,
        estimates.comparison_after,
        estimates.difference,
        errors.std_error,
        coalesce(estimates.n_participants, 0) as n_participants,
        coalesce(errors.n_comparison, 0) as n_comparison,
        numbers_started.n_started
    from numbers_started
    cross join units
    left join estimates using (pd_type)
    left join errors using (pd_type)
)

select * from changes
order by all
